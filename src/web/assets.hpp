#pragma once

#include <filesystem>
#include <optional>

#include "net/http.hpp"

namespace polyphase::web {

/// The files of the page: those that were built into the program, or, while somebody works on them,
/// those of a folder.
class Assets {
 public:
  explicit Assets(std::filesystem::path folder = {}) : folder_(std::move(folder)) {}

  /// Whatever is asked outside of /api; anybody may.
  net::HttpResponse answer(const net::HttpRequest& request) const;

 private:
  std::optional<net::HttpResponse> embedded(const std::string& path, bool gzip) const;
  std::optional<net::HttpResponse> from_folder(const std::string& path) const;
  std::filesystem::path folder_;
};

}  // namespace polyphase::web
