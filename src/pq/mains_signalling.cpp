#include "pq/mains_signalling.hpp"

#include <cmath>
#include <limits>

#include "base/contract.hpp"

namespace polyphase::pq {

double signalling_rms(const metering::WindowData& window, std::size_t channel,
                      double frequency_hz, SignallingMethod method) {
  EXPECTS(channel < channel_count);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (window.window == nullptr || window.bins == nullptr || !(frequency_hz > 0)) return nan;
  const metering::Window& of = *window.window;
  if (of.cycles == 0 || (window.present >> channel & 1u) == 0) return nan;
  const double bin_hz = of.frequency_hz / of.cycles;
  const double count = of.order_max * of.cycles;
  const double at = frequency_hz / bin_hz;
  const bool one = method == SignallingMethod::nearest_bin;
  // Of four, two below and two above; of a frequency on a bin, that one, one below and two above.
  const double first = one ? std::round(at) : std::floor(at + 1e-6) - 1;
  const std::size_t width = one ? 1 : 4;
  if (first < 0 || first + static_cast<double>(width) > count) return nan;
  double squares = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const double rms = static_cast<double>(window.bins->bin_rms(static_cast<std::size_t>(first) + i)[channel]);
    squares += rms * rms;
  }
  return std::sqrt(squares);
}

}  // namespace polyphase::pq
