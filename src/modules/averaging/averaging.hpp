#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::averaging {

/// Averaging: means of up to 16 sources since the last reset, each weighted with the exact duration
/// of its interval. Runs at the speed of its sources. What is there in the run of a reset belongs
/// to the new mean.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::averaging
