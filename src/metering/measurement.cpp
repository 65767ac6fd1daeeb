// Of an interval of L samples with the sums S:
//   rms = sqrt(S(x^2) / L)      P = S(v i) / L      X1 = sqrt(2) S(x e^(-j theta)) / L   (rms
//   phasor) P1 + j Q1 = V1 conj(I1), cycle by cycle, weighted with each cycle's length
#include "metering/measurement.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace polyphase::metering {
namespace {

template <class Array>
void add(Array& to, const Array& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

}  // namespace

Sums& Sums::operator+=(const Sums& other) {
  length_samples += other.length_samples;
  add(value, other.value);
  add(square, other.square);
  add(line_square, other.line_square);
  residual_square += other.residual_square;
  add(product, other.product);
  add(fundamental, other.fundamental);
  return *this;
}

FundamentalPower& FundamentalPower::operator+=(const FundamentalPower& other) {
  add(active_w_samples, other.active_w_samples);
  add(reactive_var_samples, other.reactive_var_samples);
  return *this;
}

FundamentalPower power_of_cycle(const Sums& cycle, Connection connection) {
  FundamentalPower power;
  const auto& x = cycle.fundamental;
  for (std::size_t p = 0; p < power.active_w_samples.size(); ++p) {
    const std::complex<double> v =
        connection == Connection::wye ? x[p] : (x[p] - x[(p + 2) % 3]) / 3.0;
    // sqrt(2)/L of each phasor, and L of the weight.
    const std::complex<double> s = 2.0 / cycle.length_samples * v * std::conj(x[4 + p]);
    power.active_w_samples[p] = s.real();
    power.reactive_var_samples[p] = s.imag();
  }
  return power;
}

Means means_of(const Sums& sums, const FundamentalPower& power, double sample_rate_hz) {
  Means means;
  const double length = sums.length_samples;
  const auto root = [&](double square) { return std::sqrt(std::max(square, 0.0) / length); };
  means.duration_s = length / sample_rate_hz;
  for (std::size_t c = 0; c < channel_count; ++c) {
    means.dc[c] = sums.value[c] / length;
    means.rms[c] = root(sums.square[c]);
    means.fundamental[c] = std::numbers::sqrt2 / length * sums.fundamental[c];
  }
  for (std::size_t p = 0; p < 3; ++p) {
    means.line_rms[p] = root(sums.line_square[p]);
    means.active_w[p] = sums.product[p] / length;
    means.active_fundamental_w[p] = power.active_w_samples[p] / length;
    means.reactive_fundamental_var[p] = power.reactive_var_samples[p] / length;
  }
  means.residual_rms = root(sums.residual_square);
  return means;
}

}  // namespace polyphase::metering
