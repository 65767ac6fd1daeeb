#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "dsp/lane_frame.hpp"

namespace polyphase::metering {

/// The newest samples of all channels, scaled, by their index since the first one.
class SampleRing {
 public:
  /// `contiguous`: the most frames that somebody wants to read in one piece.
  SampleRing(std::size_t samples_min, std::size_t contiguous)
      : capacity_(std::bit_ceil(std::max(samples_min, contiguous))),
        contiguous_(contiguous),
        frames_(capacity_ + contiguous),
        flags_(capacity_) {}

  std::size_t capacity() const { return capacity_; }
  std::size_t mask() const { return capacity_ - 1; }
  std::int64_t end() const { return end_; }  ///< index behind the newest sample
  const dsp::LaneFrame& at(std::int64_t index) const { return frames_[slot(index)]; }
  /// Frames `index` and on; at most `contiguous` of them may be read.
  const dsp::LaneFrame* from(std::int64_t index) const { return &frames_[slot(index)]; }
  const dsp::LaneFrame* data() const { return frames_.data(); }

  /// Low byte: bits of Quality that all channels share; high byte: the channels that are clipped.
  std::uint16_t flags(std::int64_t index) const { return flags_[slot(index)]; }
  void set_flags(std::int64_t index, std::uint16_t flags) {
    flags_[slot(index)] = flags;
    if (flags != 0) flagged_ = std::max(flagged_, index);
  }
  /// Of all samples from `first` to before `end`.
  std::uint16_t flags(std::int64_t first, std::int64_t end) const {
    unsigned all = 0;
    if (first <= flagged_)
      for (std::int64_t i = first; i < end; ++i) all |= flags(i);
    return static_cast<std::uint16_t>(all);
  }

  /// Where the next frames go, at most `wanted`, in one piece; they count once committed.
  std::span<dsp::LaneFrame> room(std::size_t wanted) {
    return {&frames_[slot(end_)], std::min(wanted, capacity_ - slot(end_))};
  }
  void commit(std::size_t count, std::uint16_t flags) {
    const std::size_t first = slot(end_);
    std::fill_n(flags_.begin() + static_cast<std::ptrdiff_t>(first), count, flags);
    if (first < contiguous_)
      std::copy_n(&frames_[first], std::min(count, contiguous_ - first),
                  &frames_[capacity_ + first]);
    end_ += static_cast<std::int64_t>(count);
    if (flags != 0) flagged_ = end_ - 1;
  }
  /// The next sample has this index; those before are gone.
  void skip_to(std::int64_t index) { end_ = index; }

 private:
  std::size_t slot(std::int64_t index) const { return static_cast<std::size_t>(index) & mask(); }

  std::size_t capacity_, contiguous_;
  std::vector<dsp::LaneFrame> frames_;  ///< the ring, then its beginning once more
  std::vector<std::uint16_t> flags_;
  std::int64_t end_ = 0;
  std::int64_t flagged_ = -1;  ///< newest sample with a flag
};

}  // namespace polyphase::metering
