#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace polyphase::tidy {

/// The files of the repository: path from its root -> text. Tests put bad examples into one.
using Tree = std::map<std::string, std::string>;

/// What people write here: not what builds, programs and git leave behind, not corpora and
/// recordings.
Tree read_tree(const std::string& root);

struct Line {
  std::size_t number = 0;  ///< from 1
  std::string_view text;
};
std::vector<Line> lines_of(std::string_view text);

/// C++ with comments and the insides of literals blanked out; every line keeps its number and
/// length.
std::string code_of(std::string_view cpp);

bool begins(std::string_view text, std::string_view with);
bool ends(std::string_view text, std::string_view with);
bool is_header(std::string_view path);
bool is_cpp(std::string_view path);   ///< sources and headers
bool is_test(std::string_view path);  ///< beside the code or in tests/
std::string_view folder_of(std::string_view path);
std::string_view name_of(std::string_view path);

/// `word` as a whole word, at or behind `from`; npos where there is none.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);

/// Splits at blanks, commas and ends of lines.
std::vector<std::string> words_of(std::string_view text);

}  // namespace polyphase::tidy
