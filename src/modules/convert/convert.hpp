#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::convert {

/// Convert: a number as a Boolean and the other way round, and pulses where the Boolean changes. A
/// value that is not available can be taken as 0 or 1. The first value after a start or an N/A
/// makes no pulse.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::convert
