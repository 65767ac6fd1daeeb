#include "pq/window_intervals.hpp"

#include <cmath>
#include <utility>

namespace polyphase::pq {

WindowIntervals::Place WindowIntervals::add(Instant begin, Instant end) noexcept {
  Place place;
  place.ten_minutes = ten_minutes_of(begin);
  place.ends_ten_minutes = ten_minutes_of(end) != place.ten_minutes;
  const bool next = std::exchange(ten_minutes_, place.ten_minutes) + 1 == place.ten_minutes;
  const double length_s = seconds_between(begin, end), gap_s = seconds_between(end_, begin);
  const bool overlaps = next && gap_s < 0 && -gap_s < length_s;
  const bool follows = any_ && (overlaps || std::abs(gap_s) <= crossing_tolerance * length_s);
  any_ = true;
  end_ = end;
  if (!follows) {
    place.after_gap = true;
    running_ = pending_ = 0;
  } else if (next) {
    place.begins_interval = true;
    pending_ = std::exchange(running_, 0);
  }
  if (pending_ > 0) {
    place.in_pending = true;
    place.pending_complete = ++pending_ == windows_per_interval;
    if (place.pending_complete) pending_ = 0;
  }
  place.complete = ++running_ == windows_per_interval;
  if (place.complete) running_ = 0;
  return place;
}

}  // namespace polyphase::pq
