#include <algorithm>
#include <filesystem>

#include "tidy/rules.hpp"

namespace polyphase::tidy {
namespace {

bool exists(const Tree& tree, const std::string& path) {
  if (tree.contains(path)) return true;
  const auto inside = tree.lower_bound(path + "/");
  return inside != tree.end() && begins(inside->first, path + "/");
}

}  // namespace

Findings links_lead_somewhere(const Tree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!ends(path, ".md")) continue;
    for (const Line& line : lines_of(text))
      for (std::size_t at = line.text.find("]("); at != std::string_view::npos;
           at = line.text.find("](", at + 1)) {
        const std::size_t end = std::min(line.text.find_first_of(")#", at + 2), line.text.size());
        const std::string_view target = line.text.substr(at + 2, end - at - 2);
        if (target.empty() || target.find("://") != std::string_view::npos) continue;
        const std::filesystem::path linked = std::filesystem::path(folder_of(path)) / target;
        if (!exists(tree, linked.lexically_normal().generic_string()))
          findings.push_back({path, line.number, "there is no " + std::string(target)});
      }
  }
  return findings;
}

}  // namespace polyphase::tidy
