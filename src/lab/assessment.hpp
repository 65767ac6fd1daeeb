#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "pq/interval_count.hpp"

namespace polyphase::lab {

/// Why an interval does not count.
enum class Exclusion { none, flagged, not_whole, missing };

/// The intervals of a period, those that do not count by their reason.
struct Tally : pq::IntervalCount {
  double flagged = 0, not_whole = 0, missing = 0;
  double seen = 0;  ///< excluded, though there was a value
  void exclude(Exclusion reason, bool has_value);
  void exclude(Exclusion reason) { exclude(reason, reason != Exclusion::missing); }
};

enum class Verdict {
  complies,
  fails,
  not_whole,     ///< neither is sure before the period is over
  all_flagged,   ///< no interval counts, because of events
  all_excluded,  ///< no interval counts, because none was whole
  not_measured,
  not_set_up
};
const char* word(Verdict verdict);

/// What is judged how often, and over how long.
struct Observation {
  double interval_s = 0, period_s = 0;
};

/// Whether so many intervals are a whole period: 2 % may lack, as at the edges of a recording.
bool is_whole(double intervals, const Observation& observed);

/// Of a period that is not whole only what the rest of it cannot mend fails: more intervals beyond
/// than may be of all that can still become valid.
Verdict verdict_of(const Tally& tally, const Observation& observed, double beyond_percent_max);

/// Nearest rank: where in ascending order the smallest of `count` values stands that at least
/// `percent` % of them do not exceed. It is beyond a limit exactly where more than the rest are.
std::size_t nearest_rank(std::size_t count, double percent);

/// The value of that rank; NaN of none. Reorders `values`.
template <typename T>
double percentile(std::vector<T>& values, double percent) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(nearest_rank(values.size(), percent));
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

}  // namespace polyphase::lab
