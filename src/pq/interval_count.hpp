#pragma once

#include <limits>

namespace polyphase::pq {

/// How many intervals were evaluated and how many of these were beyond a limit. Numbers, because
/// they are kept over a power cut.
struct IntervalCount {
  double valid = 0;    ///< N
  double invalid = 0;  ///< flagged, or not there: not evaluated
  double beyond = 0;   ///< N1 or N2, of the valid ones

  /// N1/N in percent; NaN before the first valid interval.
  double beyond_percent() const {
    return valid > 0 ? 100 * beyond / valid : std::numeric_limits<double>::quiet_NaN();
  }
};

}  // namespace polyphase::pq
