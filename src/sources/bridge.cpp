#include "sources/bridge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace polyphase::sources {
namespace {

bool has(ChannelMask mask, std::size_t lane) {
  return (static_cast<unsigned>(mask) >> lane & 1u) != 0;
}

}  // namespace

void Bridge::add(std::span<const Frame> frames, char marks) {
  for (const Frame& frame : frames) add_one(frame, marks);
}

void Bridge::add_missing(std::size_t count) {
  Frame frame;
  frame.value.fill(std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 0; i < count; ++i) add_one(frame, 0);
}

void Bridge::add_one(const Frame& frame, char marks) {
  const std::size_t here = frames_.size();
  frames_.push_back(frame);
  marks_.push_back(marks);
  mark_gap_of(frame, here);
  for (std::size_t lane = 0; lane < channel_count; ++lane) {
    float& value = frames_[here].value[lane];
    if (!has(present_, lane)) {
      value = 0;
    } else if (std::isnan(value)) {
      marks_[here] = static_cast<char>(marks_[here] | mark_bridged);
      if (open_[lane] == closed) open_[lane] = here;
      held_[lane] = held_[lane] || here - open_[lane] >= bridged_rows_max;
      if (held_[lane]) hold(lane);
    } else {
      const std::size_t first = open_[lane];
      const float from = seen_[lane] ? last_[lane] : value;
      if (first != closed)
        for (std::size_t i = first; i < here; ++i)
          frames_[i].value[lane] = from + (value - from) * static_cast<float>(i - first + 1) /
                                              static_cast<float>(here - first + 1);
      open_[lane] = closed;
      held_[lane] = false;
      last_[lane] = value;
      seen_[lane] = true;
    }
  }
}

// All frames of the run are still here: the input that was the last to be lost waits since its
// begin.
void Bridge::mark_gap_of(const Frame& frame, std::size_t here) {
  for (std::size_t lane = 0; lane < channel_count; ++lane)
    if (has(present_, lane) && !std::isnan(frame.value[lane])) {
      empty_ = closed;
      gap_ = false;
      return;
    }
  if (empty_ == closed) empty_ = here;
  if (!gap_ && here - empty_ < bridged_rows_max) return;
  for (std::size_t i = gap_ ? here : empty_; i <= here; ++i)
    marks_[i] = static_cast<char>(marks_[i] | mark_gap);
  gap_ = true;
}

void Bridge::hold(std::size_t lane) {
  for (std::size_t i = open_[lane]; i < frames_.size(); ++i) frames_[i].value[lane] = last_[lane];
  open_[lane] = closed;
}

void Bridge::finish() {
  for (std::size_t lane = 0; lane < channel_count; ++lane)
    if (open_[lane] != closed) hold(lane);
}

std::size_t Bridge::ready() const {
  return std::min(frames_.size(), *std::min_element(open_.begin(), open_.end())) - taken_;
}

std::size_t Bridge::take(std::span<Frame> frames, std::span<char> marks) {
  const std::size_t count = std::min(frames.size(), ready());
  std::copy_n(frames_.begin() + static_cast<std::ptrdiff_t>(taken_), count, frames.begin());
  std::copy_n(marks_.begin() + static_cast<std::ptrdiff_t>(taken_), count, marks.begin());
  taken_ += count;
  // Forget what was handed out once it outweighs what waits.
  if (taken_ > 0 && taken_ >= frames_.size() - taken_) {
    frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(taken_));
    marks_.erase(marks_.begin(), marks_.begin() + static_cast<std::ptrdiff_t>(taken_));
    for (std::size_t& open : open_)
      if (open != closed) open -= taken_;
    if (empty_ != closed) empty_ -= std::min(empty_, taken_);
    taken_ = 0;
  }
  return count;
}

}  // namespace polyphase::sources
