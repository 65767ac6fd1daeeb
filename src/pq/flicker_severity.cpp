// Pst = sqrt(0.0314 P0.1 + 0.0525 P1s + 0.0657 P3s + 0.28 P10s + 0.08 P50s)
// P1s = (P0.7 + P1 + P1.5) / 3          P3s = (P2.2 + P3 + P4) / 3
// P10s = (P6 + P8 + P10 + P13 + P17) / 5    P50s = (P30 + P50 + P80) / 3
// The class of a level: exponent and first seven bits of the fraction of the float, which are a
// logarithm for nothing.
#include "pq/flicker_severity.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace polyphase::pq {
namespace {

constexpr std::uint32_t shift = 23 - 7;
constexpr std::uint32_t lowest = (127 - 16) << 7;  // 2^-16

double lower_bound_of(std::size_t level) {
  if (level == 0) return 0;
  return static_cast<double>(
      std::bit_cast<float>((static_cast<std::uint32_t>(level) + lowest) << shift));
}

}  // namespace

void FlickerLevels::add(double pinst) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(static_cast<float>(pinst)) >> shift;
  const std::uint32_t level = pinst > 0 && bits > lowest ? bits - lowest : 0;
  ++class_[std::min<std::size_t>(level, classes - 1)];
  ++count_;
}

double FlickerLevels::exceeded(double percent) const {
  const double wanted = percent / 100 * count_;
  double above = 0;
  for (std::size_t level = classes; level-- > 0;) {
    const double here = class_[level];
    if (here > 0 && above + here >= wanted) {
      const double lower = lower_bound_of(level), upper = lower_bound_of(level + 1);
      return upper - (upper - lower) * (wanted - above) / here;
    }
    above += here;
  }
  return 0;
}

double FlickerLevels::pst() const {
  const auto p = [this](double percent) { return exceeded(percent); };
  const double p1s = (p(0.7) + p(1) + p(1.5)) / 3;
  const double p3s = (p(2.2) + p(3) + p(4)) / 3;
  const double p10s = (p(6) + p(8) + p(10) + p(13) + p(17)) / 5;
  const double p50s = (p(30) + p(50) + p(80)) / 3;
  return std::sqrt(0.0314 * p(0.1) + 0.0525 * p1s + 0.0657 * p3s + 0.28 * p10s + 0.08 * p50s);
}

double long_term_flicker(const std::array<double, 12>& pst) {
  double cubes = 0;
  for (const double value : pst) cubes += value * value * value;
  return std::cbrt(cubes / static_cast<double>(pst.size()));
}

}  // namespace polyphase::pq
