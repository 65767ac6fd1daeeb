#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "base/quality.hpp"
#include "base/time.hpp"

namespace polyphase::pq {

/// The root of the mean of squares of several quantities over an interval; N/A is left out, of
/// nothing but N/A: N/A.
/// source  IEC 61000-4-30, aggregation; clause text read: no, rule from the project's facts, 1.1
template <std::size_t count>
class SquareMeans {
 public:
  Instant begin;
  Quality quality;
  double covered_s = 0;  ///< by the windows added, those that overlap counted in full
  unsigned added = 0;

  void add(std::span<const double, count> values, Instant from, double length_s, Quality of) {
    if (added++ == 0) begin = from;
    covered_s += length_s;
    quality |= of;
    for (std::size_t i = 0; i < count; ++i) {
      if (std::isnan(values[i])) continue;
      square_[i] += values[i] * values[i];
      ++counted_[i];
    }
  }
  double value(std::size_t i) const {
    return counted_[i] > 0 ? std::sqrt(square_[i] / counted_[i])
                           : std::numeric_limits<double>::quiet_NaN();
  }
  std::array<double, count> values() const {
    std::array<double, count> all;
    for (std::size_t i = 0; i < count; ++i) all[i] = value(i);
    return all;
  }

 private:
  std::array<double, count> square_{};
  std::array<unsigned, count> counted_{};
};

}  // namespace polyphase::pq
