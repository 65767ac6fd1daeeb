#include "tidy/tree.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace polyphase::tidy {
namespace {

bool word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool skipped_folder(const std::filesystem::path& path) {
  constexpr std::array names{".git", "build", "corpus", "data", "node_modules", "polyphase-data"};
  return std::find(names.begin(), names.end(), path.filename().string()) != names.end();
}

/// Where the literal that begins at `at` ends: behind its closing quote.
std::size_t end_of_literal(std::string_view cpp, std::size_t at) {
  const bool raw = cpp[at] == '"' && at > 0 && cpp[at - 1] == 'R';
  if (raw) {
    const std::size_t open = cpp.find('(', at);
    if (open == std::string_view::npos) return cpp.size();
    const std::string close = ")" + std::string(cpp.substr(at + 1, open - at - 1)) + "\"";
    const std::size_t end = cpp.find(close, open);
    return end == std::string_view::npos ? cpp.size() : end + close.size();
  }
  std::size_t end = at + 1;
  while (end < cpp.size() && cpp[end] != cpp[at] && cpp[end] != '\n')
    end += cpp[end] == '\\' ? 2u : 1u;
  return std::min(end + 1, cpp.size());
}

std::size_t end_of_comment(std::string_view cpp, std::size_t at) {
  const bool line = cpp[at + 1] == '/';
  const std::size_t end = line ? cpp.find('\n', at) : cpp.find("*/", at + 2);
  if (end == std::string_view::npos) return cpp.size();
  return line ? end : end + 2;
}

bool comment_at(std::string_view cpp, std::size_t at) {
  return cpp[at] == '/' && at + 1 < cpp.size() && (cpp[at + 1] == '/' || cpp[at + 1] == '*');
}

/// A quote that separates digits (10'000) opens nothing.
bool literal_at(std::string_view cpp, std::size_t at) {
  if (cpp[at] == '"') return true;
  return cpp[at] == '\'' && (at == 0 || std::isalnum(static_cast<unsigned char>(cpp[at - 1])) == 0);
}

}  // namespace

Tree read_tree(const std::string& root) {
  namespace fs = std::filesystem;
  Tree tree;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
    if (entry->is_directory()) {
      if (skipped_folder(entry->path())) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file()) continue;
    std::ifstream stream(entry->path(), std::ios::binary);
    tree[entry->path().lexically_relative(root).generic_string()] =
        std::string(std::istreambuf_iterator<char>(stream), {});
  }
  return tree;
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back({lines.size() + 1, text.substr(at, end - at)});
    at = end + 1;
  }
  return lines;
}

std::string code_of(std::string_view cpp) {
  std::string code(cpp);
  for (std::size_t at = 0; at < cpp.size();) {
    std::size_t first = at, end = at + 1;
    if (comment_at(cpp, at)) {
      end = end_of_comment(cpp, at);
    } else if (literal_at(cpp, at)) {
      end = end_of_literal(cpp, at);
      ++first;
    } else {
      ++at;
      continue;
    }
    for (; first < end; ++first)
      if (code[first] != '\n') code[first] = ' ';
    at = end;
  }
  return code;
}

bool begins(std::string_view text, std::string_view with) { return text.starts_with(with); }
bool ends(std::string_view text, std::string_view with) { return text.ends_with(with); }
bool is_header(std::string_view path) { return ends(path, ".hpp") || ends(path, ".h"); }
bool is_cpp(std::string_view path) { return is_header(path) || ends(path, ".cpp"); }
bool is_test(std::string_view path) { return ends(path, "_test.cpp") || begins(path, "tests/"); }

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t behind = at + word.size();
    const bool left = at == 0 || !word_character(text[at - 1]);
    const bool right = behind >= text.size() || !word_character(text[behind]);
    if (left && right) return at;
  }
  return std::string_view::npos;
}

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::string_view separators = " \t\r\n,";
  std::vector<std::string> words;
  for (std::size_t at = text.find_first_not_of(separators); at != std::string_view::npos;
       at = text.find_first_not_of(separators, at)) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace polyphase::tidy
