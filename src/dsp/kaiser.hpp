#pragma once

namespace polyphase::dsp {

/// Modified Bessel function of the first kind, order 0.
double bessel_i0(double x);

/// Kaiser window: 1 at the centre, 0 outside |position| > half_width.
double kaiser(double position, double half_width, double beta);

/// sin(pi x) / (pi x)
double sinc(double x);

}  // namespace polyphase::dsp
