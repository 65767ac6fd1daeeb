#pragma once

#include <array>

#include "base/time.hpp"
#include "metering/measurement.hpp"

namespace polyphase::pq {

/// Root of the mean of squares of the windows of an interval, per order and channel.
struct SpectrumAggregate {
  Instant begin, end;
  unsigned windows = 0;
  unsigned order_max = 0;                                         ///< lowest of the windows'
  metering::Window::PerOrder<float> subgroup{}, interharmonic{};  ///< rms, V or A
  ChannelMask present = 0;                                        ///< measured in all windows
  Quality quality;                                                ///< disturbed: flagged
};

/// Adds up the spectra of windows, or of intervals made of them.
class SpectrumSum {
 public:
  void add(const metering::Window::PerOrder<float>& subgroup,
           const metering::Window::PerOrder<float>& interharmonic, unsigned order_max,
           ChannelMask present) noexcept;
  /// Everything but begin, end and quality.
  void mean(SpectrumAggregate& out) const noexcept;

 private:
  metering::Window::PerOrder<double> subgroup_{}, interharmonic_{};
  unsigned count_ = 0, order_max_ = metering::harmonic_order_max;
  ChannelMask present_ = 0xff;
};

}  // namespace polyphase::pq
