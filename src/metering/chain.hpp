#pragma once

#include <array>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "base/samples.hpp"
#include "metering/interval_sums.hpp"
#include "metering/measurement.hpp"
#include "metering/spectrum.hpp"
#include "metering/tracker.hpp"

namespace polyphase::metering {

inline constexpr double sample_rate_min_hz = 400, sample_rate_max_hz = 200'000;

struct ChainConfig {
  double sample_rate_hz = 0;
  double frequency_nominal_hz = 50;  ///< 50 or 60: windows of 10 or 12 cycles
  Connection connection = Connection::wye;
  ChannelMask present = 0;  ///< the others are not there: rms NaN
  ChannelMask derived =
      0;  ///< of V1..V3 and of I1..I3 at most one each: minus the sum of the other two
  PerChannel<float> scale{};       ///< ratio and polarity, applied once, here
  PerChannel<float> full_scale{};  ///< of what comes in: |x| >= it is clipped; 0: unknown
  const dsp::Kernels* kernels = &dsp::kernels();  ///< instruction set: the best unless a test asks
};

/// The measuring chain: samples in, half cycles and spectra out. No clock, no allocation after
/// create().
///
/// What next() gives depends on the samples alone, not on how they were pushed: each interval is
/// due when a certain sample has arrived, and windows follow the half cycle 2.5 cycles behind their
/// end.
class Chain {
 public:
  /// errors  invalid_config: sample rate out of 400 to 200 000 a second
  static Result<std::unique_ptr<Chain>> create(const ChainConfig& config);

  /// Takes samples until the ring holds as many as it may; the rest fits after next() has said
  /// none. `common`: what is doubtful about all of them. Not finite: taken as a bridged zero.
  std::size_t push(std::span<const Frame> frames, Quality common) noexcept;

  enum class Ready { none, half_cycle, window };
  Ready next() noexcept;
  /// After next() has said none: how many further samples the next half cycle takes at the
  /// frequency followed, at least 1. It may come a little later, or, where the frequency jumps up,
  /// up to a tenth of a half cycle earlier.
  std::size_t samples_wanted() const;
  const HalfCycle& half_cycle() const { return half_cycle_; }
  const Window& window() const { return window_; }
  const Spectrum& spectrum() const { return spectrum_; }  ///< of the window told last

  /// The next cycle to begin, or the one that begins at the boundary just told, starts a new
  /// window; a window that runs then is completed first, so that both share cycles. source  IEC
  /// 61000-4-30, resynchronisation of class A; clause text not read
  void resynchronise() noexcept { resynchronise_from_ = number_ + (number_ % 2 != 0 ? 1 : 0); }

  /// From the next window on: groups beside subgroups.
  void measure_groups(bool enabled) noexcept { spectrum_.measure_groups(enabled); }

  /// No more samples will come: next() then completes what lies within those that came.
  void finish() noexcept { finished_ = true; }
  /// Behind a gap: locks in anew on what is pushed from now on. Positions go on, and so do numbers,
  /// with a gap of their own; no interval spans it.
  void restart() noexcept;

  /// Phase of the reference in cycles, free of delay, for positions within the last 15 s; else NaN.
  double phase_cycles_at(double position) const { return tracker_.half_cycles_at(position) / 2; }
  /// Newest position that phase_cycles_at() knows; NaN before the first.
  double aligned_until() const { return tracker_.known_until(); }
  bool locked() const { return tracker_.locked(); }
  const SampleRing& samples() const { return ring_; }
  /// Position of the first one since the start or the last gap.
  std::int64_t first_sample() const { return origin_; }

 private:
  static constexpr std::int64_t no_boundary = std::numeric_limits<std::int64_t>::max();
  explicit Chain(const ChainConfig& config);

  void scale(std::span<const Frame> frames, std::span<dsp::LaneFrame> scaled, Quality common);
  std::uint16_t examined(const Frame& frame, dsp::LaneFrame& scaled, Quality common) const;
  bool begin_boundaries();
  double predict(std::int64_t number) const;
  double& placed(std::int64_t number) { return placed_[static_cast<std::size_t>(number) % 64]; }
  double placed(std::int64_t number) const {
    return placed_[static_cast<std::size_t>(number) % 64];
  }
  bool due_half_cycle() noexcept;
  void fit_phase();
  double cycle_at(double position) const;
  IntervalSums::Squares cycle_before(double end, const IntervalSums::Squares& halves);
  void tell_rms(std::array<std::size_t, 2> channels, double end, const IntervalSums::Squares& half,
                const IntervalSums::Squares& half_before);
  void measure_own_crossings(double begin);
  bool due_window() noexcept;
  std::int64_t oldest_needed() const;

  ChainConfig config_;
  PerChannel<float> limit_;  ///< full scale, infinite where unknown
  Tracker tracker_;
  IntervalSums sums_;
  Spectrum spectrum_;
  SampleRing ring_;
  HalfCycle half_cycle_;
  Window window_;
  std::int64_t origin_ = 0;  ///< first sample of this run
  bool running_ = false;     ///< boundaries are placed
  bool first_run_ = true;
  bool finished_ = false;
  std::int64_t number_ = 0;                    ///< of the newest boundary placed
  std::int64_t first_number_ = 0;              ///< of this run
  double boundary_ = 0, boundary_before_ = 0;  ///< positions of number_ and the one before
  std::int64_t window_first_ = 0;              ///< boundary at which the next window begins
  bool window_open_ = false;                   ///< that boundary is placed
  std::int64_t resynchronise_from_ = no_boundary;
  std::array<double, 64> placed_{};  ///< positions of the newest boundaries, by number
  std::int64_t needed_ = 0;  ///< ring's end at which the next half cycle is looked for again

  /// Zero crossings of one phase's voltage, and its channels' squares between them.
  struct OwnCrossings {
    double offset = 0;  ///< to the reference's boundary, in half cycles, a little more than (-1, 0]
    bool begun = false;
    double newest = 0;                        ///< crossing
    IntervalSums::Squares half, half_before;  ///< that ends at `newest`, and the one before
    int halves = 0;                           ///< of these there are, at most 2
  };
  void measure_to(OwnCrossings& own, double crossing);
  PerPhase<OwnCrossings> own_{};
  static constexpr std::int64_t long_ago = std::numeric_limits<std::int64_t>::min() / 2;
  bool smooth_ = false;          ///< the phases lie on a parabola
  double slope_ = 0, bend_ = 0;  ///< of it, in half cycles, samples, from `middle_`
  double middle_ = 0;
  double smooth_cycle_ = 0;            ///< samples of the last cycle with a smooth phase
  std::int64_t smooth_at_ = long_ago;  ///< number of its boundary
  Sums before_;                        ///< of the half cycle before
  bool before_valid_ = false;
};

}  // namespace polyphase::metering
