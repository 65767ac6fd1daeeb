#pragma once

#include <array>

#include "metering/chain.hpp"
#include "metering/datasets.hpp"

namespace polyphase::modules::acquisition {

/// Whole cycles added up to an interval.
struct Accumulation {
  metering::Sums sums;
  metering::FundamentalPower power;
  double begin = 0, end = 0;  ///< positions in samples
  std::int64_t last_number = 0;
  unsigned cycles = 0;
  std::size_t bridged_samples = 0;
  bool followed = false;  ///< in any part of it there was a voltage or current to follow
  Quality common;
  metering::PerChannel<Quality> quality{};
  metering::PerChannel<float> peak{};

  void add(const Accumulation& next);
};

/// The cycles that have just been measured, for intervals that are put together later.
class CycleHistory {
 public:
  void add(const Accumulation& cycle) { cycles_[next_++ % cycles_.size()] = cycle; }
  /// All cycles between two boundaries; `cycles` tells how many were found.
  Accumulation between(std::int64_t first_boundary, std::int64_t last_boundary) const;
  void clear() { cycles_.fill({}); }

 private:
  std::array<Accumulation, 64> cycles_{};  // a window's 12, twice over, and the lag of its spectrum
  std::size_t next_ = 0;
};

/// What was doubtful about the last half cycles, for the cycles between own zero crossings, which
/// lie up to a half cycle before the reference's.
class RecentQuality {
 public:
  void add(const metering::HalfCycle& half);
  /// Of one channel between two positions.
  Quality between(std::size_t channel, double begin, double end) const;
  /// Samples that were lost and stood in for, in the half cycles that touch the interval.
  std::size_t bridged_between(double begin, double end) const;
  void clear() { halves_.fill({}); }

 private:
  struct Half {
    double begin = 0, end = 0;
    Quality common;
    metering::PerChannel<Quality> channel{};
    std::size_t bridged_samples = 0;
  };
  std::array<Half, 4> halves_{};  // a cycle between crossings touches three
  std::size_t next_ = 0;
};

/// The half cycle alone, as the start of an accumulation.
Accumulation accumulation_of(const metering::HalfCycle& half);

}  // namespace polyphase::modules::acquisition
