#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::symmetrical_components {

/// Symmetrical Components: zero, positive and negative sequence of the fundamentals of V1..V3 or
/// I1..I3 over an interval, and the unbalances u2 and u0. Angles are to the fundamental of V1.
///
/// Under delta the voltages are the line voltages; their zero sequence vanishes whatever the
/// network does, so it is N/A. In SINGLE mode there is no third phase and nothing is available.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::symmetrical_components
