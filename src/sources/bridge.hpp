#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/samples.hpp"

namespace polyphase::sources {

/// Missing samples that a straight line stands in for; a longer run of them is a gap.
inline constexpr std::size_t bridged_rows_max = 1'000;

/// What is told of each frame, or'ed.
inline constexpr char mark_bridged = 1;  ///< stands in for a missing one, or is doubtful
inline constexpr char mark_clipped = 2;  ///< an input was beyond what can be told
inline constexpr char mark_gap = 4;      ///< no input has a value, for longer than what is bridged

/// Stands in for values that are missing (NaN): a straight line between the neighbours in time, the
/// nearest one at the ends and where a run is longer than bridged_rows_max; where no input has a
/// value for so long, a gap. Frames wait inside until what follows them is known.
class Bridge {
 public:
  explicit Bridge(ChannelMask present) : present_(present) {}

  /// Takes frames in order; their values are kept, and carry `marks`.
  void add(std::span<const Frame> frames, char marks = 0);
  /// `count` frames that are not there at all.
  void add_missing(std::size_t count);
  /// Nothing follows: what waits is finished.
  void finish();
  /// Moves finished frames out; returns how many.
  std::size_t take(std::span<Frame> frames, std::span<char> marks);
  /// Finished frames that can be taken.
  std::size_t ready() const;
  bool empty() const { return frames_.size() == taken_; }

 private:
  static constexpr std::size_t closed = static_cast<std::size_t>(-1);
  void add_one(const Frame& frame, char marks);
  void hold(std::size_t lane);
  void mark_gap_of(const Frame& frame, std::size_t here);

  ChannelMask present_;
  std::vector<Frame> frames_;
  std::vector<char> marks_;
  std::size_t taken_ = 0;
  std::array<std::size_t, channel_count> open_{closed, closed, closed, closed,
                                               closed, closed, closed, closed};
  std::array<float, channel_count> last_{};
  std::array<bool, channel_count> seen_{};
  std::array<bool, channel_count> held_{};  ///< in a run that is too long
  std::size_t empty_ = closed;              ///< first of a run of frames without any value
  bool gap_ = false;                        ///< that run is too long
};

}  // namespace polyphase::sources
