#pragma once

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <optional>
#include <utility>

/// The words of the tests of direction: a feeder solved phasor by phasor, and its waves.
///
///   E --Zs/2-- U --Zs/2-- M (meter) --Zf-- D        each three phases with earth return
///
/// Per unit of the load: voltage 1, the load takes 1. Events are admittances at U (upstream) or at
/// D (downstream).
namespace polyphase::pq {

using Complex = std::complex<double>;
using Phases = std::array<Complex, 3>;
using Square3 = std::array<Phases, 3>;

inline Complex at_degrees(double size, double degrees) {
  return std::polar(size, degrees * std::numbers::pi / 180);
}

/// Admittance of three equal impedances with these of the positive and the zero sequence.
inline Square3 line_admittance(Complex z1, Complex z0) {
  const Complex self = (1.0 / z0 + 2.0 / z1) / 3.0, mutual = (1.0 / z0 - 1.0 / z1) / 3.0;
  return {{{self, mutual, mutual}, {mutual, self, mutual}, {mutual, mutual, self}}};
}
inline Square3 wye(Complex admittance) {
  return {{{admittance, 0, 0}, {0, admittance, 0}, {0, 0, admittance}}};
}
inline Square3 phase_to_earth(double ohms) { return {{{1 / ohms, 0, 0}, {}, {}}}; }
inline Square3 phase_to_phase(double ohms) {
  const double y = 1 / ohms;
  return {{{}, {0, y, -y}, {0, -y, y}}};
}
inline Square3 two_phases_to_earth(double ohms) {
  return {{{}, {0, 1 / ohms, 0}, {0, 0, 1 / ohms}}};
}

struct Network {
  double source_impedance = 0.05, source_x_to_r = 5, zero_sequence = 1.5;
  Complex load = 1;                               ///< P + jQ at 1 per unit
  double constant_power = 0;                      ///< share of the load
  double machine = 0;                             ///< power of a synchronous generator at D
  double inverter = 0;                            ///< power of a generator of constant power at D
  Complex source = 1;                             ///< positive sequence
  std::optional<Square3> at_source{}, at_load{};  ///< of an event

  struct State {
    Phases voltage, current;  ///< at the meter, currents towards the load
  };
  std::optional<State> solve() const;
};

namespace network {

constexpr std::size_t nodes = 9;
using Matrix = std::array<std::array<Complex, nodes + 1>, nodes>;

inline void add(Matrix& m, std::size_t a, std::size_t b, const Square3& y, double sign = 1) {
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) m[3 * a + i][3 * b + j] += sign * y[i][j];
}
inline void add_branch(Matrix& m, std::size_t a, std::size_t b, const Square3& y) {
  add(m, a, a, y), add(m, b, b, y), add(m, a, b, y, -1), add(m, b, a, y, -1);
}
inline std::array<Complex, nodes> eliminate(Matrix m) {
  for (std::size_t k = 0; k < nodes; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k; i < nodes; ++i)
      if (std::norm(m[i][k]) > std::norm(m[pivot][k])) pivot = i;
    std::swap(m[k], m[pivot]);
    for (std::size_t i = 0; i < nodes; ++i) {
      if (i == k || m[i][k] == 0.0) continue;
      const Complex factor = m[i][k] / m[k][k];
      for (std::size_t j = k; j <= nodes; ++j) m[i][j] -= factor * m[k][j];
    }
  }
  std::array<Complex, nodes> x;
  for (std::size_t k = 0; k < nodes; ++k) x[k] = m[k][nodes] / m[k][k];
  return x;
}

}  // namespace network

inline std::optional<Network::State> Network::solve() const {
  const double angle = std::atan(source_x_to_r);
  const Complex half = std::polar(source_impedance / 2, angle), feeder = std::polar(0.01, angle);
  const Square3 upstream = line_admittance(half, zero_sequence * half);
  const Square3 downstream = line_admittance(feeder, zero_sequence * feeder);
  network::Matrix fixed{};
  network::add(fixed, 0, 0, upstream);
  network::add_branch(fixed, 0, 1, upstream);
  network::add_branch(fixed, 1, 2, downstream);
  network::add(fixed, 2, 2, wye((1 - constant_power) * std::conj(load)));
  if (at_source) network::add(fixed, 0, 0, *at_source);
  if (at_load) network::add(fixed, 2, 2, *at_load);
  const auto phase = [](std::size_t p) { return at_degrees(1, -120.0 * static_cast<double>(p)); };
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      fixed[i][network::nodes] += upstream[i][j] * source * phase(j);
  if (machine > 0) {
    const Complex y = machine / Complex(0.03, 0.3);
    network::add(fixed, 2, 2, wye(y));
    for (std::size_t p = 0; p < 3; ++p)
      fixed[6 + p][network::nodes] += y * phase(p) * at_degrees(1.05, 17);
  }
  // The currents of constant power follow the voltage, at most 2.5 times theirs at 1 per unit.
  const Complex power = constant_power * load - inverter;
  Phases drawn{};
  for (std::size_t p = 0; p < 3; ++p) drawn[p] = std::conj(power / phase(p));
  for (int turn = 0; turn < 400; ++turn) {
    network::Matrix m = fixed;
    for (std::size_t p = 0; p < 3; ++p) m[6 + p][network::nodes] -= drawn[p];
    const auto v = network::eliminate(m);
    double moved = 0;
    for (std::size_t p = 0; p < 3; ++p) {
      Complex wanted = std::conj(power / v[6 + p]);
      const double limit = 2.5 * std::abs(power);
      if (std::abs(wanted) > limit) wanted *= limit / std::abs(wanted);
      moved = std::max(moved, std::abs(wanted - drawn[p]));
      drawn[p] += 0.5 * (wanted - drawn[p]);
    }
    if (moved > 1e-9) continue;
    State state;
    for (std::size_t p = 0; p < 3; ++p) {
      state.voltage[p] = v[3 + p];
      for (std::size_t j = 0; j < 3; ++j)
        state.current[p] += downstream[p][j] * (v[3 + j] - v[6 + j]);
    }
    return state;
  }
  return std::nullopt;
}

/// The waves of a step from one state to another, in cycles; the currents do not jump: what they
/// miss decays with the time constant of the source.
struct Waves {
  Network::State before, after;
  double edge = 0;  ///< in cycles
  double until = 1e9;
  double decay_cycles = 0;  ///< 0: no offset

  struct Sample {
    std::array<double, 3> voltage, current;
  };
  Sample operator()(double cycles) const {
    const bool within = cycles >= edge && cycles < until;
    const Network::State& state = within ? after : before;
    const auto wave = [](Complex phasor, double at) {
      return std::numbers::sqrt2 * (phasor * std::polar(1.0, 2 * std::numbers::pi * at)).real();
    };
    Sample sample;
    for (std::size_t p = 0; p < 3; ++p) {
      sample.voltage[p] = wave(state.voltage[p], cycles);
      sample.current[p] = wave(state.current[p], cycles);
      if (within && decay_cycles > 0)
        sample.current[p] += wave(before.current[p] - after.current[p], edge) *
                             std::exp((edge - cycles) / decay_cycles);
    }
    return sample;
  }
};

}  // namespace polyphase::pq
