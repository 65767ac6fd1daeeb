#pragma once

#include <cmath>
#include <limits>

#include "metering/chain.hpp"

namespace polyphase::modules::acquisition {

/// The frequency over 10 s of the clock: the cycles that lie wholly within them, over their
/// duration.
///
/// The cycles are counted by the aligned phase, so that harmonics and noise at the zero crossings
/// do not matter. source  IEC 61000-4-30, power frequency; clause text read: no, rule from the
/// project's facts, 1.3
class TenSeconds {
 public:
  double hertz = std::numeric_limits<double>::quiet_NaN();
  Quality quality;
  bool fresh = false;  ///< not yet told

  void add(const metering::HalfCycle& half, Instant end) {
    open_.quality |= half.common;
    const bool followed = !half.common.has(Quality::frequency_held);
    open_.followed |= followed;
    if (half.number % 2 != 0) return;
    const std::int64_t interval = interval_of(end, length_ns);
    if (interval != open_.interval || !open_.begun) {
      if (end.ns == interval * length_ns) open_.go_on(half);
      ended_ = open_;
      open_ = {interval, half.end, half.end, half.number, half.number, true, followed, half.common};
    }
    open_.go_on(half);
  }

  /// The second that ends at `end` is complete, and with it the phase known.
  void finish(Instant end, double sample_rate_hz, const metering::Chain& chain) {
    if (end.ns % length_ns != 0) return;
    const std::int64_t interval = interval_of(end, length_ns) - 1;
    // Where the samples end with the tick nothing has come behind it.
    const Cycles& cycles = open_.begun && open_.interval == interval ? open_ : ended_;
    const double counted_s = (cycles.last - cycles.first) / sample_rate_hz;
    const bool whole = cycles.begun && cycles.followed && cycles.interval == interval &&
                       counted_s > length_ns / 1e9 - missing_s_max;
    hertz = whole ? cycles.turned(chain) / counted_s : std::numeric_limits<double>::quiet_NaN();
    quality |= cycles.quality;
    fresh = true;
  }

  void forget() { open_ = ended_ = {}; }

 private:
  static constexpr std::int64_t length_ns = 10'000'000'000;
  static constexpr double missing_s_max = 0.1;  // a cycle at either end, and locking in

  struct Cycles {
    std::int64_t interval = 0;
    double first = 0, last = 0;  ///< zero crossings, positions in samples
    std::int64_t first_number = 0, last_number = 0;
    bool begun = false;
    bool followed = false;  ///< in any part there was a voltage to follow
    Quality quality;

    void go_on(const metering::HalfCycle& half) {
      last = half.end;
      last_number = half.number;
    }
    // Of the last samples there may be no phase any more: then the crossings themselves count.
    double turned(const metering::Chain& chain) const {
      const double phase = chain.phase_cycles_at(last) - chain.phase_cycles_at(first);
      return std::isnan(phase) ? static_cast<double>(last_number - first_number) / 2 : phase;
    }
  };
  Cycles open_, ended_;
};

}  // namespace polyphase::modules::acquisition
