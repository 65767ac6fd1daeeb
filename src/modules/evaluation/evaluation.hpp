#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::evaluation {

/// Signal Limit Evaluation: how often a quantity was beyond its limits, of all times it was looked
/// at. Evaluate is to be a pulse that comes with the value (that of an aggregate), not a timer.
///
///   valid     Valid is on (or not linked), Source and what it relates to are there, and Source is
///             neither flagged nor of fewer cycles than it should be (Flagged = EXCLUDE)
///   exceeds   Source > Upper Limit or Source < Lower Limit, of Nominal in percent where the
///             Evaluation Mode says so
///
/// All counters are N/A until the first evaluation and from a Reset to the next one.
const graph::ModuleDescriptor& signal_limit_descriptor();
std::unique_ptr<graph::Module> create_signal_limit();

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
const graph::ModuleDescriptor& harmonics_descriptor();
std::unique_ptr<graph::Module> create_harmonics();

/// Mains Signalling Evaluation: how high the signalling voltage at one frequency is on one phase,
/// and how often it was above its limit.
///
/// Every window gives the rms of the bin nearest to Frequency or of the four nearest; from Evaluate
/// to Evaluate (3 s) these make one value, the root of the mean of their squares, in percent of
/// Nominal. Limit 0 takes the curve of EN 50160. An interval that is flagged, or in which nothing
/// was measured (as while Frequency is 0), is invalid.
///
/// While a window is above Record Threshold, and at most Record Duration, Signal is on; each such
/// time is told as a disturbance "mains-signal".
const graph::ModuleDescriptor& mains_signalling_descriptor();
std::unique_ptr<graph::Module> create_mains_signalling();

}  // namespace polyphase::modules::evaluation
