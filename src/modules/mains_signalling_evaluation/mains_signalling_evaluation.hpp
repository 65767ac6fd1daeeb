#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::mains_signalling_evaluation {

/// Mains Signalling Evaluation: how high the signalling voltage at one frequency is on one phase,
/// and how often it was above its limit.
///
/// Every window gives the rms of the bin nearest to Frequency or of the four nearest; from Evaluate
/// to Evaluate (3 s) these make one value, the root of the mean of their squares, in percent of
/// Nominal. Limit 0 takes the curve of EN 50160. An interval that is flagged, or in which nothing
/// was measured, is invalid.
///
/// While a window is above Record Threshold, and at most Record Duration, Signal is on; each such
/// time is told as a disturbance "mains-signal".
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::mains_signalling_evaluation
