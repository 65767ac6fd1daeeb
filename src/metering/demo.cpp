#include "metering/demo.hpp"

#include <cmath>
#include <numbers>

namespace polyphase::metering {

void demo_signal(std::span<Frame> frames, double sample_rate_hz, double frequency_hz,
                 std::uint64_t first) {
  constexpr double voltage_v = 277, current_a = 100, neutral_a = 5,
                   lag = 20 * std::numbers::pi / 180;
  constexpr double third = 2 * std::numbers::pi / 3;
  for (std::size_t n = 0; n < frames.size(); ++n) {
    const double turns = static_cast<double>(first + n) * frequency_hz / sample_rate_hz;
    const double angle = 2 * std::numbers::pi * (turns - std::floor(turns));
    Frame& frame = frames[n];
    frame = {};
    for (std::size_t p = 0; p < 3; ++p) {
      const double a = angle - static_cast<double>(p) * third;
      const double v = std::cos(a) + 0.03 * std::cos(5 * a) + 0.02 * std::cos(7 * a);
      const double i = std::cos(a - lag) + 0.08 * std::cos(5 * a) + 0.05 * std::cos(7 * a);
      frame.value[p] = static_cast<float>(std::numbers::sqrt2 * voltage_v * v);
      frame.value[4 + p] = static_cast<float>(std::numbers::sqrt2 * current_a *
                                              (1 + 0.05 * static_cast<double>(p)) * i);
    }
    frame.value[7] = static_cast<float>(std::numbers::sqrt2 * neutral_a * std::cos(angle));
  }
}

}  // namespace polyphase::metering
