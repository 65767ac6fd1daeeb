#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace polyphase::graph {

/// One module of a device template, as written: names and values are checked when the engine is built.
struct TemplateModule {
  using Assignments = std::vector<std::pair<std::string, std::string>>;
  std::string type;    ///< "Integrator"
  std::string name;    ///< "INT1"
  std::string labels;  ///< pattern for the labels of all outputs, "{}" being the output's name
  Assignments setup;   ///< register -> value
  Assignments maximum; ///< register -> what this template permits at most
  Assignments link;    ///< input -> "module.output", or a label
  Assignments label;   ///< output -> label
  std::string where;   ///< file:line, for messages
};

/// The set of modules and links that a meter starts with (docs/formats/template.md).
struct Template {
  std::string name;
  std::string description;
  std::vector<TemplateModule> modules;
};

/// Finds the text of a template that another one extends; empty: there is none of that name.
using TemplateFinder = std::function<std::string_view(std::string_view name)>;

inline constexpr std::size_t template_modules_max = 2'000;
inline constexpr unsigned template_depth_max = 8;  ///< of extends

/// A `[[module]]` with `each = [...]` stands for one module per item: `{n}` is its number from 1,
/// `{each}` the item, or `{key}` a member of an item that is a table. A module of the same name as one of the extended template replaces its settings.
///
/// errors  invalid_config, with file:line
Result<Template> parse_template(std::string_view text, std::string_view name,
                                const TemplateFinder& find);

}  // namespace polyphase::graph
