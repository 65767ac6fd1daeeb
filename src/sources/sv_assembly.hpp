#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sources/bridge.hpp"
#include "sources/sv_channels.hpp"
#include "wire/sv/observation.hpp"
#include "wire/sv/sequencer.hpp"

namespace polyphase::sources {

/// What became of the samples that were sent between the first one and the last one handed out:
///   expected() = delivered + bridged + missed
/// and of those that came, once flush() was called and what was left has been taken:
///   offered = delivered + duplicates + late
struct SvCounts {
  std::uint64_t offered = 0;
  std::uint64_t delivered = 0;     ///< came, and were handed on
  std::uint64_t bridged = 0;       ///< lost, and stood in for
  std::uint64_t missed = 0;        ///< lost in a gap, where nothing stands in
  std::uint64_t duplicates = 0;    ///< came a second time
  std::uint64_t late = 0;          ///< came when their place had been given up
  std::uint64_t out_of_order = 0;  ///< of delivered: came after one that follows them
  std::uint64_t doubtful = 0;      ///< of delivered: carry marks
  std::uint64_t gaps = 0;

  SvCounts& operator+=(const SvCounts& later);
  std::uint64_t lost() const { return bridged + missed; }
  std::uint64_t expected() const { return delivered + lost(); }
};

/// Frames that follow each other, of one state of the clock.
struct SvRun {
  std::size_t count = 0;
  bool after_gap = false;
  bool synchronised = true;
  std::optional<Instant> time;  ///< of the first one; absent: it just follows
};

/// Makes a waveform of the samples of one stream: in order by smpCnt; up to bridged_s_max that is
/// lost is bridged and marked, more is a gap; timed by smpCnt where the sender is synchronised, and
/// by arrival, smoothed, where it is not.
class SvAssembly {
 public:
  static constexpr double bridged_s_max = 0.02;  ///< one period

  SvAssembly(const wire::sv::Pace& pace, ChannelMask present);

  /// Takes the next sample that came. needs  !waiting()
  void offer(const SvSample& sample);
  /// A new run waits until the one before it was taken.
  bool waiting() const { return waiting_; }
  std::size_t ready() const { return bridge_.ready(); }
  /// What waits for samples before it waits no longer: nothing more comes, or not soon.
  void flush();
  /// Fills frames from the front; `marks` are those of bridge.hpp. count 0: offer more.
  SvRun take(std::span<Frame> frames, std::span<char> marks);

  const SvCounts& counts() const { return counts_; }

 private:
  void drain(bool all);
  void begin_run();
  void use_slot() { next_slot_ = (next_slot_ + 1) % samples_.size(); }
  std::uint64_t missed_before(const SvSample& first) const;
  void follow(Instant arrival);

  wire::sv::Pace pace_;
  ChannelMask present_;
  wire::sv::Sequencer sequencer_;
  Bridge bridge_;
  std::vector<SvSample> samples_;  ///< those that the sequencer may still ask for
  std::size_t next_slot_ = 0;
  Instant last_offered_, last_arrival_;  ///< of what came last; of what was handed on last
  std::uint16_t last_count_ = 0;
  Instant anchor_;  ///< time of the first sample of the run
  bool running_ = false, waiting_ = false;
  bool begun_ = false, gap_ = false, gap_after_ = false, synchronised_ = false;
  std::uint64_t handed_out_ = 0;
  double drift_s_ = 0;
  SvCounts counts_;
};

}  // namespace polyphase::sources
