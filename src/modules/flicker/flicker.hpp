#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::flicker {

/// Flicker: Pinst, Pst and Plt of V1..V3 (of the line voltages under delta), from the samples of
/// each half cycle.
///
/// Pst is told at each tick of ten minutes of the meter's clock, Plt at even hours from the twelve
/// Pst since the last. An interval ends with the half cycle that ends less than a cycle ahead of
/// its tick: a recording that ends at the tick has no later one.
///
/// Pinst is N/A for the first 10 s after a start, a gap or a change of setup, while the filters
/// settle, and nothing is counted. Of less than nine tenths of an interval there is no Pst; of less
/// than all of it, it is partial. Plt is N/A where one of its Pst is. Both are flagged as disturbed
/// where a sag, a swell or an interruption lies in the interval.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::flicker
