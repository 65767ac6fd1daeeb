#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace polyphase::dsp {

/// The loops that the measuring chain spends its time in, compiled once per instruction set. Frames
/// are eight floats, one of each channel (LaneFrame). Every lane is computed by the same operations
/// in the same order whatever the width of a vector, so that all sets give the same bits.

/// Sums over at most 32 frames, short enough for float32 (1e-8 of the sum).
struct BlockSums {
  float value[8], square[8];  ///< sum w x, sum w x^2
  float cosine[8], sine[8];   ///< sum w x cos, sum w x sin
  float line_square[4];       ///< of the line voltages ab, bc, ca
  float product[4];           ///< v i of three phases
  float residual_square[4];   ///< [0]: of i1 + i2 + i3
};
inline constexpr std::size_t block_frames = 32;

struct SumKernels {
  /// out = x scale. True when a value is not finite or reaches its channel's limit.
  bool (*scale)(const float* x, std::size_t frames, const float* scale, const float* limit,
                float* out);

  /// One BlockSums for every 32 frames begun. `turn`: cos and sin of 32 frames, the same for each
  /// block. delta: lanes 0..2 are line voltages ab, bc, ca; products are against the virtual
  /// neutral.
  void (*interval)(const float* x, const float* weight, std::size_t frames,
                   const float* turn_cosine, const float* turn_sine, bool delta, BlockSums* blocks);

  /// square[8] += sum w x^2
  void (*squares)(const float* x, const float* weight, std::size_t frames, double* square);

  /// Smallest and largest of each lane.
  void (*extremes)(const float* x, std::size_t frames, float* minimum, float* maximum);

  /// re = even(0) x(0) + sum even(i) (x(i) + x(-i)), im = sum odd(i) (x(i) - x(-i)), i = 1 .. half;
  /// half is even.
  void (*correlate)(const float* centre, const float* even, const float* odd, std::size_t half,
                    float* re, float* im);

  /// out[n] = sum_t weight[t] x[n step + t], n < count
  void (*filter)(const float* x, const float* weight, std::size_t taps, std::size_t step,
                 std::size_t count, float* out);
};

/// One output of the resampler: weights between two neighbouring phases of its table.
struct Tap {
  const float* frames;  ///< the first frame
  const float* low;     ///< table of the phase before
  float fraction;       ///< of the way to the next phase, which lies `taps` floats on
};

/// What a stage of a transform reads and how it joins it, see fft.cpp. Steps are in complex frames.
struct FftStage {
  std::size_t radix, before, after;
  std::size_t j_step, r_step, k_step;  ///< x of j, r, k stands at j j_step + r r_step + k k_step
};

struct SpectrumKernels {
  /// out[n] = sum_t weight_n(t) frames_n(t). taps: a multiple of 8. scratch: 8 * taps floats.
  void (*resample)(const Tap* outputs, std::size_t count, std::size_t taps, float* scratch,
                   float* out);

  /// A stage of a Stockham transform, see fft.cpp. Complex frames: eight real parts, eight
  /// imaginary.
  void (*fft_stage)(const float* from, float* to, const FftStage& stage, const float* twiddles);

  /// Spectrum of N real values from the transform of the N/2 complex ones they were read as.
  void (*fft_split)(const float* transformed, std::size_t half, const float* twiddles,
                    std::size_t bins, float* out);

  /// rms[8] = root of sum (factor |X|)^2 over neighbouring bins
  void (*group)(const float* bins, const float* factor, std::size_t count, float* rms);

  /// Angles from -pi to pi of count complex numbers, within 4e-7; 0 of a zero. count: a multiple
  /// of 8.
  void (*arguments)(const float* re, const float* im, std::size_t count, float* radians);
};

/// y = b0 x + s1, s1 = b1 x - a1 y + s2, s2 = b2 x - a2 y: a section of a filter, s1 and s2 its
/// state.
struct Biquad {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
};

/// Recurrences in double over the first four channels, the voltages.
struct FilterKernels {
  /// sum = squares of `step` frames; out[n][l] = factor[l] sum, total[l] += sum; n < count, l < 4
  void (*square_sums)(const float* x, std::size_t step, std::size_t count, const double* factor,
                      double* out, double* total);

  /// x through one section after the other, in place. x: `count` times 4; state: s1[4] and s2[4] of
  /// each section.
  void (*cascade)(const Biquad* section, std::size_t sections, double* state, double* x,
                  std::size_t count);

  /// x^2 through one section; `last` of it.
  void (*smooth_squares)(const Biquad* section, double* state, const double* x, std::size_t count,
                         double* last);
};

struct Kernels {
  const char* instruction_set;
  const SumKernels* sums;
  const SpectrumKernels* spectra;
  const FilterKernels* filters;
};

/// Every set that this machine can run, best first.
std::span<const Kernels> kernels_available();
/// The best of them.
inline const Kernels& kernels() { return kernels_available().front(); }

}  // namespace polyphase::dsp
