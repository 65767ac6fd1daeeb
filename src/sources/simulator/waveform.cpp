#include "sources/simulator/waveform.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace polyphase::sources::simulator {
namespace {

using Complex = std::complex<double>;

constexpr double two_pi = 2 * std::numbers::pi;

Complex unit(double turns) { return {std::cos(two_pi * turns), std::sin(two_pi * turns)}; }

// Written out, since the operator of the library asks for infinities.
Complex times(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

std::size_t place_of(double order, std::span<const double> orders) {
  return static_cast<std::size_t>(std::find(orders.begin(), orders.end(), order) - orders.begin());
}

}  // namespace

std::vector<double> orders_of(const Scenario& scenario) {
  std::vector<double> orders{1};
  const auto add = [&](const ChannelState& state) {
    for (const Tone& tone : state.tones)
      if (place_of(tone.order, orders) == orders.size()) orders.push_back(tone.order);
  };
  for (const ChannelState& state : scenario.voltages) add(state);
  for (const Load& load : scenario.loads)
    for (const ChannelState& state : load.phases) add(state);
  return orders;
}

void fill_basis(std::span<const double> orders, const Rotation& rotation, double period_s,
                std::size_t count, Basis& basis) {
  basis.cosine.resize(orders.size());
  basis.sine.resize(orders.size());
  for (std::size_t n = 0; n < orders.size(); ++n) {
    const long double turns = rotation.turns * static_cast<long double>(orders[n]);
    Complex z = unit(static_cast<double>(turns - std::floor(turns)));
    const double bend = orders[n] * rotation.slope_hz_s * period_s * period_s;
    Complex step = unit(orders[n] * rotation.hz * period_s + bend / 2);
    const Complex step_of_step = unit(bend);
    Lane &cosine = basis.cosine[n], &sine = basis.sine[n];
    for (std::size_t k = 0; k < count; ++k) {
      cosine[k] = z.real();
      sine[k] = z.imag();
      z = times(z, step);
      if (bend != 0) step = times(step, step_of_step);
    }
  }
}

Waveform Waveform::of_source(const Scenario& scenario, std::span<const double> orders) {
  Waveform waveform;
  for (std::size_t p = 0; p < 4; ++p) waveform.add_terms(p, scenario.voltages[p], orders, 1, 0);
  return waveform;
}

Waveform Waveform::of_load(const Scenario& scenario, const Load& load,
                           std::span<const double> orders) {
  Waveform waveform;
  for (std::size_t p = 0; p < 4; ++p) waveform.add_terms(4 + p, load.phases[p], orders, 1, 0);
  const double r = scenario.network_resistance_ohm, x = scenario.network_reactance_ohm;
  if (r > 0 || x > 0)
    for (std::size_t p = 0; p < 3; ++p) waveform.add_terms(p, load.phases[p], orders, -r, -x);
  return waveform;
}

void Waveform::add_terms(std::size_t lane, const ChannelState& state,
                         std::span<const double> orders, double sign_and_ohm,
                         double reactance_ohm) {
  if (state.rms <= 0) return;
  const auto add = [&](const Tone& tone) {
    const double turns = (tone.order * state.angle_deg + tone.angle_deg) / 360;
    const double size = std::numbers::sqrt2 * state.rms * tone.percent / 100;
    const Complex c = times(size * unit(turns), {sign_and_ohm, tone.order * reactance_ohm});
    terms_[lane].push_back({place_of(tone.order, orders), c, c});
  };
  add({1, 100, 0});
  for (const Tone& tone : state.tones) add(tone);
}

void Waveform::turn(const std::array<double, 3>& jump_deg, std::span<const double> orders) {
  for (std::size_t lane = 0; lane < channel_count; ++lane) {
    if (lane % 4 == 3) continue;
    for (Term& term : terms_[lane])
      term.turned = times(term.base, unit(orders[term.order] * jump_deg[lane % 4] / 360));
  }
}

void Waveform::add(const Basis& basis, const std::array<Lane, 4>& envelope, std::size_t count,
                   Lanes& lanes) const {
  for (std::size_t lane = 0; lane < channel_count; ++lane) {
    if (terms_[lane].empty()) continue;
    Lane sum{};
    for (const Term& term : terms_[lane]) {
      const Lane &cosine = basis.cosine[term.order], &sine = basis.sine[term.order];
      const double re = term.turned.real(), im = term.turned.imag();
      for (std::size_t k = 0; k < count; ++k) sum[k] += re * cosine[k] - im * sine[k];
    }
    const Lane& factor = envelope[lane % 4];
    for (std::size_t k = 0; k < count; ++k) lanes[lane][k] += factor[k] * sum[k];
  }
}

}  // namespace polyphase::sources::simulator
