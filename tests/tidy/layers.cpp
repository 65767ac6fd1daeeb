#include <map>
#include <set>

#include "tidy/rules.hpp"

namespace polyphase::tidy {
namespace {

struct Layer {
  std::string declared_in;
  std::set<std::string> uses;
};
using Layers = std::map<std::string, Layer>;

/// The `layer(NAME USES a b LINKS c)` lines.
Layers declared_layers(const Tree& tree) {
  Layers layers;
  for (const auto& [path, text] : tree) {
    if (!begins(path, "src/") || name_of(path) != "CMakeLists.txt") continue;
    const std::size_t open = text.find("layer(");
    if (open == std::string::npos || (open > 0 && text[open - 1] != '\n')) continue;
    const std::size_t first = open + std::string_view("layer(").size();
    const auto words = words_of(std::string_view(text).substr(first, text.find(')', open) - first));
    if (words.empty()) continue;
    Layer& layer = layers[words.front()];
    layer.declared_in = path;
    bool uses = false;
    for (const std::string& word : words) {
      if (word == "USES" || word == "LINKS")
        uses = word == "USES";
      else if (uses)
        layer.uses.insert(word);
    }
  }
  return layers;
}

/// The innermost layer that a path below src/ lies in; empty: none.
std::string layer_of(std::string_view path, const Layers& layers) {
  for (std::string_view folder = folder_of(path); !folder.empty(); folder = folder_of(folder))
    if (layers.contains(std::string(folder))) return std::string(folder);
  return {};
}

struct TableRow {
  std::set<std::string> may_include;
};

/// Rows `| layer | holds | may include |` of ARCHITECTURE.md. A cell may name several layers;
/// NAME stands for any folder.
std::map<std::string, TableRow> table_of(const Tree& tree) {
  std::map<std::string, TableRow> rows;
  const auto file = tree.find("ARCHITECTURE.md");
  if (file == tree.end()) return rows;
  bool inside = false;
  for (const Line& line : lines_of(file->second)) {
    if (begins(line.text, "| layer |")) inside = true;
    if (!begins(line.text, "|")) inside = false;
    if (!inside) continue;
    const std::size_t holds = line.text.find('|', 1);
    const std::size_t last = line.text.rfind('|', line.text.size() - 2);
    if (holds == std::string_view::npos || last == std::string_view::npos || last <= holds)
      continue;
    const auto used = words_of(line.text.substr(last + 1, line.text.size() - last - 2));
    for (const std::string& name : words_of(line.text.substr(1, holds - 1)))
      rows[name].may_include = {used.begin(), used.end()};
  }
  return rows;
}

std::string group_of(const std::string& layer) { return layer.substr(0, layer.find('/')); }

const TableRow* row_of(const std::string& layer, const std::map<std::string, TableRow>& table) {
  const bool member = layer.find('/') != std::string::npos;
  const auto row = table.find(member ? group_of(layer) + "/NAME" : layer);
  return row == table.end() ? nullptr : &row->second;
}

/// "formats" in a row allows every formats/NAME.
bool allowed(const std::string& used, const TableRow& row) {
  return row.may_include.contains(used) || row.may_include.contains(group_of(used)) ||
         row.may_include.contains(group_of(used) + "/NAME");
}

/// The quoted name on an #include line; empty: there is none.
std::string_view included(std::string_view line) {
  const std::size_t open = line.find('"');
  if (!begins(line, "#include") || open == std::string_view::npos) return {};
  return line.substr(open + 1, line.find('"', open + 1) - open - 1);
}

}  // namespace

Findings includes_follow_uses(const Tree& tree) {
  const Layers layers = declared_layers(tree);
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!begins(path, "src/") || !is_cpp(path)) continue;
    const std::string own = layer_of(std::string_view(path).substr(4), layers);
    if (own.empty()) {
      findings.push_back(
          {path, 0, "lies in no layer: its folder has no CMakeLists.txt with layer(...)"});
      continue;
    }
    for (const Line& line : lines_of(text)) {
      const std::string_view header = included(line.text);
      const std::string other = layer_of(header, layers);
      if (other.empty() || other == own || layers.at(own).uses.contains(other)) continue;
      findings.push_back({path, line.number,
                          own + " does not use " + other +
                              ": a type is in the wrong folder, or USES lacks an arrow that "
                              "ARCHITECTURE.md allows"});
    }
  }
  return findings;
}

Findings uses_follow_the_table(const Tree& tree) {
  const auto table = table_of(tree);
  const Layers layers = declared_layers(tree);
  Findings findings;
  for (const auto& [name, layer] : layers) {
    if (layer.declared_in != "src/" + name + "/CMakeLists.txt")
      findings.push_back({layer.declared_in, 1, "layer(" + name + ") is not named as its folder"});
    const TableRow* row = row_of(name, table);
    if (row == nullptr) {
      findings.push_back(
          {layer.declared_in, 1, name + " has no row in the table of ARCHITECTURE.md"});
      continue;
    }
    for (const std::string& used : layer.uses) {
      if (!layers.contains(used))
        findings.push_back({layer.declared_in, 1, "there is no layer " + used});
      else if (!allowed(used, *row))
        findings.push_back(
            {layer.declared_in, 1, "ARCHITECTURE.md does not let " + name + " use " + used});
    }
  }
  return findings;
}

}  // namespace polyphase::tidy
