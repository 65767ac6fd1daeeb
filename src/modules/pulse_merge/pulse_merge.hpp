#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::pulse_merge {

/// Pulse Merge: one pulse out for each pulse that arrives at any of its inputs.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::pulse_merge
