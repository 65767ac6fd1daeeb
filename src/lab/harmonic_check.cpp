#include "lab/harmonic_check.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

#include "pq/distortion.hpp"

namespace polyphase::lab {
namespace {

unsigned measured_to(const HarmonicCheck::Interval& interval) {
  const auto missing = std::find_if(interval.percent.begin() + 1, interval.percent.end(),
                                    [](float p) { return std::isnan(p); });
  return static_cast<unsigned>(missing - interval.percent.begin()) - 1;
}

HarmonicCheck::Figures figures_of(std::vector<float>& values, double percent, double limit) {
  HarmonicCheck::Figures figures;
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  figures.lowest = static_cast<double>(*lowest);
  figures.highest = static_cast<double>(*highest);
  figures.beyond = static_cast<double>(std::count_if(
      values.begin(), values.end(), [&](float v) { return static_cast<double>(v) > limit; }));
  figures.at_share = percentile(values, percent);
  return figures;
}

}  // namespace

Tally HarmonicCheck::Period::orders_count() const {
  Tally tally = count;
  tally.beyond = order[worst_order].beyond;
  return tally;
}

void HarmonicCheck::add(const PercentByOrder& percent, Instant end, Exclusion exclusion) {
  constexpr double day_s = 86'400;
  // Days are those of UTC; a week is what the recording gives.
  const double number =
      assessment_.period_s > day_s ? 0 : std::ceil(static_cast<double>(end.ns) / 1e9 / day_s);
  if (number != number_) finish();
  number_ = number;
  Interval interval{end, exclusion, 0, {}};
  if (exclusion == Exclusion::none) {
    for (std::size_t h = 0; h < percent.size(); ++h)
      interval.percent[h] = static_cast<float>(percent[h]);
    const unsigned to = std::min(assessment_.total_to, measured_to(interval));
    interval.total = static_cast<float>(pq::harmonic_content(std::span(percent).first(to + 1)));
  }
  now_.intervals.push_back(interval);
}

void HarmonicCheck::judge(Period& period) const {
  std::vector<float> values;
  const auto gather = [&](const auto& value_of) -> std::vector<float>& {
    values.clear();
    for (const Interval& interval : period.intervals)
      if (interval.exclusion == Exclusion::none) values.push_back(value_of(interval));
    return values;
  };
  period.order_max = checked_order_max;
  for (const Interval& interval : period.intervals) {
    if (interval.exclusion != Exclusion::none) {
      period.count.exclude(interval.exclusion);
      continue;
    }
    period.count.valid += 1;
    period.order_max = std::min(period.order_max, measured_to(interval));
  }
  const double share = assessment_.percentile;
  const Observation observed{assessment_.interval_s, assessment_.period_s};
  if (period.count.valid > 0) {
    period.total = figures_of(gather([](const Interval& i) { return i.total; }), share,
                              assessment_.total_limit);
    period.count.beyond = period.total.beyond;
    const auto badness = [&](unsigned h) {
      return std::pair{period.order[h].beyond, period.order[h].at_share / assessment_.limit[h]};
    };
    for (unsigned h = 2; h <= period.order_max; ++h) {
      if (std::isnan(assessment_.limit[h])) continue;
      period.order[h] = figures_of(gather([h](const Interval& i) { return i.percent[h]; }), share,
                                   assessment_.limit[h]);
      if (period.worst_order == 0 || badness(h) > badness(period.worst_order))
        period.worst_order = h;
    }
  }
  period.total_verdict = verdict_of(period.count, observed, 100 - share);
  period.orders_verdict = verdict_of(period.orders_count(), observed, 100 - share);
  if (period.count.valid > 0 && period.worst_order == 0)
    period.orders_verdict = period.total_verdict = Verdict::not_measured;
}

void HarmonicCheck::finish() {
  if (now_.intervals.empty()) return;
  judge(now_);
  const bool whole = is_whole(static_cast<double>(now_.intervals.size()),
                              {assessment_.interval_s, assessment_.period_s});
  const bool first = worst_.intervals.empty();
  whole_periods_ += whole ? 1 : 0;
  if (first || std::tuple(now_.fails(), whole, load_of(now_)) >
                   std::tuple(worst_.fails(), worst_is_whole_, load_of(worst_))) {
    worst_ = std::move(now_);
    worst_is_whole_ = whole;
  }
  now_ = {};
}

double HarmonicCheck::load_of(const Period& period) const {
  if (period.count.valid == 0) return -1;
  const unsigned h = period.worst_order;
  const double total = period.total.at_share / assessment_.total_limit;
  return h == 0 ? total : std::fmax(total, period.order[h].at_share / assessment_.limit[h]);
}

}  // namespace polyphase::lab
