#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::disturbance_direction {

/// Disturbance Direction Detection: on which side of the meter a sag or swell was caused, and how
/// sure that is (pq/disturbance_direction.hpp).
///
/// A pulse at Dist Start begins an analysis, which takes two cycles or until Dist End; another one
/// is ignored meanwhile. Output and event carry the time of Dist Start.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::disturbance_direction
