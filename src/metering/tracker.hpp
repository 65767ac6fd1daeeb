#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <vector>

#include "dsp/kernels.hpp"
#include "metering/measurement.hpp"
#include "metering/sample_ring.hpp"

namespace polyphase::metering {

struct TrackerConfig {
  double sample_rate_hz = 0;
  double frequency_nominal_hz = 50;
  ChannelMask present = 0;
};

/// Follows the phase of the fundamental of every channel, free of delay, and of their reference.
///
/// The samples are thinned to 2 500 a second or a little more by a triangle over two of the new
/// steps. Four times a cycle the spectrum of all channels at one frequency is taken over four
/// cycles with a four-term Blackman-Harris window; its angle is the phase at the window's exact
/// centre, whatever the frequency it was tuned to. The reference is the first voltage that is alive
/// (10 % of what it used to be; currents where there are no voltages), each channel's angle to the
/// former reference being kept, so that a change of reference is not seen. With none alive, or one
/// that keeps turning as no network does, the last frequency is held. While its amplitude changes at once, as at the edges of a dip, the angle is
/// not that of the network either: the phase runs on at the steady frequency until the window has
/// passed the edge.
class Tracker {
 public:
  static constexpr double frequency_min_hz = 42.5, frequency_max_hz = 69;

  Tracker(const TrackerConfig& config, const dsp::Kernels& kernels);

  /// Forgets everything; points begin behind `position`.
  void restart(std::int64_t position);

  /// Makes every point whose window ends at or before `end`. The ring reaches back to
  /// needed_from().
  void advance(const SampleRing& ring, std::int64_t end);
  /// Makes one more point if its window lies within the samples at hand.
  bool advance_one(const SampleRing& ring) { return advance_one(ring, ring.end()); }
  std::int64_t needed_from() const;
  /// Most samples that are read in one piece.
  std::size_t contiguous() const {
    return thinning_.size() + (thinned_at_once - 1) * static_cast<std::size_t>(step_);
  }
  /// Adds a whole number of cycles to all phases.
  void renumber(std::int64_t half_cycles);

  bool locked() const { return locked_; }
  bool held() const { return held_; }
  /// Held because what is there turns as no network does.
  bool out_of_range() const;
  double frequency_hz() const { return frequency_hz_; }
  double steady_frequency_hz() const {
    return steady_hz_;
  }                                                    ///< of the last tenth of a second of calm
  std::int64_t points_end() const { return next_; }    ///< number behind the newest point
  std::int64_t first_point() const { return first_; }  ///< of this run
  double position(std::int64_t point) const { return static_cast<double>(point * hop_); }
  /// Phase of the reference at a point, in half cycles; an integer at its zero crossings, even:
  /// upwards.
  double half_cycles(std::int64_t point) const {
    return phases_[static_cast<std::size_t>(point) & ring_mask];
  }
  /// Position of the newest point; NaN when there is none.
  double known_until() const;
  /// The same anywhere between points; NaN outside of what is kept.
  double half_cycles_at(double position) const;
  /// Half cycles a sample over `count` points, by least squares; 0 where there are fewer than two.
  double slope(std::int64_t first, std::int64_t count) const;

  /// Angle of a channel's fundamental to the reference, in half cycles, smoothed; 0 before it is
  /// known.
  double offset_half_cycles(std::size_t channel) const;

 private:
  struct Tuning {
    double frequency_hz;
    std::int64_t half_length;  ///< windows reach this far to both sides, in thinned samples
    std::vector<float> even,
        odd;  ///< what the sum and the difference of both sides are weighed with
  };
  static constexpr std::size_t ring_size = 8192;  // 27 s at 300 points a second
  static constexpr std::size_t ring_mask = ring_size - 1;
  static constexpr std::size_t thinned_at_once = 16;

  static Tuning tuned_to(double frequency_hz, double thinned_rate_hz);
  bool thin(const SampleRing& ring, std::int64_t samples_end, std::int64_t thinned_end);
  bool advance_one(const SampleRing& ring, std::int64_t end);
  void transform(PerChannel<std::complex<double>>& out) const;
  void follow(const PerChannel<std::complex<double>>& phasors);
  bool alive(std::size_t channel) const;
  void choose_reference();
  void observe(const PerChannel<std::complex<double>>& phasors);
  bool calm(std::size_t channel) const;
  void adopt_reference(double raw, double phase);
  void estimate_frequency();
  void learn_offsets(const PerChannel<std::complex<double>>& phasors);
  void judge_lock(bool measured);
  void retune();

  TrackerConfig config_;
  const dsp::SumKernels* kernels_;
  std::int64_t step_;            ///< samples between thinned ones
  std::int64_t hop_;             ///< samples between points, a multiple of step_
  std::vector<float> thinning_;  ///< its triangle
  std::vector<Tuning> bank_;
  SampleRing thinned_;
  std::size_t tuning_ = 0, nominal_tuning_ = 0;
  std::vector<double> phases_;
  std::int64_t first_ = 0, next_ = 0;
  double frequency_hz_, steady_hz_;
  std::int64_t calm_points_ = 0, implausible_points_ = 0;
  PerChannel<std::int64_t> restless_points_{};
  bool locked_ = false, held_ = false;
  int consistent_ = 0;
  std::size_t reference_ = 0;
  PerChannel<double> amplitude_{}, usual_{}, largest_{};
  PerChannel<std::complex<double>> offset_{};
  PerChannel<bool> offset_known_{};
};

}  // namespace polyphase::metering
