#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace polyphase::pq {

inline constexpr std::int64_t ten_minutes_ns = 600'000'000'000;
inline constexpr std::int64_t two_hours_ns = 12 * ten_minutes_ns;
/// A zero crossing so little ahead of a tick is taken as upon it: times are rounded.
inline constexpr std::int64_t tick_tolerance_ns = 1'000;

/// Interval of 10 minutes that begins with, or contains, this zero crossing.
constexpr std::int64_t ten_minutes_of(Instant crossing) {
  return interval_of(crossing.plus_ns(tick_tolerance_ns), ten_minutes_ns);
}

/// Which intervals of 150 or 180 cycles a window of 10 or 12 cycles belongs to.
///
/// Fifteen windows make one. With the first window behind a 10-minute tick a new one begins; the
/// one that runs then goes on beside it until it has its fifteen, so that the two overlap. Behind a
/// gap what was open is left out. source  IEC 61000-4-30, aggregation; clause text read: no, rules
/// from the project's facts, 1.1
class WindowIntervals {
 public:
  struct Place {
    bool after_gap = false;  ///< what was gathered counts no more
    bool begins_interval =
        false;                ///< first behind a tick: what was gathered becomes the pending one
    bool in_pending = false;  ///< counts for the pending interval too
    bool pending_complete = false;
    bool complete = false;
    std::int64_t ten_minutes = 0;   ///< interval in which the window begins, to which it belongs
    bool ends_ten_minutes = false;  ///< it is the last of them
  };

  Place add(Instant begin, Instant end) noexcept;

 private:
  static constexpr unsigned windows_per_interval = 15;
  /// Windows meet at zero crossings that are known twice, once from either side.
  static constexpr double crossing_tolerance = 0.25;

  bool any_ = false;
  Instant end_;
  std::int64_t ten_minutes_ = 0;
  unsigned running_ = 0, pending_ = 0;  ///< windows gathered
};

}  // namespace polyphase::pq
