#pragma once

#include <array>
#include <cstdint>

namespace polyphase::pq {

/// Block 5 of the flickermeter: how long Pinst stood at which level, in 128 logarithmic classes an
/// octave from 1.5e-5 to 65 536, and Pst from that.
///
/// source  IEC 61000-4-15; clause text not read, facts of the project's standards notes,
/// section 3.1.
///         Levels inside a class are interpolated: Pst within 0.05 % of that of exact percentiles.
class FlickerLevels {
 public:
  void add(double pinst);
  void clear() { *this = {}; }
  std::uint32_t count() const { return count_; }

  /// The level that was exceeded for `percent` of the time; 0 of nothing.
  double exceeded(double percent) const;
  double pst() const;

 private:
  static constexpr std::size_t classes = 4'096;
  std::array<std::uint32_t, classes> class_{};
  std::uint32_t count_ = 0;
};

/// Plt: the cube root of the mean of the cubes of twelve Pst.
double long_term_flicker(const std::array<double, 12>& pst);

}  // namespace polyphase::pq
