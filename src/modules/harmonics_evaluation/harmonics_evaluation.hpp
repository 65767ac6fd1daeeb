#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::harmonics_evaluation {

/// Harmonics Evaluation: how often the harmonics of one channel were beyond their limits, of all
/// intervals that were looked at.
///
///   percent    subgroup rms over the input Base (maximum demand current, or nominal voltage); over
///              the fundamental where Base is not linked
///   N1         intervals in which any order, or interharmonic, was above its limit
///   N2         intervals in which the total was above its limit: THD, or TDD where Base is a
///   current Worst      the largest share of intervals in which one and the same order was above
///   its limit:
///              percentile P of every order is within its limit exactly where this is at most
///              100 - P, which is what IEEE 519 asks
///   Load       the largest percent of an order over its limit, in percent
///
/// Limits: a list (CUSTOM), those of EN 50160, or those of IEEE 519 by the inputs Edition, Bus
/// Voltage, Short Circuit Current and Base; all times Limit Factor. An interval that is flagged, or
/// lacks windows or what percentages relate to, counts as invalid. Counters survive a power cut;
/// the percentiles are of what came since start, and `partial` until the next reset where that is
/// less.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::harmonics_evaluation
