#pragma once

#include <cmath>

namespace polyphase::pq {

/// The voltage of the last minute, which dips and swells may be judged against: a first-order
/// filter over the windows of 10 or 12 cycles that no event disturbed. It starts at the declared
/// voltage.
///
/// source  IEC 61000-4-30, sliding reference; clause text read: no, coefficients from the project's
/// facts, 1.4, where they are unconfirmed
class SlidingReference {
 public:
  void start(double declared_v) { value_ = declared_v; }
  void add(double window_rms_v, bool flagged) {
    if (!flagged && !std::isnan(window_rms_v)) value_ = kept * value_ + (1 - kept) * window_rms_v;
  }
  double value() const { return value_; }

 private:
  static constexpr double kept = 0.9967;
  double value_ = 0;
};

}  // namespace polyphase::pq
