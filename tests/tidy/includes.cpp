#include <array>
#include <map>
#include <set>

#include "tidy/rules.hpp"

namespace polyphase::tidy {
namespace {

/// The name on an #include line, without brackets or quotes; empty: not an #include.
std::string_view included(std::string_view line) {
  if (!begins(line, "#include")) return {};
  const std::size_t open = line.find_first_of("<\"");
  if (open == std::string_view::npos) return {};
  return line.substr(open + 1, line.find_first_of(">\"", open + 1) - open - 1);
}

/// Beginnings of names. Seconds of compile time a file: Beast 60, CLI11 8, nlohmann 5.
constexpr std::array heavy{"boost/beast", "CLI/", "nlohmann/", "toml++/", "spdlog/"};
/// Fine in sources, but each costs every file that includes the header.
constexpr std::array not_in_headers{"fmt/", "iostream", "regex"};

}  // namespace

Findings heavy_headers_stay_in_one_file(const Tree& tree) {
  Findings findings;
  std::map<std::string, std::string> first_user;
  for (const auto& [path, text] : tree) {
    if (!is_cpp(path)) continue;
    std::set<std::string> here;
    for (const Line& line : lines_of(text)) {
      const std::string_view name = included(line.text);
      for (const std::string_view prefix : not_in_headers)
        if (is_header(path) && begins(name, prefix))
          findings.push_back(
              {path, line.number, "<" + std::string(name) + "> belongs into sources"});
      for (const std::string_view prefix : heavy) {
        if (!begins(name, prefix) || !here.insert(std::string(prefix)).second) continue;
        if (is_header(path))
          findings.push_back(
              {path, line.number, "<" + std::string(name) + "> is too slow for a header"});
        else if (const auto [user, fresh] = first_user.emplace(std::string(prefix), path); !fresh)
          findings.push_back({path, line.number,
                              "<" + std::string(name) + "> is slow to compile and already in " +
                                  user->second + ": use that file's interface"});
      }
    }
  }
  return findings;
}

Findings headers_are_used(const Tree& tree) {
  std::set<std::string> used;
  for (const auto& [path, text] : tree) {
    if (!is_cpp(path)) continue;
    const std::string own_header = path.substr(0, path.rfind('.')) + ".hpp";
    for (const Line& line : lines_of(text)) {
      const std::string name(included(line.text));
      if (name.empty()) continue;
      for (const std::string& candidate :
           {"src/" + name, "tests/" + name, std::string(folder_of(path)) + "/" + name})
        if (candidate != own_header) used.insert(candidate);
    }
  }
  Findings findings;
  for (const auto& [path, text] : tree)
    if (is_header(path) && !used.contains(path))
      findings.push_back({path, 0, "nobody includes this but its own source file"});
  return findings;
}

Findings headers_open_no_namespace(const Tree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!is_header(path)) continue;
    const std::string code = code_of(text);
    for (const Line& line : lines_of(code))
      if (line.text.find("using namespace") != std::string_view::npos)
        findings.push_back(
            {path, line.number, "a header opens no namespace for those who include it"});
  }
  return findings;
}

}  // namespace polyphase::tidy
