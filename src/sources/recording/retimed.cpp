#include "sources/recording/retimed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dsp/kaiser.hpp"

namespace polyphase::sources::recording {
namespace {

constexpr int half_taps = 8;
constexpr double beta = 7;

class Retimed final : public Part {
 public:
  Retimed(std::unique_ptr<Part> part, const std::vector<Stretch>& stretches) : part_(std::move(part)) {
    info_ = part_->info();
    std::vector<Frame> chunk(4096);
    std::vector<char> bridged(chunk.size());
    for (std::size_t n; (n = part_->read(chunk, bridged)) > 0 && frames_.size() < retimed_frames_max;)
      frames_.insert(frames_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(n));
    double time = 0;
    std::uint64_t index = 0;
    for (const Stretch& s : stretches) {
      knots_.push_back({time, static_cast<double>(index), s.sample_rate_hz});
      time += static_cast<double>(s.samples) / s.sample_rate_hz;
      index += s.samples;
    }
    const Knot& last = knots_.back();
    const double end = last.time_s + (static_cast<double>(frames_.size()) - 1 - last.index) / last.rate_hz;
    count_ = end > 0 ? static_cast<std::uint64_t>(end * info_.sample_rate_hz) + 1 : 0;
    info_.frames_expected = count_;
  }

  bool whole() const { return frames_.size() < retimed_frames_max; }

  std::size_t read(std::span<Frame> frames, std::span<char> bridged) override {
    std::size_t n = 0;
    for (; n < frames.size() && next_ < count_; ++n, ++next_) {
      const double time = static_cast<double>(next_) / info_.sample_rate_hz;
      while (knot_ + 1 < knots_.size() && knots_[knot_ + 1].time_s <= time) ++knot_;
      frames[n] = at(knots_[knot_].index + (time - knots_[knot_].time_s) * knots_[knot_].rate_hz);
      bridged[n] = 0;
    }
    return n;
  }
  std::string problem() const override { return part_->problem(); }

 private:
  struct Knot {
    double time_s, index, rate_hz;
  };

  Frame at(double position) const {
    const auto base = static_cast<std::int64_t>(std::floor(position));
    std::array<double, channel_count> sum{};
    double total = 0;
    for (std::int64_t i = base - half_taps + 1; i <= base + half_taps; ++i) {
      const double u = static_cast<double>(i) - position;
      const double w = dsp::sinc(u) * dsp::kaiser(u, half_taps, beta);
      const auto held = static_cast<std::size_t>(std::clamp<std::int64_t>(i, 0, static_cast<std::int64_t>(frames_.size()) - 1));
      total += w;
      for (std::size_t c = 0; c < channel_count; ++c) sum[c] += w * static_cast<double>(frames_[held].value[c]);
    }
    Frame out;
    for (std::size_t c = 0; c < channel_count; ++c) out.value[c] = static_cast<float>(sum[c] / total);
    return out;
  }

  std::unique_ptr<Part> part_;
  std::vector<Frame> frames_;
  std::vector<Knot> knots_;
  std::size_t knot_ = 0;
  std::uint64_t count_ = 0, next_ = 0;
};

}  // namespace

Result<std::unique_ptr<Part>> retimed(std::unique_ptr<Part> part, const std::vector<Stretch>& stretches) {
  auto out = std::make_unique<Retimed>(std::move(part), stretches);
  if (!out->whole())
    return fail(ErrorCode::limit, fmt::format("a recording with several sampling rates may hold {} samples", retimed_frames_max),
                out->info().path);
  return out;
}

}  // namespace polyphase::sources::recording
