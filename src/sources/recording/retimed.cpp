#include "sources/recording/retimed.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/kaiser.hpp"

namespace polyphase::sources::recording {
namespace {

constexpr std::int64_t half_rows = 32;
constexpr double beta = 9;
constexpr std::size_t chunk_rows = 4'096;

// The window over the distance as a part of half the width: Bessel functions are dear.
class Window {
 public:
  Window() {
    for (std::size_t i = 0; i < value_.size(); ++i)
      value_[i] = dsp::kaiser(static_cast<double>(i) / steps, 1, beta);
    value_[steps + 1] = 0;
  }
  double operator()(double part) const {
    const double place = part * steps;
    const auto i = static_cast<std::size_t>(place);
    return i >= steps ? 0
                      : value_[i] + (value_[i + 1] - value_[i]) * (place - static_cast<double>(i));
  }

 private:
  static constexpr std::size_t steps = 8'192;
  std::array<double, steps + 2> value_{};
};

const Window& window() {
  static const Window made;
  return made;
}

class Retimed final : public Part {
 public:
  Retimed(std::unique_ptr<RowPart> part, const std::array<double, channel_count>& skew_s)
      : part_(std::move(part)), skew_s_(skew_s) {
    info_ = part_->info();
    info_.sample_rate_hz = axis().rate_hz;
    info_.frames_expected = static_cast<std::uint64_t>(axis().duration_s() * axis().rate_hz) + 1;
    for (std::size_t lane = 1; lane < channel_count; ++lane)
      one_skew_ = one_skew_ && skew_s_[lane] == skew_s_[0];
  }

  std::string problem() const override { return part_->problem(); }

  Run read(std::span<Frame> frames, std::span<char> bridged) override {
    Run run;
    while (run.count == 0) {
      if (!segment_begun_ && !begin_segment()) return run;
      while (run.count < frames.size() && interpolate(frames[run.count], bridged[run.count]))
        ++run.count;
      if (run.count == 0) segment_begun_ = false;  // used up
    }
    if (gap_) {
      run.after_gap = true;
      run.time_s = segment_start_s_;
      gap_ = false;
    }
    return run;
  }

 private:
  const TimeAxis& axis() const { return part_->axis(); }

  bool begin_segment() {
    rows_.clear();
    bridged_.clear();
    first_kept_ = 0;
    segment_ended_ = false;
    output_ = 0;
    if (!next_ && !pull()) return false;
    gap_ = next_->run.after_gap;
    segment_start_s_ = next_->run.time_s.value_or(segment_start_s_);
    segment_row_ = rows_given_;
    append_next();
    segment_begun_ = true;
    return true;
  }

  /// One more chunk from the part, kept in next_. False: the end.
  bool pull() {
    Chunk chunk;
    chunk.frames.resize(chunk_rows);
    chunk.bridged.resize(chunk_rows);
    chunk.run = part_->read(chunk.frames, chunk.bridged);
    if (chunk.run.count == 0) return false;
    next_ = std::move(chunk);
    return true;
  }

  void append_next() {
    rows_.insert(rows_.end(), next_->frames.begin(),
                 next_->frames.begin() + static_cast<std::ptrdiff_t>(next_->run.count));
    bridged_.insert(bridged_.end(), next_->bridged.begin(),
                    next_->bridged.begin() + static_cast<std::ptrdiff_t>(next_->run.count));
    rows_given_ += next_->run.count;
    next_.reset();
  }

  std::int64_t rows_end() const { return first_kept_ + static_cast<std::int64_t>(rows_.size()); }

  /// Makes rows of the segment up to `end` present, as far as there are any.
  void need(std::int64_t end) {
    while (!segment_ended_ && rows_end() < end) {
      segment_ended_ = (!next_ && !pull()) || next_->run.after_gap;
      if (!segment_ended_) append_next();
    }
  }

  void forget(std::int64_t before) {
    before = std::min(before, rows_end() - 1);
    const std::int64_t old = before - first_kept_;
    if (old < static_cast<std::int64_t>(chunk_rows)) return;
    rows_.erase(rows_.begin(), rows_.begin() + old);
    bridged_.erase(bridged_.begin(), bridged_.begin() + old);
    first_kept_ = before;
  }

  /// Row, in the segment's own count, that was sampled `time_s` after the segment's first one.
  double row_at(double time_s, double& rate_hz) {
    rate_hz = axis().rate_hz;
    if (axis().even) return time_s * rate_hz;
    const auto& knots = axis().knots;
    const double absolute_s = time_s + segment_start_s_;
    while (knot_ + 1 < knots.size() && knots[knot_ + 1].time_s <= absolute_s) ++knot_;
    rate_hz = knots[knot_].rate_hz;
    return static_cast<double>(knots[knot_].row) - static_cast<double>(segment_row_) +
           (absolute_s - knots[knot_].time_s) * rate_hz;
  }

  bool interpolate(Frame& out, char& bridged) {
    double rate_hz = 0;
    const double row = row_at(static_cast<double>(output_) / axis().rate_hz, rate_hz);
    const auto here = static_cast<std::int64_t>(std::floor(row));
    const auto reach = half_rows + static_cast<std::int64_t>(skew_rows_max);
    need(here + reach + 2);
    if (row > static_cast<double>(rows_end() - 1) + 1e-6) return false;
    out = {};
    if (one_skew_) {
      weigh(row - skew_rows(0, rate_hz));
      for (std::size_t lane = 0; lane < channel_count; ++lane) out.value[lane] = sum(lane);
    } else {
      for (std::size_t lane = 0; lane < channel_count; ++lane) {
        weigh(row - skew_rows(lane, rate_hz));
        out.value[lane] = sum(lane);
      }
    }
    const auto near =
        static_cast<std::size_t>(std::clamp(here, first_kept_, rows_end() - 1) - first_kept_);
    bridged = static_cast<char>(bridged_[near] | bridged_[std::min(near + 1, bridged_.size() - 1)]);
    ++output_;
    forget(here - reach);
    return true;
  }

  double skew_rows(std::size_t lane, double rate_hz) const {
    return std::clamp(skew_s_[lane] * rate_hz, -skew_rows_max, skew_rows_max);
  }

  /// The stretch of one rate that a row lies in, cut at what is there.
  std::pair<std::int64_t, std::int64_t> stretch_of(std::int64_t row) const {
    std::int64_t low = first_kept_, high = rows_end();
    const auto absolute = segment_row_ + static_cast<std::uint64_t>(std::max<std::int64_t>(row, 0));
    const auto& breaks = axis().breaks;
    const auto after = std::upper_bound(breaks.begin(), breaks.end(), absolute);
    const auto local = [&](std::uint64_t b) {
      return static_cast<std::int64_t>(b) - static_cast<std::int64_t>(segment_row_);
    };
    if (after != breaks.end()) high = std::min(high, local(*after));
    if (after != breaks.begin()) low = std::max(low, local(*(after - 1)));
    return {low, high};
  }

  /// Weights of the rows around a position; they add up to 1.
  void weigh(double position) {
    const std::int64_t last = rows_end() - 1;
    position = std::clamp(position, static_cast<double>(first_kept_), static_cast<double>(last));
    const auto base = static_cast<std::int64_t>(std::floor(position));
    const double part = position - static_cast<double>(base);
    const auto [low, high] = stretch_of(base);
    const std::int64_t half =
        std::clamp<std::int64_t>(std::min(base - low + 1, high - 1 - base), 1, half_rows);
    weight_first_ = base - half + 1;
    weight_count_ = static_cast<std::size_t>(2 * half);
    // sin(pi (u - k)) = ± sin(pi part): one sine serves all rows.
    const double sine = std::sin(std::numbers::pi * part) / std::numbers::pi;
    double total = 0;
    for (std::size_t k = 0; k < weight_count_; ++k) {
      const std::int64_t row = weight_first_ + static_cast<std::int64_t>(k);
      const double distance = position - static_cast<double>(row);
      const double sinc =
          std::abs(distance) < 1e-9 ? 1 : ((row - base) % 2 == 0 ? sine : -sine) / distance;
      const bool there = row >= first_kept_ && row <= last;
      weight_[k] = there ? sinc * window()(std::abs(distance) / static_cast<double>(half)) : 0;
      total += weight_[k];
    }
    for (std::size_t k = 0; k < weight_count_; ++k) weight_[k] /= total;
  }

  float sum(std::size_t lane) const {
    double value = 0;
    for (std::size_t k = 0; k < weight_count_; ++k) {
      const std::int64_t row =
          std::clamp(weight_first_ + static_cast<std::int64_t>(k), first_kept_, rows_end() - 1);
      value += weight_[k] *
               static_cast<double>(rows_[static_cast<std::size_t>(row - first_kept_)].value[lane]);
    }
    return static_cast<float>(value);
  }

  struct Chunk {
    std::vector<Frame> frames;
    std::vector<char> bridged;
    Run run;
  };
  static constexpr double skew_rows_max = 64;  ///< more is no skew but damage

  std::unique_ptr<RowPart> part_;
  std::array<double, channel_count> skew_s_;
  bool one_skew_ = true;
  std::optional<Chunk> next_;
  std::vector<Frame> rows_;  ///< of this segment, from row first_kept_ on
  std::vector<char> bridged_;
  std::int64_t first_kept_ = 0;
  std::uint64_t rows_given_ = 0;   ///< by the part, in all
  std::uint64_t segment_row_ = 0;  ///< rows before this segment
  double segment_start_s_ = 0;
  bool segment_begun_ = false, segment_ended_ = false, gap_ = false;
  std::uint64_t output_ = 0;  ///< frames of this segment
  std::size_t knot_ = 0;
  std::array<double, 2 * half_rows> weight_{};
  std::int64_t weight_first_ = 0;
  std::size_t weight_count_ = 0;
};

}  // namespace

std::unique_ptr<Part> retimed(std::unique_ptr<RowPart> part,
                              const std::array<double, channel_count>& skew_s) {
  return std::make_unique<Retimed>(std::move(part), skew_s);
}

}  // namespace polyphase::sources::recording
