# embed_texts(TARGET NAME file...): compiles text files into TARGET as
#   std::string_view NAME(std::string_view file_name)   in namespace polyphase::embedded, empty: no such file.
function(embed_texts target name)
  set(cases "")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    get_filename_component(stem ${file} NAME)
    # One literal may hold 64 KiB by the standard: cut into pieces that the compiler joins.
    string(LENGTH "${text}" length)
    set(pieces "")
    set(at 0)
    while(at LESS length)
      string(SUBSTRING "${text}" ${at} 12000 piece)
      string(APPEND pieces "R\"~~~(${piece})~~~\"\n")
      math(EXPR at "${at} + 12000")
    endwhile()
    string(APPEND cases "  if (file_name == \"${stem}\") return ${pieces};\n")
  endforeach()
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  file(CONFIGURE OUTPUT ${generated} CONTENT
"#include <string_view>
namespace polyphase::embedded {
std::string_view ${name}(std::string_view file_name);
std::string_view ${name}(std::string_view file_name) {
@cases@  return {};
}
}  // namespace polyphase::embedded
" @ONLY)
  target_sources(${target} PRIVATE ${generated})
endfunction()
