#include "pq/mains_signalling.hpp"

#include <cmath>
#include <limits>

#include "base/contract.hpp"

namespace polyphase::pq {

double signalling_rms(const VoltageBins& bins, std::size_t channel, double frequency_hz,
                      SignallingMethod method) {
  EXPECTS(channel < signalling_channels && bins.count <= signalling_bins_max);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (!(bins.bin_hz > 0) || !(frequency_hz > 0)) return nan;
  const double at = frequency_hz / bins.bin_hz;
  const bool one = method == SignallingMethod::nearest_bin;
  // Of four, two below and two above; of a frequency on a bin, that one, one below and two above.
  const double first = one ? std::round(at) : std::floor(at + 1e-6) - 1;
  const std::size_t width = one ? 1 : 4;
  if (first < 0 || first + static_cast<double>(width) > static_cast<double>(bins.count)) return nan;
  double squares = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const double rms = static_cast<double>(bins.rms[static_cast<std::size_t>(first) + i][channel]);
    squares += rms * rms;
  }
  return std::sqrt(squares);
}

}  // namespace polyphase::pq
