#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::spectrum_orders {

/// Harmonic Extremes: the lowest and the highest value of every single harmonic and interharmonic
/// order of one channel since the last reset, each with the time of its interval.
///
///   Hn mn, Hn mx     subgroup of order n (2 and up) in percent of the fundamental
///   IHn mn, IHn mx   centred interharmonic subgroup above order n, likewise
///
/// Of the input Spectrum (150 or 180 cycles as supplied) every aggregate counts once; where that is
/// not linked, every window of the input Window. An interval that is flagged, or that began before
/// the last reset, does not count: a dip takes the fundamental that percentages relate to. Orders
/// beyond Highest Order are N/A, interharmonics also where Interharmonics is off. While nothing
/// comes the outputs stay.
///
/// Values and times survive a power cut; what was doubtful about them does not.
const graph::ModuleDescriptor& extremes_descriptor();
std::unique_ptr<graph::Module> create_extremes();

/// Harmonic Values: the single orders of one channel in an aggregated spectrum, as registers to be
/// recorded.
///
///   Hn mag   rms of the subgroup of order n (1 to 50), V or A
///   IHn      centred interharmonic subgroup above order n in percent of the fundamental
///
/// They have the time and the quality of the aggregate: that it was flagged goes with them.
const graph::ModuleDescriptor& values_descriptor();
std::unique_ptr<graph::Module> create_values();

}  // namespace polyphase::modules::spectrum_orders
