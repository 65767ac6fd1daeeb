#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace polyphase::lab {

/// All types of modules, a line each.
std::string module_list();
/// What a module is, from its descriptor. errors  not_found, with the types there are
Result<std::string> module_description(const std::string& type);
/// Runs one module over a CSV file (graph::run_csv). errors  not_found, io, invalid_input
Result<std::string> run_module(const std::string& type, const std::string& path,
                               const std::vector<std::string>& sets);

/// docs/modules.md: every type of module, from the descriptors.
std::string modules_page();
/// docs/labels.csv: label, unit, definition, module.register of the advanced template.
Result<std::string> labels_table();

}  // namespace polyphase::lab
