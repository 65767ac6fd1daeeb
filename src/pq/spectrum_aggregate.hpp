#pragma once

#include "base/time.hpp"
#include "metering/measurement.hpp"

namespace polyphase::pq {

/// Root of the mean of squares of the windows of an interval, per order and channel.
struct SpectrumAggregate {
  Instant begin, end;
  unsigned windows = 0;
  unsigned order_max = 0;                                         ///< lowest of the windows'
  metering::Window::PerOrder<float> subgroup{}, interharmonic{};  ///< rms, V or A
  ChannelMask present = 0;
  Quality quality;  ///< disturbed: flagged
};

}  // namespace polyphase::pq
