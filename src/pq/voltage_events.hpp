#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "pq/threshold_event.hpp"

namespace polyphase::pq {

/// In volts; NaN: that class is not looked for.
struct VoltageLimits {
  double sag = std::numeric_limits<double>::quiet_NaN();
  double swell = std::numeric_limits<double>::quiet_NaN();
  double interruption = std::numeric_limits<double>::quiet_NaN();
  double hysteresis = 0;
};

/// A dip or swell lasts a minute at most; what is low or high for longer is the supply's voltage.
/// source  EN 50160; clause text read: no
inline constexpr double brief_s_max = 60;

enum class VoltageEventKind : std::uint8_t { sag, swell, interruption };

/// Sags, swells and interruptions of up to three voltages, judged on rms over one cycle every half
/// cycle.
///
/// Sag and swell: any channel beyond the limit until all are back by the hysteresis. Interruption:
/// all channels below its limit until any is back. The deepest class wins: a sag in which there was
/// an interruption is not told, the interruption is, with its own thresholds' times. But what of such a
/// sag is no interruption and lasts longer than dips do is a low voltage, and told as well. source  IEC
/// 61000-4-30, 5.4 and 5.5; clause text read: no, rules from the project's facts, 1.4
class VoltageEvents {
 public:
  struct Ended {
    VoltageEventKind kind = VoltageEventKind::sag;
    EventRecord record;
  };

  void configure(const VoltageLimits& limits);

  /// The newest window of every channel. Returns what has ended with it; valid until the next call.
  std::span<const Ended> update(std::span<const RmsWindow> channels) noexcept;

  /// What is still open, as of `now`.
  std::span<const Ended> open(Instant now) noexcept;

  bool active(VoltageEventKind kind) const { return machine(kind).active(); }
  bool any_active() const;
  /// By interruptions that have ended since the voltage was last within all thresholds.
  double interrupted_s() const { return interrupted_s_; }
  /// Any channel beyond any threshold, even if it alone makes no event.
  const ThresholdEvent& machine(VoltageEventKind kind) const {
    return machines_[static_cast<std::size_t>(kind)];
  }

 private:
  bool tells(VoltageEventKind kind, const EventRecord& record, double interrupted_s) const;

  std::array<ThresholdEvent, 3> machines_{};  ///< by kind
  bool interrupted_ = false;                  ///< within the sag that runs
  double interrupted_s_ = 0;
  std::array<Ended, 3> told_{};
};

}  // namespace polyphase::pq
