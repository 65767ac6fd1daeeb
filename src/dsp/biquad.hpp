#pragma once

#include <array>
#include <complex>

#include "dsp/kernels.hpp"

namespace polyphase::dsp {

/// (n[2] s^2 + n[1] s + n[0]) / (d[2] s^2 + d[1] s + d[0]) by the bilinear transform, which is
/// exact at 0 Hz and bends upper frequencies down: f is met at tan(pi f / rate) rate / pi.
Biquad bilinear(const std::array<double, 3>& n, const std::array<double, 3>& d, double rate_hz);

/// Low-pass of the sixth order, 3 dB down exactly at `cutoff_hz`, which is below half the rate.
std::array<Biquad, 3> butterworth_6(double cutoff_hz, double rate_hz);

std::complex<double> response(const Biquad& section, double frequency_hz, double rate_hz);

}  // namespace polyphase::dsp
