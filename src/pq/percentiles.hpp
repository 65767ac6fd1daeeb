#pragma once

#include <array>
#include <cstdint>

namespace polyphase::pq {

/// The distribution of any number of values in 3.6 kB, and its percentiles.
///
///   P_p   the smallest value that at least p % of the values do not exceed (nearest rank), so that
///         P_p <= L exactly where at most (100 - p) % of the values lie above L
///
/// Values are counted in classes of equal ratio, 128 a decade from 1e-3 to 1e4; what is returned is
/// the geometric middle of the class in which P_p lies: within 0.91 % of it. Smaller values count
/// as 0 and larger ones as 1e4.
class Percentiles {
 public:
  /// NaN is not counted.
  void add(double value) noexcept;
  void clear() noexcept { *this = {}; }
  std::uint64_t count() const { return count_; }
  /// 0 < percent <= 100; NaN where nothing was counted.
  double at(double percent) const noexcept;

  static constexpr double lowest = 1e-3, highest = 1e4;
  static constexpr int classes_per_decade = 128, decades = 7;

 private:
  std::array<std::uint32_t, static_cast<std::size_t>(classes_per_decade* decades) + 2> classes_{};
  std::uint64_t count_ = 0;
};

}  // namespace polyphase::pq
