#include "sources/recording/joined_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sources/bridge.hpp"

namespace polyphase::sources::recording {
namespace {

constexpr std::size_t block_frames = 4'096;
constexpr std::size_t names_shown_max = 3;
constexpr double in_step = 0.5;  // of a sample: what follows so closely has no gap before it

class JoinedParts final : public RecordingSource {
 public:
  JoinedParts(std::vector<std::unique_ptr<Part>> parts, std::optional<Instant> start)
      : parts_(std::move(parts)), frames_(block_frames), marks_(block_frames) {
    const Part::Info& first = parts_[0]->info();
    info_.sample_rate_hz = first.sample_rate_hz;
    info_.channels_present = first.present;
    info_.full_scale = first.full_scale;
    info_.line_frequency_hz = first.line_frequency_hz;
    info_.description = names();
    for (const auto& part : parts_) expected_ += part->info().frames_expected;
    if (first.start) {
      start_ = *first.start;
      if (start) moved_ns_ = start->ns - start_.ns;
      start_ = start_.plus_ns(moved_ns_);
    } else {
      start_ = start.value_or(Instant{}).plus_s(first.relative_start_s);
    }
    part_start_ = start_;
  }

  const SourceInfo& info() const override { return info_; }
  std::uint64_t frames_read() const override { return read_; }
  std::uint64_t frames_expected() const override { return expected_; }
  const std::vector<std::string>& warnings() const override { return warnings_; }
  const Missing& missing() const override { return missing_; }
  bool clock_synchronised() const override { return always_synchronised_; }

  Result<bool> next(SampleBlock& block) override {
    while (given_ == filled_ || (marks_[given_] & mark_gap) != 0)
      if (given_ < filled_)
        leave_out_one();
      else if (!fill())
        return false;
    // As many as are of one quality.
    std::size_t count = 1;
    while (given_ + count < filled_ && marks_[given_ + count] == marks_[given_]) ++count;
    block.frames = std::span<const Frame>(frames_).subspan(given_, count);
    block.time_first = time_of(frames_since_start_);
    block.bridged = (marks_[given_] & mark_bridged) != 0;
    block.clipped = (marks_[given_] & mark_clipped) != 0;
    block.clock_synchronised = synchronised_;
    always_synchronised_ = always_synchronised_ && synchronised_;
    block.after_gap = gap_;
    note_missing(block);
    gap_ = false;
    given_ += count;
    frames_since_start_ += count;
    read_ += count;
    given_end_ = time_of(frames_since_start_);
    return true;
  }

 private:
  std::string names() const {
    std::string names = parts_[0]->info().path;
    const std::size_t shown = std::min(parts_.size(), names_shown_max);
    for (std::size_t i = 1; i < shown; ++i) names += ", " + parts_[i]->info().path;
    if (parts_.size() > shown) names += fmt::format(" and {} more files", parts_.size() - shown);
    return names;
  }

  void note_missing(const SampleBlock& block) {
    if (block.after_gap)
      missing_.gaps.add(given_end_, std::max(seconds_between(given_end_, block.time_first), 0.0));
    const double length_s = static_cast<double>(block.frames.size()) / info_.sample_rate_hz;
    if (block.bridged && bridging_ && !block.after_gap)
      missing_.bridged.extend(length_s);
    else if (block.bridged)
      missing_.bridged.add(block.time_first, length_s);
    bridging_ = block.bridged;
  }

  Instant time_of(std::uint64_t frame) const {
    return start_.plus_s(static_cast<double>(frame) / info_.sample_rate_hz);
  }

  /// Reads the next frames. False: everything was read.
  bool fill() {
    if (at_ >= parts_.size()) return false;
    const Run run = parts_[at_]->read(frames_, marks_);
    given_ = filled_ = run.count;
    if (run.count == 0) {
      next_part();
      return true;
    }
    given_ = 0;
    synchronised_ = run.synchronised && parts_[at_]->info().clock_synchronised;
    if (run.time_s) go_to(part_start_.plus_s(*run.time_s));
    gap_ = gap_ || (run.after_gap && read_ > 0);
    leave_out_overlap();
    return true;
  }

  void go_to(Instant time) {
    start_ = time;
    frames_since_start_ = 0;
  }

  void next_part() {
    if (const std::string problem = parts_[at_]->problem(); !problem.empty())
      warnings_.push_back(fmt::format("{}: {}", parts_[at_]->info().path, problem));
    if (left_out_ > 0)
      warnings_.push_back(
          fmt::format("{}: {} samples lie before the end of the file before it and are left out",
                      parts_[at_]->info().path, left_out_));
    left_out_ = 0;
    end_ = time_of(frames_since_start_);
    ++at_;
    if (at_ >= parts_.size()) return;
    const auto& begin = parts_[at_]->info().start;
    part_start_ = begin ? begin->plus_ns(moved_ns_) : end_;
    const double places = seconds_between(end_, part_start_) * info_.sample_rate_hz;
    gap_ = gap_ || places > in_step;
    if (std::abs(places) > in_step) go_to(part_start_);
  }

  void leave_out_one() {
    ++given_;
    ++frames_since_start_;
    gap_ = read_ > 0;
  }

  void leave_out_overlap() {
    if (at_ == 0 || time_of(frames_since_start_) >= end_) return;
    const double early = std::floor(
        seconds_between(time_of(frames_since_start_), end_) * info_.sample_rate_hz + in_step);
    given_ = static_cast<std::size_t>(std::clamp(early, 0.0, static_cast<double>(filled_)));
    frames_since_start_ += given_;
    left_out_ += given_;
  }

  std::vector<std::unique_ptr<Part>> parts_;
  std::size_t at_ = 0;
  Instant start_;       ///< what frames_since_start_ counts from
  Instant part_start_;  ///< what a part's own times count from
  Instant end_;         ///< of the part before
  Instant given_end_;   ///< of what was given
  std::int64_t moved_ns_ = 0;
  std::uint64_t frames_since_start_ = 0, read_ = 0, expected_ = 0, left_out_ = 0;
  std::vector<Frame> frames_;
  std::vector<char> marks_;
  std::size_t filled_ = 0, given_ = 0;
  bool gap_ = false, synchronised_ = true, always_synchronised_ = true, bridging_ = false;
  Missing missing_;
  SourceInfo info_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<RecordingSource> join(std::vector<std::unique_ptr<Part>> parts,
                                      std::optional<Instant> start) {
  return std::make_unique<JoinedParts>(std::move(parts), start);
}

}  // namespace polyphase::sources::recording
