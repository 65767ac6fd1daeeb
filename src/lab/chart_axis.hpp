#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"

namespace polyphase::lab {

/// A range of numbers laid along an axis; what lies outside stands at its edge.
struct Axis {
  double low, high, from, to;
  double at(double value) const;
};

/// Round numbers within a range, about so many: steps of 1, 2 or 5 times a power of ten.
std::vector<double> round_ticks(double low, double high, unsigned about);

struct TimeTick {
  Instant time;
  std::string label;  ///< "10:30", "10:30:05"; of midnight and of steps of days the date "03-02"
};

/// Round times of UTC within a range, at most about so many.
std::vector<TimeTick> time_ticks(Instant first, Instant end, unsigned about);

}  // namespace polyphase::lab
