#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "lab/assessment.hpp"
#include "pq/ieee519.hpp"

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
///
/// The values of the period that runs and of the worst one are kept (a day of 3 s: 7 MB), so that
/// percentiles are exact: nearest rank.
class HarmonicCheck {
 public:
  struct Interval {
    Instant end;
    Exclusion exclusion = Exclusion::none;
    float total = 0;
    std::array<float, checked_order_max + 1> percent{};  ///< NaN: not measured
  };
  /// How the values of an order, or of the total, lie.
  struct Figures {
    double at_share = 0, lowest = 0, highest = 0, beyond = 0;
  };
  struct Period {
    Tally count;  ///< `beyond` is of the total
    std::array<Figures, checked_order_max + 1> order{};
    Figures total;
    unsigned order_max = 0;    ///< to which all valid intervals were measured
    unsigned worst_order = 0;  ///< most often beyond its limit, else nearest to it; 0: none judged
    Verdict orders_verdict = Verdict::not_measured, total_verdict = Verdict::not_measured;
    std::vector<Interval> intervals;

    bool fails() const {
      return orders_verdict == Verdict::fails || total_verdict == Verdict::fails;
    }
    /// Of the worst order; of none: what was counted of all.
    Tally orders_count() const;
  };

  explicit HarmonicCheck(HarmonicAssessment assessment) : assessment_(std::move(assessment)) {}
  const HarmonicAssessment& assessment() const { return assessment_; }

  /// An interval that ended then; orders that were not measured are NaN.
  void add(const PercentByOrder& percent, Instant end, Exclusion exclusion);
  void finish();

  /// One that fails already, else of the whole periods the worst; where there is none, of all.
  const Period& worst() const { return worst_; }
  unsigned whole_periods() const { return whole_periods_; }

 private:
  void judge(Period& period) const;
  double load_of(const Period& period) const;

  HarmonicAssessment assessment_;
  Period now_, worst_;
  double number_ = 0;  ///< of the period that runs
  unsigned whole_periods_ = 0;
  bool worst_is_whole_ = false;
};

}  // namespace polyphase::lab
