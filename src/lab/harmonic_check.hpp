#pragma once

#include <array>
#include <span>
#include <string>

#include "base/time.hpp"
#include "pq/ieee519.hpp"
#include "pq/interval_count.hpp"
#include "pq/percentiles.hpp"

namespace polyphase::lab {

inline constexpr unsigned checked_order_max = pq::ieee519::order_max;
using PercentByOrder = std::array<double, checked_order_max + 1>;

/// What the harmonics of one channel are held against.
struct HarmonicAssessment {
  std::string channel;  ///< "V1"
  std::string name;     ///< "10 min, 95 % of a week"
  double interval_s = 0, period_s = 0;
  double percentile = 0;  ///< of the intervals of a period that must be within the limits
  unsigned total_to = checked_order_max;
  PercentByOrder limit{};  ///< NaN: none
  double total_limit = 0;
};

/// Counts and percentiles of the orders of one channel, period by period; the worst one is kept.
class HarmonicCheck {
 public:
  struct Period {
    double valid = 0, invalid = 0, total_beyond = 0;
    std::array<double, checked_order_max + 1> beyond{};
    std::array<pq::Percentiles, checked_order_max + 1> order{};
    pq::Percentiles total;
    double total_lowest = 0, total_highest = 0;
    unsigned order_max = checked_order_max;  ///< to which all intervals were measured
  };

  explicit HarmonicCheck(HarmonicAssessment assessment) : assessment_(std::move(assessment)) {}
  const HarmonicAssessment& assessment() const { return assessment_; }

  /// An interval that ended then; orders that were not measured are NaN. `excluded`: flagged, or without what percentages relate to.
  void add(const PercentByOrder& percent, Instant end, bool excluded);
  void finish();

  /// Of the whole periods the worst; where there is none, of all.
  const Period& worst() const { return worst_; }
  unsigned whole_periods() const { return whole_periods_; }
  /// The order that is nearest to its limit, or farthest above it, in that period; 0: none is
  /// judged.
  unsigned worst_order() const { return worst_order_of(worst_); }

 private:
  unsigned worst_order_of(const Period& period) const;
  double load_of(const Period& period) const;

  HarmonicAssessment assessment_;
  Period now_, worst_;
  double number_ = 0;  ///< of the period that runs
  bool any_ = false;
  unsigned whole_periods_ = 0;
};

/// Whether so many intervals are a whole period: 2 % may lack, as at the edges of a recording.
bool is_whole(double intervals, double interval_s, double period_s);

}  // namespace polyphase::lab
