#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::harmonics_measurement {

/// Harmonics Measurement: the spectrum of one channel over 10 or 12 cycles.
///
///   Hn       harmonic subgroup of order n in percent of the fundamental (subgroup of order 1)
///   Hn mag   its rms
///   Hn ang   arg X_n - n arg V1_1: degrees, to the fundamental of V1, cosine reference
///   IHn      centred interharmonic subgroup above order n, in percent of the fundamental
///   THD      orders 2 to 50 (or to Highest Order, or to what the sample rate carries) over order
///   1;
///            TEHD, TOHD: the even, the odd ones
///   TDD      the same orders' root of the sum of squares, in percent of the input Demand
///   K Fac    sum (n I_n)^2 / sum I_n^2 over the same orders and order 1
///   Crest    largest magnitude of a sample over the true rms, of the input Interval
///
/// What relates to a fundamental that is not there is N/A, and so is every order beyond Highest
/// Order or beyond what the sample rate carries.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::harmonics_measurement
