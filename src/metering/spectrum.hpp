#pragma once

#include <optional>
#include <vector>

#include "dsp/fft.hpp"
#include "dsp/resampler.hpp"
#include "metering/tracker.hpp"

namespace polyphase::metering {

/// The single bins of a window's transform, a bin being the fundamental over its cycles.
class Bins {
 public:
  virtual ~Bins() = default;
  /// Rms of every channel; 0 beyond what the rate carries.
  virtual PerChannel<float> bin_rms(std::size_t bin) const = 0;
};

/// Spectra of windows of whole cycles: resampled along the aligned phase, transformed, corrected
/// for the resampler's response, put together to subgroups and, where asked for, to groups.
///
/// source  IEC 61000-4-7:2002+A1:2008, groups, subgroups and centred interharmonic subgroups;
/// clause text not read
class Spectrum final : public Bins {
 public:
  Spectrum(double sample_rate_hz, unsigned cycles, const dsp::Kernels& kernels);

  unsigned cycles() const { return cycles_; }
  std::size_t reach() const { return resampler_.reach(); }  ///< samples needed around a window
  void measure_groups(bool enabled) { groups_ = enabled; }

  /// The window that begins at an even boundary. The aligned phase must cover it.
  void measure(const SampleRing& ring, const Tracker& tracker, std::int64_t first_boundary,
               double begin_hint, double end_hint, Window& out);

  /// Of the window measured last.
  PerChannel<float> bin_rms(std::size_t bin) const override;

 private:
  struct Parabola {
    double s0 = 0, s1 = 0, s2 = 0;
    double at(double u) const { return s0 + u * (s1 + u * s2); }
  };
  Parabola fit(const Tracker& tracker, std::int64_t first_boundary, double begin, double end) const;
  void group(Window& out) const;
  void group_all_bins(Window& out) const;
  void find_factors(double cycles_per_sample_per_bin);

  double sample_rate_hz_;
  unsigned cycles_;
  std::size_t grid_;  ///< samples a cycle after resampling
  dsp::Resampler resampler_;
  dsp::RealFft fft_;
  std::vector<double> positions_;
  std::vector<dsp::LaneFrame> grid_samples_;
  std::vector<dsp::LaneComplex> bins_;
  std::vector<float> factors_;  ///< of each bin: to rms, and against the resampler's response
  const dsp::SpectrumKernels* kernels_;
  bool groups_ = false;
};

}  // namespace polyphase::metering
