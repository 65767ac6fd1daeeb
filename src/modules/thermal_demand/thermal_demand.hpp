#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::thermal_demand {

/// Thermal Demand: what a bimetal meter would show, a first-order response.
///
///   D += (P - D) (1 - (1 - Time Const / 100)^(d / Interval)),  d the exact duration of the value P
///
/// so that a step is followed to Time Const percent within Interval. While Enable is off P counts
/// as 0 and D decays; while P is not available D stays. source  the project's facts on demand,
/// section 7.1
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::thermal_demand
