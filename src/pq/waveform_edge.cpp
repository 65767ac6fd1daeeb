// Samples are counted by n towards the disturbance: forwards for its begin, backwards for its end.
// Those up to n = 0 are calm; the edge is among the period and a half behind: a window that goes
// beyond a threshold, or comes back, while the one half a period before did not, has it from half a
// period before its begin to an eighth before its end.
//
//   T      period: T -= sum (x(n) - x(n - T)) x'(n) / sum x'(n)^2 over the half period to 0, twice
//   r(n)   = x(n - m T), with the least m for which n - m T <= 0: what would have been
//   q(n)   = r(n - T / 4)
//   d(n)   = x(n) - r(n)
//   h      = max(2 % of the nominal peak, 2 c),  c = max |d| over the half period to 0
//   f      first n with |d| > h, there and at a third of the quarter period that follows
//   e      = argmax, over f - T/4 <= e <= f, of  sum d^2 - min_(a,b) sum (x - a r - b q)^2,
//            both sums from e to f + T/4: where a change of amplitude and phase, begun there,
//            explains most of what the calm course does not
//   step   = |1 - a + j b| of these, times the peak of r
//
// An edge needs a step of 3 % of the nominal peak, of four times what the calm itself is off, of
// three times that of the quarter period before it, and of 0.6 of that of the quarter period which
// ends a whole one behind it. A ramp has 0.52 there, or an e that is as early as can be.
#include "pq/waveform_edge.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/quality.hpp"

namespace polyphase::pq {
namespace {

constexpr double samples_a_period_min = 16;
constexpr double search_periods = 1.5;
constexpr double begin_origin = -0.625, end_origin = 0.875;  ///< to the window's begin, in periods
constexpr double calm_periods = 1.75;

/// One channel, seen from the calm towards the disturbance.
class Course {
 public:
  Course(const EdgeSearch& search, std::int64_t origin, int direction)
      : samples_(*search.samples),
        channel_(search.channel),
        origin_(origin),
        direction_(direction),
        period_(search.period) {}

  double x(std::int64_t n) const { return samples_.at(origin_ + direction_ * n)[channel_]; }
  /// Lagrange's polynomial through six samples.
  double x(double at) const {
    const double floor = std::floor(at);
    const double u = at - floor;
    const auto n = static_cast<std::int64_t>(floor);
    const std::array distance{u + 2, u + 1, u, u - 1, u - 2, u - 3};
    constexpr std::array scale{-120.0, 24.0, -12.0, 12.0, -24.0, 120.0};
    double sum = 0;
    for (std::size_t k = 0; k < distance.size(); ++k) {
      double weight = x(n - 2 + static_cast<std::int64_t>(k)) / scale[k];
      for (std::size_t other = 0; other < distance.size(); ++other)
        if (other != k) weight *= distance[other];
      sum += weight;
    }
    return sum;
  }
  double slope(std::int64_t n) const { return (x(n + 1) - x(n - 1)) / 2; }
  double calm(double n) const { return x(n - std::max(1.0, std::ceil(n / period_)) * period_); }
  double off(std::int64_t n) const { return x(n) - calm(static_cast<double>(n)); }

  double period() const { return period_; }
  std::int64_t periods(double count) const { return std::llround(count * period_); }
  void refine_period();

 private:
  const metering::SampleRing& samples_;
  std::size_t channel_;
  std::int64_t origin_;
  int direction_;
  double period_;
};

void Course::refine_period() {
  for (int i = 0; i < 2; ++i) {
    double product = 0, square = 0;
    for (std::int64_t n = -periods(0.5); n < 0; ++n) {
      product += off(n) * slope(n);
      square += slope(n) * slope(n);
    }
    if (square > 0) period_ -= std::clamp(product / square, -0.02 * period_, 0.02 * period_);
  }
}

/// Least squares of x = a r + b q.
class Change {
 public:
  Change() = default;
  Change(const Course& course, std::int64_t from, std::int64_t to) {
    for (std::int64_t n = from; n < to; ++n) add(course, n);
  }
  void add(const Course& course, std::int64_t n) {
    const double x = course.x(n), r = course.calm(static_cast<double>(n));
    const double q = course.calm(static_cast<double>(n) - course.period() / 4);
    rr_ += r * r, rq_ += r * q, qq_ += q * q;
    xr_ += x * r, xq_ += x * q, xx_ += x * x;
    dd_ += (x - r) * (x - r);
  }
  /// Of the sum of squares that the calm course leaves.
  double explained() const { return dd_ - (xx_ - a() * xr_ - b() * xq_); }
  double step() const { return std::hypot(1 - a(), b()); }

 private:
  double determinant() const { return rr_ * qq_ - rq_ * rq_; }
  double a() const { return (xr_ * qq_ - xq_ * rq_) / determinant(); }
  double b() const { return (xq_ * rr_ - xr_ * rq_) / determinant(); }
  double rr_ = 0, rq_ = 0, qq_ = 0, xr_ = 0, xq_ = 0, xx_ = 0, dd_ = 0;
};

/// Of the calm course; 0: there is none, or it is not calm.
struct Calm {
  double peak = 0, off_max = 0;
};
Calm calm_of(const Course& course) {
  Calm calm;
  const std::int64_t half = course.periods(0.5);
  for (std::int64_t n = -half; n <= 0; ++n) {
    calm.peak += 2 * course.x(n) * course.x(n) / static_cast<double>(half + 1);
    calm.off_max = std::max(calm.off_max, std::abs(course.off(n)));
  }
  calm.peak = std::sqrt(calm.peak);
  return calm;
}

std::optional<std::int64_t> first_beyond(const Course& course, double limit) {
  const std::int64_t quarter = course.periods(0.25), last = course.periods(search_periods);
  const auto beyond = [&](std::int64_t n) { return std::abs(course.off(n)) > limit; };
  std::int64_t count = 0;
  for (std::int64_t n = 1; n < quarter; ++n) count += beyond(n) ? 1 : 0;
  for (std::int64_t n = 1; n <= last; ++n) {
    count += beyond(n + quarter - 1) ? 1 : 0;
    if (!beyond(n)) continue;
    if (3 * count >= quarter) return n;
    --count;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> waveform_edge(const EdgeSearch& search, Edge which) noexcept {
  const bool begin = which == Edge::begin;
  const double calm = search.window_begin + (begin ? begin_origin : end_origin) * search.period;
  const std::int64_t origin = std::llround(calm);
  const int direction = begin ? 1 : -1;
  // Six samples for interpolating, and what refining may change of the period.
  const auto calm_reach = static_cast<std::int64_t>((calm_periods + 0.1) * search.period) + 6;
  const auto search_reach = static_cast<std::int64_t>((search_periods + 1.1) * search.period) + 6;
  const std::int64_t first = origin - (begin ? calm_reach : search_reach);
  const std::int64_t last = origin + (begin ? search_reach : calm_reach);
  if (!(search.period >= samples_a_period_min) || !(static_cast<double>(first) >= search.first) ||
      !(static_cast<double>(last) < search.end))
    return std::nullopt;
  if ((search.samples->flags(first, last + 1) & Quality::bridged) != 0) return std::nullopt;

  Course course(search, origin, direction);
  course.refine_period();
  const Calm before = calm_of(course);
  const double limit = std::max(0.02 * search.nominal_peak, 2 * before.off_max);
  const auto found = first_beyond(course, limit);
  if (!found) return std::nullopt;

  const std::int64_t quarter = course.periods(0.25);
  Change change = Change(course, *found + 1, *found + quarter), best;
  std::int64_t edge = *found;
  const std::int64_t earliest = *found - quarter;
  for (std::int64_t n = *found; n >= earliest; --n) {
    change.add(course, n);
    if (n < *found && change.explained() <= best.explained()) continue;
    best = change;
    edge = n;
  }
  const std::int64_t later = edge + course.periods(1);
  const Change beforehand(course, edge - quarter, edge), afterwards(course, later - quarter, later);
  const double needed = std::max(0.03 * search.nominal_peak, 4 * before.off_max);
  if (edge == earliest || !(best.step() * before.peak >= needed) ||
      best.step() < 3 * beforehand.step() || best.step() < 0.6 * afterwards.step())
    return std::nullopt;
  return origin + direction * edge + (begin ? 0 : 1);
}

}  // namespace polyphase::pq
