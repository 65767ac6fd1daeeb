#pragma once

#include <array>
#include <cstddef>

namespace polyphase::pq {

inline constexpr std::size_t signalling_bins_max = 601;  ///< 0 to 3 kHz, 5 Hz apart
inline constexpr std::size_t signalling_channels = 3;    ///< V1, V2, V3

/// Single bins of the transform over 10 or 12 cycles, of the voltages, rms in V.
struct VoltageBins {
  double bin_hz = 0;      ///< the fundamental over 10 (12)
  std::size_t count = 0;  ///< how many the sample rate carries
  std::array<std::array<float, signalling_channels>, signalling_bins_max> rms{};
};

enum class SignallingMethod { nearest_bin, four_bins };

/// The signalling voltage at a frequency: the bin nearest to it, or the root of the sum of squares
/// of the four nearest. NaN where the bins do not reach.
/// source  IEC 61000-4-30, 5.10; clause text read: no, both methods from the project's facts, 1.8
double signalling_rms(const VoltageBins& bins, std::size_t channel, double frequency_hz,
                      SignallingMethod method);

}  // namespace polyphase::pq
