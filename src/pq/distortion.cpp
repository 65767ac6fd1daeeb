#include "pq/distortion.hpp"

#include <cmath>
#include <limits>

namespace polyphase::pq {

Distortion distortion_of(std::span<const double> magnitudes) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (magnitudes.size() < 3 || !(magnitudes[1] > 0)) return {nan, nan, nan, nan};
  double even = 0, odd = 0, weighted = magnitudes[1] * magnitudes[1];
  for (std::size_t h = 2; h < magnitudes.size(); ++h) {
    const double square = magnitudes[h] * magnitudes[h], order = static_cast<double>(h);
    (h % 2 == 0 ? even : odd) += square;
    weighted += order * order * square;
  }
  const double first = magnitudes[1];
  return {100 * std::sqrt(even + odd) / first, 100 * std::sqrt(even) / first,
          100 * std::sqrt(odd) / first, weighted / (first * first + even + odd)};
}

double harmonic_content(std::span<const double> magnitudes) {
  double sum = 0;
  for (std::size_t h = 2; h < magnitudes.size(); ++h) sum += magnitudes[h] * magnitudes[h];
  return std::sqrt(sum);
}

}  // namespace polyphase::pq
