#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::one_shot_timer {

/// One-Shot Timer: on for Duration after a pulse at Start, then a pulse. A Start while it runs, or
/// while Enable is off, is ignored; disabling does not stop what runs. It ends with the first run
/// Duration or more after the one that started it.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::one_shot_timer
