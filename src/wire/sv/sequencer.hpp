#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace polyphase::wire::sv {

/// Puts the samples of one stream in order by smpCnt, which starts anew each second.
///
/// A sample may come up to `window` places late; places whose sample did not come by then are lost.
/// Positions count from the first sample of a run. A jump of more than `gap_max` places, forward or
/// back, begins a new run: the caller learns it from push() and starts its clock again.
class Sequencer {
 public:
  static constexpr std::size_t window = 32;

  /// reordered: kept, and came after one that follows it. too_late: its place was handed out as
  /// lost.
  enum class Push { kept, reordered, duplicate, too_late, new_run };

  /// One place of the stream, in order.
  struct Place {
    bool present = false;     ///< false: the sample was lost
    std::size_t payload = 0;  ///< what the caller gave with the sample
    std::int64_t position = 0;
  };

  /// `wrap`: samples after which smpCnt is 0 again. needs 4 * window <= wrap <= 65536, gap_max <
  /// wrap / 2
  Sequencer(std::uint32_t wrap, std::uint32_t gap_max);

  /// Takes a sample; drain with next(…, false) before the next one. new_run: it was not taken;
  /// drain with next(…, true), then start() with it.
  Push push(std::uint16_t sample_count, std::size_t payload);
  void start(std::uint16_t sample_count, std::size_t payload);

  /// Hands out the next place: when `all` is set down to the last sample that came, else only those
  /// that need not be waited for. False: none now.
  bool next(Place& place, bool all);

  /// True before the first start() and after everything was handed out.
  bool empty() const { return next_ == end_; }
  /// Position of the newest sample. needs  started
  std::int64_t newest() const { return end_ - 1; }

 private:
  struct Slot {
    bool present = false;
    std::size_t payload = 0;
  };
  Slot& slot(std::int64_t position) {
    return slots_[static_cast<std::size_t>(position) % slots_.size()];
  }

  std::int64_t wrap_;
  std::int64_t gap_max_;
  bool running_ = false;
  std::uint16_t first_count_ = 0;  ///< smpCnt at position 0
  std::int64_t next_ = 0;          ///< position handed out next
  std::int64_t end_ = 0;           ///< one past the newest sample
  std::vector<Slot> slots_;        ///< window and the longest gap fit, and what was handed out last
};

}  // namespace polyphase::wire::sv
