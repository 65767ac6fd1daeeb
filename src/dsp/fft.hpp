#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dsp/kernels.hpp"
#include "dsp/lane_frame.hpp"

namespace polyphase::dsp {

/// Discrete Fourier transform of real data of eight channels at once.
///
/// X_k = sum x_n e^(-j 2 pi k n / N), k = 0 .. N/2. A complex transform of half the length over the
/// even and odd samples, mixed radix 5, 4, 3, 2. What the last stage joins are transforms small
/// enough for the nearest cache, each stage of which goes from one buffer into the other
/// (Stockham).
class RealFft {
 public:
  /// EXPECTS an even length whose half has no prime factor above 5.
  explicit RealFft(std::size_t length, const Kernels& kernels = dsp::kernels());

  std::size_t length() const { return 2 * half_; }
  /// in      x       shape {N}
  /// out     spectrum shape {bins}, bins <= N/2
  void transform(std::span<const LaneFrame> x, std::span<LaneComplex> spectrum) noexcept;

 private:
  struct Stage : FftStage {
    std::size_t first_twiddle;
  };
  struct Twiddle {
    float re, im;
  };
  void transform_part(std::span<const LaneFrame> x, std::size_t p) noexcept;
  const float* twiddles_of(const Stage& stage) const { return &twiddles_[stage.first_twiddle].re; }

  const SpectrumKernels* kernels_;
  std::size_t half_;
  std::vector<Stage> stages_;
  std::vector<Twiddle> twiddles_;        ///< per stage: before x radix
  std::vector<Twiddle> split_twiddles_;  ///< e^(-j 2 pi k / N)
  std::vector<LaneComplex> parts_, whole_;
  std::vector<LaneComplex> a_, b_;  ///< of one part
};

}  // namespace polyphase::dsp
