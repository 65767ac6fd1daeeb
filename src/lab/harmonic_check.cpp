#include "lab/harmonic_check.hpp"

#include <algorithm>
#include <cmath>

#include "pq/distortion.hpp"

namespace polyphase::lab {

bool is_whole(double intervals, double interval_s, double period_s) {
  constexpr double share = 0.98;
  return intervals * interval_s >= share * period_s;
}

void HarmonicCheck::add(const PercentByOrder& percent, Instant end, bool excluded) {
  constexpr double day_s = 86'400;
  // Days are those of UTC; a week is what the recording gives.
  const double number =
      assessment_.period_s > day_s ? 0 : std::ceil(static_cast<double>(end.ns) / 1e9 / day_s);
  if (any_ && number != number_) finish();
  number_ = number;
  any_ = true;
  if (excluded) {
    now_.invalid += 1;
    return;
  }
  const auto missing =
      std::find_if(percent.begin() + 1, percent.end(), [](double p) { return std::isnan(p); });
  now_.order_max = std::min(now_.order_max, static_cast<unsigned>(missing - percent.begin()) - 1);
  const unsigned total_to = std::min(assessment_.total_to, now_.order_max);
  const double total = pq::harmonic_content(std::span(percent).first(total_to + 1));
  now_.total_lowest = now_.valid == 0 ? total : std::min(now_.total_lowest, total);
  now_.total_highest = std::max(now_.total_highest, total);
  now_.valid += 1;
  now_.total.add(total);
  now_.total_beyond += total > assessment_.total_limit ? 1 : 0;
  for (unsigned h = 2; h <= now_.order_max; ++h) {
    now_.order[h].add(percent[h]);
    now_.beyond[h] += percent[h] > assessment_.limit[h] ? 1 : 0;
  }
}

void HarmonicCheck::finish() {
  const double intervals = now_.valid + now_.invalid;
  if (intervals == 0) return;
  const bool whole = is_whole(intervals, assessment_.interval_s, assessment_.period_s);
  const bool first = worst_.valid + worst_.invalid == 0 || (whole && whole_periods_ == 0);
  if (first || (whole == (whole_periods_ > 0) && load_of(now_) > load_of(worst_))) worst_ = now_;
  whole_periods_ += whole ? 1 : 0;
  now_ = {};
  any_ = false;
}

unsigned HarmonicCheck::worst_order_of(const Period& period) const {
  unsigned worst = 0;
  double most = 0;
  for (unsigned h = 2; h <= period.order_max; ++h) {
    const double load = period.order[h].at(assessment_.percentile) / assessment_.limit[h];
    if (load > most || (worst == 0 && load >= 0)) {
      worst = h;
      most = load;
    }
  }
  return worst;
}

double HarmonicCheck::load_of(const Period& period) const {
  const unsigned h = worst_order_of(period);
  const double total = period.total.at(assessment_.percentile) / assessment_.total_limit;
  return h == 0
             ? total
             : std::fmax(total, period.order[h].at(assessment_.percentile) / assessment_.limit[h]);
}

}  // namespace polyphase::lab
