#include "sources/sv_assembly.hpp"

#include <algorithm>
#include <cmath>

#include "base/contract.hpp"

namespace polyphase::sources {
namespace {

using wire::sv::Sequencer;

constexpr double pause_s = 0.4;          // arrivals so far apart may hide a whole second
constexpr double drift_samples = 4'096;  // over so many the time by arrival is smoothed

std::uint32_t gap_max_of(const wire::sv::Pace& pace) {
  return static_cast<std::uint32_t>(
      std::min(pace.sample_rate_hz * SvAssembly::bridged_s_max + 1, pace.wrap / 2.0 - 1));
}

}  // namespace

SvCounts& SvCounts::operator+=(const SvCounts& later) {
  offered += later.offered;
  delivered += later.delivered;
  bridged += later.bridged;
  missed += later.missed;
  duplicates += later.duplicates;
  late += later.late;
  out_of_order += later.out_of_order;
  doubtful += later.doubtful;
  gaps += later.gaps;
  return *this;
}

SvAssembly::SvAssembly(const wire::sv::Pace& pace, ChannelMask present)
    : pace_(pace),
      present_(present),
      sequencer_(pace.wrap, gap_max_of(pace)),
      bridge_(present),
      samples_(gap_max_of(pace) + 2 * Sequencer::window + 1) {}

void SvAssembly::offer(const SvSample& sample) {
  EXPECTS(!waiting_);
  ++counts_.offered;
  samples_[next_slot_] = sample;
  const double pause = running_ ? std::abs(seconds_between(last_offered_, sample.arrival)) : 0;
  last_offered_ = sample.arrival;
  const bool same_clock = sample.synchronised == synchronised_;
  const auto pushed = running_ && pause < pause_s && same_clock
                          ? sequencer_.push(sample.count, next_slot_)
                          : Sequencer::Push::new_run;
  switch (pushed) {
    case Sequencer::Push::duplicate:
      ++counts_.duplicates;
      return;
    case Sequencer::Push::too_late:
      ++counts_.late;
      return;
    case Sequencer::Push::reordered:
      ++counts_.out_of_order;
      use_slot();
      return drain(false);
    case Sequencer::Push::kept:
      if (!synchronised_) follow(sample.arrival);
      use_slot();
      return drain(false);
    case Sequencer::Push::new_run:
      flush();
      waiting_ = true;
      // Another state of the clock alone is no gap.
      gap_after_ = running_ && (same_clock || pause >= pause_s ||
                                sample.count != (last_count_ + 1u) % pace_.wrap);
  }
}

void SvAssembly::drain(bool all) {
  Sequencer::Place place;
  while (sequencer_.next(place, all)) {
    if (!place.present) {
      bridge_.add_missing(1);
      ++counts_.bridged;
      continue;
    }
    const SvSample& sample = samples_[place.payload];
    bridge_.add({&sample.frame, 1}, sample.marks);
    ++counts_.delivered;
    counts_.doubtful += sample.marks != 0 ? 1 : 0;
    last_count_ = sample.count;
    last_arrival_ = sample.arrival;
  }
}

void SvAssembly::flush() {
  if (running_) drain(true);
  bridge_.finish();
}

SvRun SvAssembly::take(std::span<Frame> frames, std::span<char> marks) {
  SvRun run;
  run.count = bridge_.take(frames, marks);
  if (run.count == 0) {
    if (waiting_) begin_run();
    return run;
  }
  run.synchronised = synchronised_;
  // Times by arrival are told anew each time: they drift against the nominal rate.
  if (begun_ || !synchronised_)
    run.time = anchor_.plus_s(static_cast<double>(handed_out_) / pace_.sample_rate_hz +
                              (synchronised_ ? 0 : drift_s_));
  run.after_gap = begun_ && gap_;
  begun_ = false;
  handed_out_ += run.count;
  return run;
}

/// The sample that waits becomes the first of a run.
void SvAssembly::begin_run() {
  const SvSample& first = samples_[next_slot_];
  waiting_ = false;
  begun_ = true;
  gap_ = running_ && gap_after_;
  if (gap_) {
    ++counts_.gaps;
    counts_.missed += missed_before(first);
  }
  running_ = true;
  synchronised_ = first.synchronised;
  anchor_ = synchronised_
                ? wire::sv::time_by_count(first.count, pace_.sample_rate_hz, first.arrival)
                : first.arrival;
  handed_out_ = 0;
  drift_s_ = 0;
  bridge_ = Bridge(present_);
  sequencer_.start(first.count, next_slot_);
  use_slot();
  drain(false);
}

/// smpCnt tells how many, but for whole rounds of it, which the arrivals tell.
std::uint64_t SvAssembly::missed_before(const SvSample& first) const {
  const auto wrap = static_cast<std::int64_t>(pace_.wrap);
  std::int64_t step = (first.count - last_count_) % wrap;
  if (step <= 0) step += wrap;
  const double passed = seconds_between(last_arrival_, first.arrival) * pace_.sample_rate_hz;
  const double rounds =
      std::round((passed - static_cast<double>(step)) / static_cast<double>(wrap));
  step += static_cast<std::int64_t>(rounds) * wrap;
  return step > 0 ? static_cast<std::uint64_t>(step - 1) : 0;
}

/// Learns from the newest sample how far the sender's clock has drifted from the receiver's.
void SvAssembly::follow(Instant arrival) {
  const double late_s = seconds_between(anchor_, arrival) -
                        static_cast<double>(sequencer_.newest()) / pace_.sample_rate_hz;
  drift_s_ += (late_s - drift_s_) / drift_samples;
}

}  // namespace polyphase::sources
