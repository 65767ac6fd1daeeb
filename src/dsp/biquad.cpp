// Bilinear transform      s = 2 rate (1 - z^-1) / (1 + z^-1)
// Butterworth, order 6    poles at w0 e^(j pi (7 + 2 k) / 12), k = 0 .. 5: three pairs
#include "dsp/biquad.hpp"

#include <cmath>
#include <numbers>

namespace polyphase::dsp {

Biquad bilinear(const std::array<double, 3>& n, const std::array<double, 3>& d, double rate_hz) {
  const double k = 2 * rate_hz;
  if (n[2] == 0 && d[2] == 0) {  // else a pole at -1 stays, which a zero hides and noise feeds
    const double whole = d[0] + d[1] * k;
    return {(n[0] + n[1] * k) / whole, (n[0] - n[1] * k) / whole, 0, (d[0] - d[1] * k) / whole, 0};
  }
  const auto transformed = [k](const std::array<double, 3>& c) {
    const double square = c[2] * k * k, line = c[1] * k;
    return std::array{square + line + c[0], 2 * (c[0] - square), square - line + c[0]};
  };
  const auto above = transformed(n), below = transformed(d);
  return {above[0] / below[0], above[1] / below[0], above[2] / below[0], below[1] / below[0],
          below[2] / below[0]};
}

std::array<Biquad, 3> butterworth_6(double cutoff_hz, double rate_hz) {
  const double w0 = 2 * rate_hz * std::tan(std::numbers::pi * cutoff_hz / rate_hz);
  std::array<Biquad, 3> sections;
  for (std::size_t k = 0; k < sections.size(); ++k) {
    const double angle = std::numbers::pi * (7 + 2 * static_cast<double>(k)) / 12;
    sections[k] = bilinear({w0 * w0, 0, 0}, {w0 * w0, -2 * w0 * std::cos(angle), 1}, rate_hz);
  }
  return sections;
}

std::complex<double> response(const Biquad& section, double frequency_hz, double rate_hz) {
  const auto z = std::polar(1.0, -2 * std::numbers::pi * frequency_hz / rate_hz);
  return (section.b0 + z * (section.b1 + z * section.b2)) /
         (1.0 + z * (section.a1 + z * section.a2));
}

}  // namespace polyphase::dsp
