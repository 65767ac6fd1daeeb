#pragma once

#include <cstddef>

#include "metering/datasets.hpp"

namespace polyphase::pq {

enum class SignallingMethod { nearest_bin, four_bins };

/// The signalling voltage at a frequency: the bin nearest to it, or the root of the sum of squares
/// of the four nearest. NaN where the bins do not reach.
/// source  IEC 61000-4-30, 5.10; clause text read: no, both methods from the project's facts, 1.8
double signalling_rms(const metering::WindowData& window, std::size_t channel,
                      double frequency_hz, SignallingMethod method);

}  // namespace polyphase::pq
