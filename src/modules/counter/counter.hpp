#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::counter {

/// Counter: counts pulses up or down by Multiplier, from Preset. Reset and Count in the same run:
/// reset first, then count.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::counter
