#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::power_quality_options {

/// Power Quality Options: which parts of power quality are on, what IEEE 519 needs to know, and
/// when an observation period is over.
///
/// The parts stand on each other: sags and swells, then IEC 61000-4-30, then EN 50160 and IEEE 519;
/// rapid voltage changes need sags and swells. A setup in which a part lacks what it stands on is
/// refused, whichever of the two was changed. The states are outputs for the Enable inputs of what
/// they switch.
///
/// Period End and Day End come `settle_s` after midnight of the local time: by then what was
/// measured up to midnight has been told. They come once a period, also where the meter was off at
/// midnight.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

/// A 150-cycle interval that runs at midnight is finished first, and overlaps it by up to 3 s.
inline constexpr double settle_s = 4;

}  // namespace polyphase::modules::power_quality_options
