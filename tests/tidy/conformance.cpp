#include <cctype>
#include <map>
#include <set>

#include "tidy/rules.hpp"

namespace polyphase::tidy {
namespace {

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  for (std::size_t at = 1; at < row.size();) {
    const std::size_t end = std::min(row.find('|', at), row.size());
    cells.push_back(trimmed(row.substr(at, end - at)));
    at = end + 1;
  }
  return cells;
}

/// "MEA-012": the id of a row of the requirements.
bool is_id(std::string_view word) {
  const std::size_t dash = word.find('-');
  if (dash == std::string_view::npos || dash < 2 || word.size() < dash + 3) return false;
  return std::isupper(static_cast<unsigned char>(word.front())) != 0 &&
         std::isdigit(static_cast<unsigned char>(word[dash + 1])) != 0;
}

/// "MEA-012..MEA-018" as the ids it stands for.
std::vector<std::string> expanded(const std::string& word) {
  const std::size_t dots = word.find("..");
  if (dots == std::string::npos) return {word};
  const std::string first = word.substr(0, dots), last = word.substr(dots + 2);
  const std::size_t dash = first.find('-');
  const std::size_t digits = first.size() - dash - 1;
  const auto number = [](const std::string& text) {
    int value = 0;
    for (const char c : text.substr(text.find('-') == std::string::npos ? 0 : text.find('-') + 1))
      if (std::isdigit(static_cast<unsigned char>(c)) != 0) value = value * 10 + (c - '0');
    return value;
  };
  std::vector<std::string> ids;
  for (int n = number(first); n <= number(last); ++n) {
    std::string text = std::to_string(n);
    text.insert(0, digits > text.size() ? digits - text.size() : 0, '0');
    ids.push_back(first.substr(0, dash + 1) + text);
  }
  return ids;
}

/// By row: the test files that say they show it.
std::map<std::string, std::set<std::string>> covers(const Tree& tree) {
  constexpr std::string_view mark = "Covers:";
  std::map<std::string, std::set<std::string>> tests;
  for (const auto& [path, text] : tree) {
    if (!is_test(path) && !ends(path, ".test.ts")) continue;  // those of the page are its own
    bool continues = false;
    for (const Line& line : lines_of(text)) {
      const std::size_t at = line.text.find(mark);
      if (at == std::string_view::npos && !continues) continue;
      const std::string_view tail =
          at == std::string_view::npos ? line.text : line.text.substr(at + mark.size());
      for (const std::string& word : words_of(tail))
        if (is_id(word))
          for (const std::string& id : expanded(word)) tests[id].insert(path);
      continues = ends(trimmed(tail), ",");
    }
  }
  return tests;
}

}  // namespace

Findings met_rows_are_covered(const Tree& tree) {
  const auto tests = covers(tree);
  std::map<std::string, std::string> seen;
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!begins(path, "docs/conformance/")) continue;
    for (const Line& line : lines_of(text)) {
      const auto cells = cells_of(line.text);
      if (!begins(line.text, "|") || cells.empty() || !is_id(cells[0])) continue;
      if (const auto [row, fresh] = seen.emplace(cells[0], path); !fresh)
        findings.push_back(
            {path, line.number, cells[0] + " stands in " + row->second + " already"});
      if (cells.size() < 4) {
        findings.push_back({path, line.number, "a row is | ID | what it asks | status | test |"});
        continue;
      }
      const std::string& status = cells[2];
      if (!begins(status, "met") && !begins(status, "partly: ") &&
          !begins(status, "not applicable: ") && status != "open")
        findings.push_back({path, line.number,
                            "status is: met, partly: what is missing, not applicable: why, open"});
      if (begins(status, "met") && !tests.contains(cells[0]))
        findings.push_back(
            {path, line.number, cells[0] + " is met, but no test says Covers: " + cells[0]});
      for (const std::string& word : words_of(cells[3]))
        if (is_cpp(word) && !tree.contains(word))
          findings.push_back({path, line.number, "there is no test " + word});
    }
  }
  return findings;
}

}  // namespace polyphase::tidy
