#pragma once

#include <compare>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "dsp/kernels.hpp"
#include "dsp/lane_frame.hpp"

namespace polyphase::dsp {

/// Windowed-sinc interpolation of eight channels at any positions, by a table of 128 phases with
/// linear interpolation between them; its exact response H is known, so that spectra can be
/// corrected.
///
/// kernel  h(u) = sinc(u / D) kaiser(u, T D / 2, beta), T taps a lobe, widened D times so that what
///         lies above fs / (2 D) is taken away; T D is rounded up to a multiple of 8
class Resampler {
 public:
  struct Design {
    std::size_t taps = 24;
    double beta = 8;
    double widening = 1;
    auto operator<=>(const Design&) const = default;
    /// All of them, a multiple of 8.
    std::size_t taps_total() const;
  };
  explicit Resampler(const Design& design, const Kernels& kernels = dsp::kernels());

  /// Samples needed before and behind a position.
  std::size_t reach() const { return taps_ / 2; }

  /// out[n]: the signal at positions[n], which are in frames and have reach() frames to both sides.
  /// ring[index & mask] holds frame `index`, and behind its end the first 2 reach() frames are
  /// repeated. cost  taps * 8 multiply-adds a position
  void resample(const LaneFrame* ring, std::size_t mask, std::span<const double> positions,
                std::span<LaneFrame> out) noexcept;

  /// H(0) / H(f) at a frequency in cycles per sample.
  double correction(double cycles_per_sample) const noexcept;

 private:
  static constexpr std::size_t phases = 128;
  struct Tables;
  static std::shared_ptr<const Tables> tables_of(const Design& design);
  const SpectrumKernels* kernels_;
  std::size_t taps_;                      ///< all of them, a multiple of 8
  std::shared_ptr<const Tables> tables_;  ///< of all with this design: a hundred meters share them
  std::vector<float> scratch_;
};

}  // namespace polyphase::dsp
