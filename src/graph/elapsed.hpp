#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "graph/module.hpp"

namespace polyphase::graph {

/// Nanoseconds from run to run, for the timers of modules. They follow the meter's clock, so that 5
/// s end 5 s later; but when the clock is put forward or back, or samples are missing, only what
/// was measured counts.
class Elapsed {
 public:
  std::int64_t advance_ns(const Step& step) {
    const std::int64_t measured = std::llround(step.duration_s() * 1e9);
    const std::int64_t passed = last_ ? step.time().ns - last_->ns : measured;
    last_ = step.time();
    return passed >= 0 && passed <= measured + jump_ns ? passed : measured;
  }

 private:
  static constexpr std::int64_t jump_ns =
      500'000'000;  // whole cycles differ less from a clock second
  std::optional<Instant> last_;
};

}  // namespace polyphase::graph
