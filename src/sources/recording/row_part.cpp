#include "sources/recording/row_part.hpp"

#include <algorithm>

namespace polyphase::sources::recording {
namespace {

constexpr std::size_t chunk_rows = 1'024;

}  // namespace

std::size_t RowPart::rows_ahead(std::size_t wanted) const {
  std::uint64_t end = axis_.segment_end(segment_);
  if (insertion_ < axis_.insertions.size()) end = std::min(end, axis_.insertions[insertion_].row);
  return static_cast<std::size_t>(std::min<std::uint64_t>(wanted, end - row_));
}

bool RowPart::step_over_gap() {
  if (insertion_ < axis_.insertions.size() && axis_.insertions[insertion_].row == row_) {
    bridge_->add_missing(axis_.insertions[insertion_++].count);
    waiting_ = true;
    return true;
  }
  if (segment_ + 1 >= axis_.segments.size() || row_ < axis_.segment_end(segment_)) return false;
  if (waiting_) {
    bridge_->finish();
    return true;
  }
  bridge_.emplace(info_.present);
  gap_end_s_ = axis_.segments[++segment_].start_s;
  return true;
}

Run RowPart::read(std::span<Frame> frames, std::span<char> bridged) {
  if (!bridge_) bridge_.emplace(info_.present);
  Run run;
  while (run.count == 0) {
    if (waiting_) {
      run.count = bridge_->take(frames, bridged);
      waiting_ = !bridge_->empty();
      if (run.count > 0) break;
    }
    if (step_over_gap()) continue;
    bool missing = false;
    if (waiting_) {
      chunk_.resize(chunk_rows);
      const std::size_t count = read_rows(std::span(chunk_).first(rows_ahead(chunk_rows)), missing);
      row_ += count;
      bridge_->add(std::span<const Frame>(chunk_).first(count));
      if (count == 0) bridge_->finish();
      continue;
    }
    const std::size_t count = read_rows(frames.first(rows_ahead(frames.size())), missing);
    if (count == 0) return {};
    row_ += count;
    if (missing) {
      bridge_->add(frames.first(count));
      waiting_ = true;
      continue;
    }
    // The common case: nothing is copied; the bridge only learns the last values.
    bridge_->add(frames.subspan(count - 1, 1));
    run.count =
        bridge_->take(frames.subspan(count - 1, 1), bridged.subspan(count - 1, 1)) + count - 1;
    std::fill_n(bridged.begin(), count, char{0});
  }
  if (gap_end_s_) {
    run.after_gap = true;
    run.time_s = gap_end_s_;
    gap_end_s_.reset();
  }
  return run;
}

}  // namespace polyphase::sources::recording
