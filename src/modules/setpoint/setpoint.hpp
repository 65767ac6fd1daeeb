#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::setpoint {

/// Setpoint: a condition with pickup and dropout, each with a delay.
///
/// GREATERTHAN: on when Source > High Limit for SusUntlON, off when Source < Low Limit for
/// SusUntlOFF; LESSTHAN mirrored; EQUAL: on while Source = High Limit. A Boolean source is 1 or 0.
/// A delay of T counts from the end of the first interval beyond the limit, so the state changes at
/// the first value T or more later (to the microsecond). Where Source is not available, or Enable
/// off, Status is N/A and a condition that was on has ended.
///
/// Told: events of priority EvPriority (0: none) and, when the condition has ended, one disturbance
/// whose type is the label of Status, its extreme the largest (LESSTHAN: smallest) value seen
/// meanwhile.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::setpoint
