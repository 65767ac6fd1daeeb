#pragma once

#include <span>
#include <string_view>

/// What the build put into the program (cmake/embed.cmake).
namespace polyphase::embedded {

struct EmbeddedFile {
  std::string_view path;  ///< "/assets/index-1a2b3c4d.js"
  std::string_view bytes, gzip;
};

/// The page, as built in `ui/dist`; none: it was not built.
std::span<const EmbeddedFile> ui_files();

/// "openapi.json", "not_built.html".
std::string_view web_texts(std::string_view file_name);

}  // namespace polyphase::embedded
