#pragma once

#include <cstddef>
#include <vector>

#include "base/time.hpp"

namespace polyphase::lab {

/// Values over time for a picture: lowest and highest of stretches, which double in length whenever
/// there would be too many. So any recording fits, and no extreme is lost.
class Trace {
 public:
  static constexpr std::size_t stretches_max = 1'200;
  struct Stretch {
    Instant begin, end;
    double low, high;       ///< NaN: no value
    bool excluded = false;  ///< something in it does not count
    bool any() const { return low <= high; }
  };

  /// Of an interval behind the one before. NaN: excluded.
  void add(Instant begin, Instant end, double value);
  const std::vector<Stretch>& stretches() const { return stretches_; }

 private:
  std::vector<Stretch> stretches_;
  std::size_t each_ = 1, in_last_ = 0;  ///< intervals of a stretch
};

}  // namespace polyphase::lab
