#include "pq/ride_through.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace polyphase::pq {
namespace {

constexpr double ever = std::numeric_limits<double>::infinity();
constexpr double cycle_s = 1.0 / 60;

constexpr std::array upper{CurveStep{0.01 * cycle_s, 500}, CurveStep{0.001, 200},
                           CurveStep{0.003, 140}, CurveStep{0.5, 120}, CurveStep{ever, 110}};
constexpr std::array lower{CurveStep{0.02, 0}, CurveStep{0.5, 70}, CurveStep{10, 80},
                           CurveStep{ever, 90}};
constexpr std::array f47{CurveStep{0.02, 0}, CurveStep{0.2, 50}, CurveStep{0.5, 70},
                         CurveStep{10, 80}, CurveStep{ever, 90}};

}  // namespace

std::span<const CurveStep> iti_upper() { return upper; }
std::span<const CurveStep> iti_lower() { return lower; }
std::span<const CurveStep> semi_f47() { return f47; }

double limit_at(std::span<const CurveStep> curve, double duration_s) {
  for (const CurveStep& step : curve)
    if (duration_s <= step.until_s) return step.percent;
  return curve.back().percent;
}

RideThrough classify_iti(double percent, double duration_s) {
  if (percent > limit_at(upper, duration_s)) return RideThrough::above;
  return percent < limit_at(lower, duration_s) ? RideThrough::below : RideThrough::inside;
}

RideThrough classify_semi_f47(double percent, double duration_s) {
  return percent < limit_at(f47, duration_s) ? RideThrough::below : RideThrough::inside;
}

double motor_derating(double unbalance_percent) {
  constexpr std::array<double, 6> share{1, 1, 0.95, 0.88, 0.82, 0.75};  // at 0, 1, ... 5 %
  if (!(unbalance_percent >= 0 && unbalance_percent <= 5))
    return std::numeric_limits<double>::quiet_NaN();
  const auto i = std::min<std::size_t>(static_cast<std::size_t>(unbalance_percent), 4);
  return share[i] + (share[i + 1] - share[i]) * (unbalance_percent - static_cast<double>(i));
}

}  // namespace polyphase::pq
