#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::periodic_timer {

/// Periodic Timer: a pulse each Period, with the exact time at which it is due.
///
/// Without a link at Sync the pulses come at multiples of Period of UTC (900 s: each quarter of an
/// hour); with one, each Period after the last pulse there. A clock put forward over several due
/// times gives one pulse.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::periodic_timer
