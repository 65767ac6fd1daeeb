#pragma once

#include <span>
#include <string_view>

#include "graph/descriptor.hpp"
#include "graph/template.hpp"

namespace polyphase::modules {

/// Every type of module there is.
std::span<const graph::ModuleType> list();

/// The factory template of a tier: "advanced", "standard" or "essential" (templates/*.toml, which are
/// part of the program).
/// errors  not_found: no such tier
Result<graph::Template> device_template(std::string_view tier);

}  // namespace polyphase::modules
