#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "tidy/rules.hpp"

namespace polyphase::tidy {
namespace {

/// Folders src/GROUP/NAME that hold sources, with whether one of them is a test.
std::map<std::string, bool> members_of(const Tree& tree, std::string_view group) {
  std::map<std::string, bool> folders;
  const std::string prefix = "src/" + std::string(group) + "/";
  for (const auto& [path, text] : tree) {
    if (!begins(path, prefix) || !ends(path, ".cpp")) continue;
    const std::size_t end = path.find('/', prefix.size());
    if (end == std::string::npos) continue;
    bool& tested = folders[path.substr(0, end)];
    tested = tested || is_test(path);
  }
  return folders;
}

bool lower_case(std::string_view name, bool hyphen) {
  return std::all_of(name.begin(), name.end(), [hyphen](char c) {
    const auto u = static_cast<unsigned char>(c);
    return std::islower(u) != 0 || std::isdigit(u) != 0 || c == '_' || c == '.' ||
           (hyphen && c == '-');
  });
}

}  // namespace

Findings names_are_lower_case(const Tree& tree) {
  const std::set<std::string_view> usual{"CMakeLists.txt",  "CMakePresets.json", "Makefile",
                                         "README.md",       "LICENSE",           "NOTICE",
                                         "ARCHITECTURE.md", "CHANGELOG.md",      "CONTRIBUTING.md"};
  Findings findings;
  for (const auto& [path, text] : tree) {
    const std::string_view name = name_of(path);
    if (!usual.contains(name) && !lower_case(name, !is_cpp(path)))
      findings.push_back({path, 0,
                          is_cpp(path) ? "files of code are named in snake_case"
                                       : "files are named in lower case"});
  }
  return findings;
}

Findings folders_have_tests(const Tree& tree) {
  constexpr std::array groups{"modules", "formats", "wire", "sources", "protocols"};
  Findings findings;
  for (const char* group : groups)
    for (const auto& [folder, tested] : members_of(tree, group))
      if (!tested) findings.push_back({folder, 0, "no *_test.cpp in this folder"});
  return findings;
}

Findings codecs_have_fuzz_targets(const Tree& tree) {
  std::set<std::string> fuzzed;
  constexpr std::string_view mark = "// fuzzes: ";
  for (const auto& [path, text] : tree)
    if (begins(path, "fuzz/") && begins(text, mark))
      fuzzed.insert("src/" + text.substr(mark.size(),
                                         text.find_first_of(" \r\n", mark.size()) - mark.size()));
  Findings findings;
  for (const char* group : {"formats", "wire"})
    for (const auto& [folder, tested] : members_of(tree, group))
      if (!fuzzed.contains(folder))
        findings.push_back(
            {folder, 0,
             "no file in fuzz/ begins with \"" + std::string(mark) + folder.substr(4) + "\""});
  return findings;
}

}  // namespace polyphase::tidy
