#include "web/assets.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "web/answer.hpp"
#include "web/embedded.hpp"
#include "web/url.hpp"

namespace polyphase::web {
namespace {

constexpr std::uintmax_t file_bytes_max = 16 * 1024 * 1024;

struct ContentType {
  std::string_view ending, type;
};
constexpr std::array content_types{
    ContentType{".html", "text/html; charset=utf-8"},
    ContentType{".js", "text/javascript; charset=utf-8"},
    ContentType{".css", "text/css; charset=utf-8"},
    ContentType{".json", "application/json"},
    ContentType{".webmanifest", "application/manifest+json"},
    ContentType{".svg", "image/svg+xml"},
    ContentType{".png", "image/png"},
    ContentType{".ico", "image/x-icon"},
    ContentType{".woff2", "font/woff2"},
    ContentType{".txt", "text/plain; charset=utf-8"},
};

std::string content_type(std::string_view path) {
  for (const ContentType& known : content_types)
    if (path.ends_with(known.ending)) return std::string(known.type);
  return "application/octet-stream";
}

/// Names below /assets/ carry a hash of what is in them: they never change.
net::HttpResponse file_answer(const std::string& path, std::string bytes) {
  const bool hashed = path.starts_with("/assets/");
  return {200,
          content_type(path),
          std::move(bytes),
          {{"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"}}};
}

/// The decoded path, or nothing: parts that are empty or begin with a dot lead out of the folder or
/// to what is hidden in it, a slash or backslash inside of a part is none of ours.
std::optional<std::string> plain_path(const std::string& encoded) {
  if (encoded == "/") return "/index.html";
  const auto segments = path_segments(encoded);
  if (!segments) return std::nullopt;
  std::string path;
  for (const std::string& segment : *segments) {
    if (segment.empty() || segment.front() == '.' ||
        segment.find_first_of("/\\") != std::string::npos)
      return std::nullopt;
    path += "/" + segment;
  }
  return path;
}

bool accepts_gzip(const net::HttpRequest& request) {
  return request.header("Accept-Encoding").find("gzip") != std::string_view::npos;
}

net::HttpResponse not_found() {
  return {404, "text/plain; charset=utf-8", "no such page\n", {{"Cache-Control", "no-store"}}};
}

}  // namespace

net::HttpResponse Assets::answer(const net::HttpRequest& request) const {
  if (request.method != "GET") {
    auto answer = error_answer(405, ErrorCode::invalid_input, "pages can only be read");
    answer.headers.emplace_back("Allow", "GET, HEAD");
    return answer;
  }
  const auto path = plain_path(request.path);
  if (!path) return not_found();
  auto found = folder_.empty() ? embedded(*path, accepts_gzip(request)) : from_folder(*path);
  if (found) return std::move(*found);
  if (*path == "/index.html" && folder_.empty())
    return file_answer(*path, std::string(embedded::web_texts("not_built.html")));
  return not_found();
}

std::optional<net::HttpResponse> Assets::embedded(const std::string& path, bool gzip) const {
  const auto files = embedded::ui_files();
  const auto file = std::find_if(files.begin(), files.end(),
                                 [&](const auto& candidate) { return candidate.path == path; });
  if (file == files.end()) return std::nullopt;
  const bool smaller = file->gzip.size() < file->bytes.size();
  net::HttpResponse answer =
      file_answer(path, std::string(gzip && smaller ? file->gzip : file->bytes));
  if (smaller) answer.headers.emplace_back("Vary", "Accept-Encoding");
  if (gzip && smaller) answer.headers.emplace_back("Content-Encoding", "gzip");
  return answer;
}

std::optional<net::HttpResponse> Assets::from_folder(const std::string& path) const {
  std::error_code error;
  const auto root = std::filesystem::canonical(folder_, error);
  if (error) return std::nullopt;
  const auto file = std::filesystem::canonical(folder_ / path.substr(1), error);
  if (error || !std::filesystem::is_regular_file(file, error) ||
      std::filesystem::file_size(file, error) > file_bytes_max)
    return std::nullopt;
  // A link inside of the folder must not lead out of it.
  if (std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first != root.end())
    return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  auto answer = file_answer(path, {std::istreambuf_iterator<char>(stream), {}});
  answer.headers.front().second = "no-cache";
  return answer;
}

}  // namespace polyphase::web
