#pragma once

#include <cmath>
#include <cstddef>

namespace polyphase::sources::recording {

/// Rows that are looked at to tell waveforms from what was computed from them.
inline constexpr std::size_t rows_looked_at = 16'384;

/// What a channel's first values look like.
class Probe {
 public:
  void add(double value) {
    if (!std::isfinite(value)) return;
    sum_ += value;
    square_ += value * value;
    low_ = value < low_ ? value : low_;
    high_ = value > high_ ? value : high_;
    count_ += 1;
  }
  /// Nothing is there: all values within `noise` of zero.
  bool flat(double noise) const { return high_ <= noise && low_ >= -noise; }
  /// Swings to both sides of zero; a magnitude or a state does not. True where too little is known.
  bool oscillates() const {
    if (count_ < 8 || square_ == 0) return true;
    return low_ < 0 && high_ > 0 && std::abs(sum_ / count_) < 0.8 * std::sqrt(square_ / count_);
  }

 private:
  double sum_ = 0, square_ = 0, low_ = 0, high_ = 0, count_ = 0;
};

}  // namespace polyphase::sources::recording
