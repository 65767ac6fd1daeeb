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

}  // namespace polyphase::modules::spectrum_orders
