#pragma once

#include <array>
#include <optional>
#include <span>

#include "pq/threshold_event.hpp"

namespace polyphase::pq {

inline constexpr unsigned rvc_half_cycles_max = 120;

struct RapidVoltageChangeConfig {
  double threshold = 0;        ///< volts; 0: off
  double hysteresis = 0;       ///< volts, below the threshold; half of it is recommended
  unsigned half_cycles = 100;  ///< that make a steady state: 100 at 50 Hz, 120 at 60 Hz
};

/// A quick transition between two steady states of the voltage that is neither a sag nor a swell.
struct RapidVoltageChangeRecord {
  Instant time, end;
  double delta_max = 0;  ///< largest difference from the state before
  double delta_ss = 0;   ///< difference of the two steady states; NaN while the second is not reached
  std::array<bool, event_channels_max> affected{};
  Quality quality;  ///< of all windows from the one that was no longer steady to the last
};

/// Rapid voltage changes on rms over one cycle every half cycle.
///
///   m        mean of the last N values of a channel; steady: all N within m +- threshold, on all
///   channels begin    no longer steady: begin of the window that showed it; from then on the test
///   uses
///            threshold - hysteresis, until N half cycles after the voltage is steady again
///   end      begin of the first of the N windows that are steady again
///   delta_ss |m of the last steady state - m of the first after|; delta_max: max |rms - m before|
///
/// The largest of the channels counts. What goes beyond a sag or swell limit meanwhile is no RVC.
/// source  IEC 61000-4-30 Ed. 3, 5.11; clause text read: no, algorithm from the project's
/// facts, 1.6
class RapidVoltageChange {
 public:
  /// Changes begin with a new steady state.
  void configure(const RapidVoltageChangeConfig& config);

  /// The newest window of every channel, always as many; `limit_crossed`: a sag or swell runs, or
  /// ended with these windows: the step that ends it is of it, too, though it takes some windows to
  /// pass. Returns the change that has ended.
  std::optional<RapidVoltageChangeRecord> update(std::span<const RmsWindow> channels,
                                                 bool limit_crossed) noexcept;

  bool active() const { return changing_; }
  /// The change that still runs, as of `now`.
  std::optional<RapidVoltageChangeRecord> open(Instant now) const noexcept;

 private:
  struct History {
    std::array<double, rvc_half_cycles_max> rms{};
    std::array<Instant, rvc_half_cycles_max> begin{};
    double mean = 0, mean_before = 0, delta_max = 0;
    bool steady = false, changed = false;
  };
  void restart();
  double threshold() const;
  void judge(History& history, double threshold) const;
  void begin_change(std::size_t channels, std::size_t newest);
  RapidVoltageChangeRecord end_change(std::size_t channels, std::size_t oldest);

  RapidVoltageChangeConfig config_;
  std::array<History, event_channels_max> channels_{};
  std::size_t next_ = 0, count_ = 0;
  bool steady_ = false;  ///< the state before this update
  bool changing_ = false, discard_ = false;
  unsigned hysteresis_left_ = 0, crossed_left_ = 0;  ///< half cycles
  Instant time_;
  Quality quality_;  ///< since time_
};

}  // namespace polyphase::pq
