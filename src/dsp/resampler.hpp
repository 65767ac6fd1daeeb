#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace polyphase::dsp {

/// Eight channels that are processed side by side.
inline constexpr std::size_t lanes = 8;
using LaneFrame = std::array<float, lanes>;

/// Windowed-sinc interpolation of eight channels at any positions, by a table of 128 phases with
/// linear interpolation between them; its exact response is known, so that spectra can be corrected.
///
/// kernel  h(u) = sinc(u / D) kaiser(u, T D / 2, beta), T taps a lobe, widened D times so that what
///         lies above fs / (2 D) is taken away
class Resampler {
 public:
  struct Design {
    std::size_t taps = 24;
    double beta = 8;
    std::size_t widening = 1;
  };
  explicit Resampler(const Design& design);

  /// Samples needed before and behind a position.
  std::size_t reach() const { return taps_ / 2; }

  /// ring[(index) & mask] holds frame `index`; position is in frames and has reach() frames around it.
  /// cost  taps * 8 multiply-adds
  void at(std::span<const LaneFrame> ring, std::size_t mask, double position, LaneFrame& out) const noexcept;

  /// H(f) / H(0) at a frequency in cycles per sample.
  double response(double cycles_per_sample) const noexcept;

 private:
  static constexpr std::size_t phases = 128;
  std::size_t taps_;                 ///< all of them, a multiple of 2
  std::vector<float> table_;         ///< (phases + 1) x taps
  std::vector<double> response_;     ///< from 0 to 0.5 cycles per sample
};

}  // namespace polyphase::dsp
