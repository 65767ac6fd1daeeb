#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::disturbance_analyzer {

/// Disturbance Analyzer: how up to three quantities go while they are beyond a threshold.
///
/// Threshold and Hysteresis are percent of Nominal. A disturbance begins with the first run in
/// which any source is beyond, and ends with the first in which all are back by the hysteresis;
/// what holds while all are beyond is told beside it (outputs All ...): as supplied, with 10 and 2
/// percent of the nominal voltage, that is the interruption of IEC 61000-4-30
/// (pq/threshold_event.hpp has its rules). A source that is N/A stays as it was.
///
/// Runs at the speed of its sources. Values of half cycles are taken to be of the cycle before, so
/// a disturbance begins with that cycle.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::disturbance_analyzer
