#include "lab/pace.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace polyphase::lab {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

void Pace::wait_until(double life_s, const std::atomic<bool>& stop) const {
  if (speed_ <= 0) return;
  const auto due = began_ + Seconds(life_s / speed_);
  constexpr Seconds nap(0.1);  // a stop is not kept waiting longer
  for (auto now = Clock::now(); now < due && !stop; now = Clock::now())
    std::this_thread::sleep_for(std::min<Seconds>(nap, due - now));
}

Result<bool> PacedSource::next(SampleBlock& block) {
  if (rest_.frames.empty()) {
    auto more = source_->next(rest_);
    if (!more || !*more) return more;
  }
  // Few at a time, however much the source gives at once.
  constexpr double piece_s = 0.025;
  const double rate_hz = info().sample_rate_hz;
  const std::size_t asked = std::exchange(wanted_, std::size_t{0});
  const auto piece =
      std::max<std::size_t>(1, asked > 0 ? asked : static_cast<std::size_t>(piece_s * rate_hz));
  block = rest_;
  block.frames = rest_.frames.first(std::min(piece, rest_.frames.size()));
  rest_.frames = rest_.frames.subspan(block.frames.size());
  rest_.time_first = rest_.time_first.plus_s(static_cast<double>(block.frames.size()) / rate_hz);
  rest_.after_gap = false;
  frames_ += block.frames.size();
  pace_.wait_until(static_cast<double>(frames_) / rate_hz, stop_);
  return true;
}

}  // namespace polyphase::lab
