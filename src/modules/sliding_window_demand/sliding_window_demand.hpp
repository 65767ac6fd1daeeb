#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::sliding_window_demand {

/// Sliding Window Demand: block (one sub-interval), rolling (several) and predicted demand of any
/// quantity.
///
///   average of a sub-interval   a = sum(v d) / sum(d), d the exact duration of each value
///   SWinDemand                  mean of the last n averages, told when a sub-interval ends; or
///   every
///                               second: (sum(v d) + a_1 s + .. + a_(n-1) s + a_n (s - sum(d))) /
///                               (n s)
///   PredDemand                  what it will be at the end of the running sub-interval:
///                               (sum(v d) + a_1 s + .. + a_(n-1) s + p (s - sum(d))) / (n s)
///   p                           the load expected for the rest: v through a first-order filter
///   that takes
///                               (Pred Resp + 1) % of a change within a second
///
/// Sub-intervals end at multiples of Sub Intvl of UTC, which is the clock's quarter of an hour for
/// 900 s. With Sync linked they begin at its pulses instead: a pulse completes the running
/// sub-interval, one without a pulse ends after Sub Intvl. A pulse that comes up to a tenth of Sub
/// Intvl after such an end is a late one: it completes nothing, the sub-interval only lasts until
/// Sub Intvl after the pulse.
///
/// A sub-interval of which less than 90 % was measured (the first after start, one with a gap) has
/// no average, and without all n averages there is no demand: a fragment must not become a peak. A
/// shortened one (by Sync) counts as long as it is measured throughout.
/// source  the project's facts on demand, section 7.1; the default 15 minutes, response 70 from the
///         vendor's public help
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::sliding_window_demand
