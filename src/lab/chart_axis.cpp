#include "lab/chart_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace polyphase::lab {

double Axis::at(double value) const {
  const double share = high > low ? (value - low) / (high - low) : 0.5;
  return from + (to - from) * std::clamp(share, 0.0, 1.0);
}

std::vector<double> round_ticks(double low, double high, unsigned about) {
  if (!(high > low) || !std::isfinite(high - low)) return {};
  const double rough = (high - low) / about;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0})
    if (factor * power >= rough * (1 - 1e-9)) step = factor * power;
  std::vector<double> ticks;
  const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
  for (double n = first; n <= last; ++n) ticks.push_back(n == 0 ? 0 : n * step);
  return ticks;
}

std::vector<TimeTick> time_ticks(Instant first, Instant end, unsigned about) {
  constexpr std::int64_t ms = 1'000'000, s = 1'000 * ms, minute = 60 * s, hour = 60 * minute,
                         day = 24 * hour;
  constexpr std::array steps{10 * ms, 20 * ms,    50 * ms,    100 * ms,    200 * ms,    500 * ms,
                             s,       2 * s,      5 * s,      10 * s,      15 * s,      30 * s,
                             minute,  2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
                             hour,    2 * hour,   3 * hour,   6 * hour,    12 * hour,   day,
                             2 * day, 7 * day,    14 * day,   28 * day,    91 * day};
  const std::int64_t span = end.ns - first.ns;
  if (span <= 0) return {};
  std::int64_t step = steps.back();
  while (span / step > about) step *= 2;  // years
  for (auto at = steps.rbegin(); at != steps.rend(); ++at)
    if (span / *at <= about) step = *at;
  std::vector<TimeTick> ticks;
  std::int64_t n = interval_of(first, step);
  for (n += n * step < first.ns ? 1 : 0; n * step <= end.ns; ++n) {
    const Instant time{n * step};
    const std::string text = to_iso8601(time);  // 2026-01-01T00:00:04.990000Z
    const bool midnight = time.ns % day == 0;
    ticks.push_back({time, midnight             ? text.substr(5, 5)
                           : step % minute == 0 ? text.substr(11, 5)
                           : step % s == 0      ? text.substr(11, 8)
                                                : text.substr(14, 8)});
  }
  return ticks;
}

}  // namespace polyphase::lab
