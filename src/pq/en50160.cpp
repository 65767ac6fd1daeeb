#include "pq/en50160.hpp"

#include <cmath>

namespace polyphase::pq::en50160 {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Limit at_most(double high, double beyond_percent_max) {
  return {-infinite, high, beyond_percent_max};
}

// Upper ends of the columns, which belong to them.
constexpr std::array dip_ends_s{0.2, 0.5, 1.0, 5.0, 60.0};
constexpr std::array swell_ends_s{0.5, 5.0, 60.0, infinite};
// Lower ends of the rows, which belong to them.
constexpr std::array dip_rows_percent{80.0, 70.0, 40.0, 5.0, 0.0};

template <std::size_t n>
std::optional<std::size_t> column(const std::array<double, n>& ends_s, double duration_s) {
  for (std::size_t i = 0; i < n; ++i)
    if (duration_s <= ends_s[i]) return i;
  return std::nullopt;
}

struct Corner {
  double frequency_hz, percent;
};
constexpr std::array signalling_curve{Corner{100, 9}, Corner{500, 9}, Corner{1'000, 5},
                                      Corner{10'000, 5}, Corner{100'000, 1}};

}  // namespace

Characteristic frequency(bool island) {
  if (island) return {10, week_s, {98, 102, 5}, Limit{85, 115, 0}};
  return {10, year_s, {99, 101, 0.5}, Limit{94, 104, 0}};
}

Characteristic supply_voltage(Network network) {
  if (network == Network::low_voltage) return {600, week_s, {90, 110, 5}, Limit{85, 110, 0}};
  return {600, week_s, {90, 110, 1}, Limit{85, 115, 0}};
}

Characteristic flicker() { return {7'200, week_s, at_most(1, 5), {}}; }
Characteristic unbalance() { return {600, week_s, at_most(2, 5), {}}; }
Characteristic distortion() { return {600, week_s, at_most(8, 5), {}}; }
Characteristic harmonics() { return {600, week_s, at_most(100, 5), {}}; }
Characteristic mains_signalling() { return {3, day_s, at_most(100, 1), {}}; }

double harmonic_limit(unsigned order) {
  switch (order) {
    case 2:
      return 2;
    case 3:
      return 5;
    case 4:
      return 1;
    case 5:
      return 6;
    case 7:
      return 5;
    case 9:
      return 1.5;
    case 11:
      return 3.5;
    case 13:
      return 3;
    case 15:
    case 21:
      return 0.5;
    case 17:
      return 2;
    case 19:
    case 23:
    case 25:
      return 1.5;
    default:
      return order >= 6 && order <= 24 && order % 2 == 0 ? 0.5 : nan;
  }
}

double signalling_limit(double frequency_hz) {
  for (std::size_t i = 1; i < signalling_curve.size(); ++i) {
    const Corner &a = signalling_curve[i - 1], &b = signalling_curve[i];
    if (frequency_hz < a.frequency_hz || frequency_hz > b.frequency_hz) continue;
    const double share =
        std::log(frequency_hz / a.frequency_hz) / std::log(b.frequency_hz / a.frequency_hz);
    return a.percent * std::pow(b.percent / a.percent, share);
  }
  return nan;
}

std::optional<std::size_t> dip_cell(double residual_percent, double duration_s) {
  const auto time = column(dip_ends_s, duration_s);
  if (!time || !(residual_percent < 90)) return std::nullopt;
  std::size_t row = 0;
  while (row + 1 < dip_rows_percent.size() && residual_percent < dip_rows_percent[row]) ++row;
  return row * dip_ends_s.size() + *time;
}

std::optional<std::size_t> swell_cell(double highest_percent, double duration_s) {
  const auto time = column(swell_ends_s, duration_s);
  if (!time || !(highest_percent > 110)) return std::nullopt;
  return (highest_percent >= 120 ? 0 : swell_ends_s.size()) + *time;
}

std::size_t interruption_class(double duration_s) {
  return duration_s < 1 ? 0 : duration_s < 180 ? 1 : 2;
}

}  // namespace polyphase::pq::en50160
