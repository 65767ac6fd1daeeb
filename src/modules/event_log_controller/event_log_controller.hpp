#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::event_log_controller {

/// Event Log Controller: how the event log is kept. Every event of every module goes there; whoever
/// keeps the log reads these setup registers and leaves out what is not above the cut-off.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::event_log_controller
