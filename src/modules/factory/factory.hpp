#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::factory {

/// Factory: what the meter is and what network it is meant for. Nominal values of 0 are not set:
/// whatever needs them is N/A.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::factory
