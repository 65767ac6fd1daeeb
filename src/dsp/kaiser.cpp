#include "dsp/kaiser.hpp"

#include <cmath>
#include <numbers>

namespace polyphase::dsp {

// Power series sum ((x/2)^k / k!)^2, which converges for every argument.
double bessel_i0(double x) {
  double term = 1, sum = 1;
  for (int k = 1; term > sum * 1e-17; ++k) {
    term *= (x / 2 / k) * (x / 2 / k);
    sum += term;
  }
  return sum;
}

double kaiser(double position, double half_width, double beta) {
  const double r = position / half_width;
  return std::abs(r) > 1 ? 0 : bessel_i0(beta * std::sqrt(1 - r * r)) / bessel_i0(beta);
}

double sinc(double x) {
  const double a = std::numbers::pi * x;
  return std::abs(a) < 1e-9 ? 1 : std::sin(a) / a;
}

}  // namespace polyphase::dsp
