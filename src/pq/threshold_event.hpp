#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <span>

#include "base/quality.hpp"
#include "base/time.hpp"

namespace polyphase::pq {

inline constexpr std::size_t event_channels_max = 3;

/// The rms of one channel over one cycle between its own zero crossings. NaN: not there.
struct RmsWindow {
  double rms = std::numeric_limits<double>::quiet_NaN();
  Instant begin;
  Quality quality = {};
};

/// What is known of a polyphase event.
struct EventRecord {
  struct PerChannel {
    bool affected = false;
    double extreme = std::numeric_limits<double>::quiet_NaN();
    double duration_s = 0;  ///< beyond the threshold, all times together
    Quality quality;        ///< of the windows beyond the threshold and of those that released it
  };
  Instant time;  ///< begin of the first window beyond the threshold
  Instant end;   ///< begin of the window that released it
  double duration_s = 0;  ///< from one to the other
  double extreme = std::numeric_limits<double>::quiet_NaN();
  std::array<PerChannel, event_channels_max> per_channel{};
  Quality quality;  ///< of all affected channels
};

struct Threshold {
  enum class Side { below, above } side = Side::below;
  double enter =
      std::numeric_limits<double>::quiet_NaN();  ///< beyond: rms < enter (above: >); NaN: off
  double leave = 0;                              ///< back: rms >= leave (above: <=)
  bool all_channels = false;
};

/// One class of polyphase event on rms values that are refreshed every half cycle.
///
/// A channel is out from the first window beyond `enter` to the first that is back at `leave`. The
/// event lasts while any channel is out: from the earliest begin to the latest release. With
/// `all_channels` (an interruption) it lasts while all are out: from the latest begin to the
/// earliest release. A channel whose value is missing stays as it was. source  IEC 61000-4-30, 5.4
/// and 5.5 (events of the voltage); clause text read: no, rules from the
///         project's facts, section 1.4
class ThresholdEvent {
 public:
  enum class Change { none, started, ended };

  /// The state stays, only what comes is judged anew.
  void configure(const Threshold& threshold) { threshold_ = threshold; }

  /// The newest window of every channel; always as many channels.
  Change update(std::span<const RmsWindow> channels) noexcept;

  bool active() const { return active_; }
  bool out(std::size_t channel) const { return states_[channel].out; }

  /// Of the event that runs, as of `now`; of the one that has ended, after update() said so.
  EventRecord record(Instant now) const noexcept;

 private:
  struct State {
    bool out = false;
    Instant begin;
    EventRecord::PerChannel seen;  ///< duration: without the time since begin
  };
  bool beyond(double rms) const;
  bool back(double rms) const;
  void keep_extreme(State& state, double rms) const;
  void enter(State& state, const RmsWindow& window);
  void start(std::size_t channels);

  Threshold threshold_;
  std::array<State, event_channels_max> states_{};
  bool active_ = false;
  Instant time_, end_;
  EventRecord ended_;
};

}  // namespace polyphase::pq
