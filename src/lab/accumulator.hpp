#pragma once

#include <vector>

#include "base/time.hpp"
#include "registers/register.hpp"

namespace polyphase::lab {

/// Values that combine to one over a longer interval, weighted with their exact duration.
///
/// mean     sum(x d) / sum(d)            rms      sqrt(sum(x^2 d) / sum(d))
/// minimum, maximum, last                N/A is left out; of nothing but N/A: N/A
class Accumulator {
 public:
  void add(double value, double duration_s);
  /// All that the other one has taken, as behind what this one has.
  void add(const Accumulator& other);
  double value(registers::Aggregation kind) const;

 private:
  double weight_ = 0, sum_ = 0, square_ = 0;
  double minimum_ = registers::not_available, maximum_ = registers::not_available;
  double last_ = registers::not_available;
};

/// Values on their way into an interval whose end is only known later: half cycles are told up to
/// three cycles before the second or the window that they lie beyond.
class Gathering {
 public:
  void add(double value, Instant end, double duration_s);

  /// The values that ended by `cut`, as one; they are then gone. A value counts as ended by `cut`
  /// when no more than `tolerance` of its duration lies behind.
  double take(Instant cut, registers::Aggregation kind, double tolerance);

 private:
  struct Pending {
    double value, duration_s;
    Instant end;
  };
  /// More than half a second of half cycles: what is older lies in the interval that is open.
  static constexpr std::size_t pending_max = 128;

  std::vector<Pending> pending_;  ///< oldest first
  Accumulator settled_;
};

}  // namespace polyphase::lab
