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

# embed_folder(TARGET NAME folder): puts every file of a folder into TARGET, as it is and, where that is
# smaller, compressed with gzip, as
#   std::span<const EmbeddedFile> NAME()   in namespace polyphase::embedded (src/web/embedded.hpp)
# A folder that is not there gives none. The assembler reads the bytes: megabytes cost no compile time.
function(embed_folder target name folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*)
  find_program(gzip_program gzip REQUIRED)
  set(rows "")
  set(symbols "")
  set(bytes "")
  set(inputs "")
  set(number 0)
  foreach(file ${files})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${file})
    set(compressed ${CMAKE_CURRENT_BINARY_DIR}/${name}/${number}.gz)
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name})
    execute_process(COMMAND ${gzip_program} -9 -n -c ${folder}/${file} OUTPUT_FILE ${compressed} COMMAND_ERROR_IS_FATAL ANY)
    list(APPEND inputs ${folder}/${file} ${compressed})
    foreach(kind plain gzip)
      set(symbol ${name}_${kind}_${number})
      if(kind STREQUAL plain)
        set(path ${folder}/${file})
      else()
        set(path ${compressed})
      endif()
      string(APPEND symbols "extern const char ${symbol}[], ${symbol}_end[];\n")
      string(APPEND bytes "asm(\".section .rodata\\n.global ${symbol}\\n${symbol}:\\n.incbin \\\"${path}\\\"\\n\"\n    \".global ${symbol}_end\\n${symbol}_end:\\n.byte 0\\n.previous\\n\");\n")
    endforeach()
    string(APPEND rows "      {\"/${file}\", view(${name}_plain_${number}, ${name}_plain_${number}_end), view(${name}_gzip_${number}, ${name}_gzip_${number}_end)},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  if(number EQUAL 0)
    set(body "  return {};\n")
  else()
    set(body "  const auto view = [](const char* begin, const char* end) {\n    return std::string_view(begin, static_cast<std::size_t>(end - begin));\n  };\n  static const EmbeddedFile files[] = {\n${rows}  };\n  return files;\n")
  endif()
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  file(CONFIGURE OUTPUT ${generated} CONTENT
"#include \"web/embedded.hpp\"
@bytes@extern \"C\" {
@symbols@}
namespace polyphase::embedded {
std::span<const EmbeddedFile> ${name}() {
@body@}
}  // namespace polyphase::embedded
" @ONLY)
  set_source_files_properties(${generated} PROPERTIES OBJECT_DEPENDS "${inputs}")
  target_sources(${target} PRIVATE ${generated})
endfunction()
