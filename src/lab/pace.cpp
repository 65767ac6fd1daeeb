#include "lab/pace.hpp"

#include <algorithm>
#include <thread>

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
  auto more = source_->next(block);
  if (!more || !*more) return more;
  frames_ += block.frames.size();
  pace_.wait_until(static_cast<double>(frames_) / info().sample_rate_hz, stop_);
  return more;
}

}  // namespace polyphase::lab
