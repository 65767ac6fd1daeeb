#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::sag_swell {

/// Sag/Swell: finds sags, swells, interruptions and rapid voltage changes of V1..V3, and sags and
/// swells of I1..I3, on rms over one cycle every half cycle, each channel between its own zero
/// crossings.
///
/// Limits are percent of the nominal voltage or current (of line voltages under delta). Without a
/// nominal voltage the outputs of the voltage are N/A and nothing is looked for; the same for the
/// current. The "disturbance" of the outputs Dist... lasts from the first channel beyond the sag,
/// swell or interruption limit to the last back; what is told as one disturbance each follows
/// pq/voltage_events.hpp.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::sag_swell
