#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::feedback {

/// Feedback: echoes pulses, at the next half cycle. The only module that may close a loop of links,
/// since its output is what it received one step earlier.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::feedback
