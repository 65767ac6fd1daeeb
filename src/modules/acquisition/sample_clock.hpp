#pragma once

#include <cmath>

#include "base/samples.hpp"

namespace polyphase::modules::acquisition {

/// Gives every sample position its time on the meter's clock.
///
/// Times run from an anchor at the sampling rate, so that they do not depend on how the samples were
/// cut into blocks; the anchor moves where the source's own times depart from that.
class SampleClock {
 public:
  void start(double sample_rate_hz) {
    rate_hz_ = sample_rate_hz;
    anchored_ = false;
  }
  /// `time` is that of sample `index` by the source.
  void observe(std::uint64_t index, Instant time, bool after_gap) {
    const Instant metered = time.plus_ns(offset_ns_);
    const double departure_s = anchored_ ? std::abs(seconds_between(at(static_cast<double>(index)), metered)) : 0;
    if (anchored_ && !after_gap && departure_s <= departure_max_s) return;
    anchor_index_ = static_cast<double>(index);
    anchor_ = metered;
    anchored_ = true;
  }
  void step(double seconds) {
    const auto ns = static_cast<std::int64_t>(std::llround(seconds * 1e9));
    offset_ns_ += ns;
    anchor_ = anchor_.plus_ns(ns);
  }
  Instant at(double position) const { return anchor_.plus_s((position - anchor_index_) / rate_hz_); }

 private:
  static constexpr double departure_max_s = 50e-6;  // 1 degree at 50 Hz; jitter of arrival stays below

  double rate_hz_ = 1;
  double anchor_index_ = 0;
  Instant anchor_;
  std::int64_t offset_ns_ = 0;
  bool anchored_ = false;
};

}  // namespace polyphase::modules::acquisition
