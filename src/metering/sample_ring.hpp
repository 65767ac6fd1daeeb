#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "base/quality.hpp"
#include "dsp/resampler.hpp"

namespace polyphase::metering {

/// The newest samples of all channels, scaled, by their index since the first one.
class SampleRing {
 public:
  explicit SampleRing(std::size_t samples_min)
      : frames_(std::bit_ceil(samples_min)), flags_(frames_.size()), mask_(frames_.size() - 1) {}

  std::size_t capacity() const { return frames_.size(); }
  std::size_t mask() const { return mask_; }
  std::int64_t end() const { return end_; }  ///< index behind the newest sample
  std::span<const dsp::LaneFrame> frames() const { return frames_; }
  const dsp::LaneFrame& at(std::int64_t index) const { return frames_[static_cast<std::size_t>(index) & mask_]; }

  /// Low byte: bits of Quality that all channels share; high byte: the channels that are clipped.
  std::uint16_t flags(std::int64_t index) const { return flags_[static_cast<std::size_t>(index) & mask_]; }

  void push(const dsp::LaneFrame& frame, std::uint16_t flags) {
    frames_[static_cast<std::size_t>(end_) & mask_] = frame;
    flags_[static_cast<std::size_t>(end_) & mask_] = flags;
    ++end_;
  }

 private:
  std::vector<dsp::LaneFrame> frames_;
  std::vector<std::uint16_t> flags_;
  std::size_t mask_;
  std::int64_t end_ = 0;
};

}  // namespace polyphase::metering
