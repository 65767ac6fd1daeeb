#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::store {

/// Store: keeps its sources as they are at a pulse, each with the time stamp of its source: values
/// that belong to a peak, of the last interval or day. Runs at the speed of its sources; a pulse
/// stores what is there in the same run.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::store
