#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

#include "pq/network_model.hpp"

/// The words of the tests that need transients: branches of R, L and C, solved step by step.
///
/// Per unit of network_model.hpp, times in cycles. A branch is in series
///
///   v = r i + L di/dt + vc + emf      x = w L, xc = 1 / (w C), w = 2 pi
///
/// and by the trapezoidal rule over a step h, with a = 2 L / h = x / (pi h), b = h / (2 C) = pi h
/// xc
///
///   (r + a + b) i = v - emf - history      vl = v - emf - r i - vc, the inductance's share
///   history = vc - a i' + b i' - vl'       primes: of the step before
///
/// Where a switch moves, two half steps of backward Euler follow, history = vc - a i', which damp
/// the numerical oscillation and need the same conductances (critical damping adjustment, Marti and
/// Lin; paper not read).
namespace polyphase::pq {

class TransientNetwork {
 public:
  using Node = std::size_t;
  static constexpr Node earth = 0;

  struct Branch {
    Node from = earth, to = earth;
    Complex impedance = 0;      ///< r + j x
    double xc = 0;              ///< 0: no capacitor
    Complex emf = 0;            ///< drives the current from `to` to `from`
    bool closed = true;         ///< also: part of the state that start() takes for steady
    double knee = 0, flux = 0;  ///< above 0: an inductance that is there while |flux| is above it
    // State.
    double current = 0, on_capacitor = 0, on_inductor = 0;
    bool opening = false;
  };

  explicit TransientNetwork(double step_cycles) : step_(step_cycles) {}

  Node node() {
    voltage_.push_back(0);
    return voltage_.size() - 1;
  }
  std::size_t add(const Branch& branch) {
    branches_.push_back(branch);
    return branches_.size() - 1;
  }

  /// Goes to the steady state of what is closed, at this time.
  void start(double cycles) {
    now_ = cycles;
    const std::vector<Complex> steady = solve();
    const auto at_now = [rotor = rotor(cycles)](Complex phasor) { return (phasor * rotor).real(); };
    for (Node n = 0; n < voltage_.size(); ++n) voltage_[n] = at_now(steady[n]);
    for (Branch& b : branches_) {
      if (!b.closed) continue;
      const Complex current = current_of(b, steady);
      b.current = at_now(current);
      b.on_capacitor = at_now(current * Complex(0, -b.xc));
      b.on_inductor = at_now(current * Complex(0, b.impedance.imag()));
    }
    changed_ = true;
  }
  /// Phasors (rms) of the nodes in the steady state of what is closed.
  std::vector<Complex> solve() const {
    const std::size_t n = voltage_.size();
    std::vector<Complex> driven(n), voltage(n);
    for (const Branch& b : branches_) {
      if (!b.closed) continue;
      driven[b.from] += b.emf / impedance(b);
      driven[b.to] -= b.emf / impedance(b);
    }
    const auto inverse = inverted<Complex>([](const Branch& b) { return 1.0 / impedance(b); });
    for (Node i = 1; i < n; ++i)
      for (Node j = 1; j < n; ++j) voltage[i] += inverse[i * n + j] * driven[j];
    return voltage;
  }
  Complex current_of(std::size_t branch, const std::vector<Complex>& voltage) const {
    return current_of(branches_[branch], voltage);
  }

  void close(std::size_t branch) { branches_[branch].closed = changed_ = true; }
  /// When its current is zero.
  void open(std::size_t branch) { branches_[branch].opening = true; }
  void set_emf(std::size_t branch, Complex emf) { branches_[branch].emf = emf; }
  void set_resistance(std::size_t branch, double ohms) {
    branches_[branch].impedance.real(ohms);
    changed_ = true;
  }

  void step() {
    if (changed_) {
      conductances();
      advance(now_ + step_ / 2, false);
      advance(now_ + step_ / 2, false);
    } else {
      advance(now_ + step_, true);
    }
    changed_ = std::exchange(opened_, false);
    for (Branch& b : branches_) move_switch(b);
  }

  double now() const { return now_; }
  double voltage(Node node) const { return voltage_[node]; }
  double current(std::size_t branch) const { return branches_[branch].current; }
  double charge_voltage(std::size_t branch) const { return branches_[branch].on_capacitor; }

 private:
  static Complex rotor(double cycles) {
    return std::polar(std::numbers::sqrt2, 2 * std::numbers::pi * cycles);
  }
  static Complex impedance(const Branch& b) { return b.impedance - Complex(0, b.xc); }
  static Complex current_of(const Branch& b, const std::vector<Complex>& voltage) {
    return b.closed ? (voltage[b.from] - voltage[b.to] - b.emf) / impedance(b) : 0;
  }
  struct Companion {
    double a = 0, b = 0, conductance = 0, history = 0;
  };
  Companion companion(const Branch& branch) const {
    const double a = branch.impedance.imag() / (std::numbers::pi * step_);
    const double b = branch.xc * std::numbers::pi * step_;
    return {a, b, 1 / (branch.impedance.real() + a + b), 0};
  }

  // Of the matrix of the nodes, row and column 0 (earth) left out; a floating node has a leak.
  template <class T, class Admittance>
  std::vector<T> inverted(Admittance admittance) const {
    const std::size_t n = voltage_.size();
    std::vector<T> m(n * n), inverse(n * n);
    for (const Branch& branch : branches_) {
      if (!branch.closed) continue;
      const T y = admittance(branch);
      m[branch.from * n + branch.from] += y, m[branch.to * n + branch.to] += y;
      m[branch.from * n + branch.to] -= y, m[branch.to * n + branch.from] -= y;
    }
    for (Node i = 1; i < n; ++i) m[i * n + i] += 1e-9, inverse[i * n + i] = 1;
    for (Node k = 1; k < n; ++k) {
      Node pivot = k;
      for (Node i = k; i < n; ++i)
        if (std::abs(m[i * n + k]) > std::abs(m[pivot * n + k])) pivot = i;
      for (Node j = 1; j < n; ++j) {
        std::swap(m[k * n + j], m[pivot * n + j]);
        std::swap(inverse[k * n + j], inverse[pivot * n + j]);
      }
      const T scale = 1.0 / m[k * n + k];
      for (Node j = 1; j < n; ++j) m[k * n + j] *= scale, inverse[k * n + j] *= scale;
      for (Node i = 1; i < n; ++i) {
        const T factor = m[i * n + k];
        if (i == k || factor == 0.0) continue;
        for (Node j = 1; j < n; ++j) {
          m[i * n + j] -= factor * m[k * n + j];
          inverse[i * n + j] -= factor * inverse[k * n + j];
        }
      }
    }
    return inverse;
  }
  void conductances() {
    companions_.clear();
    for (const Branch& b : branches_) companions_.push_back(companion(b));
    inverse_ = inverted<double>([this](const Branch& b) { return companion(b).conductance; });
  }

  void advance(double to, bool trapezoidal) {
    const std::size_t n = voltage_.size();
    const Complex turn = rotor(to);
    driven_.assign(n, 0);
    for (std::size_t k = 0; k < branches_.size(); ++k) {
      const Branch& branch = branches_[k];
      Companion& c = companions_[k];
      if (!branch.closed) continue;
      c.history = branch.on_capacitor - c.a * branch.current;
      if (trapezoidal) c.history += c.b * branch.current - branch.on_inductor;
      c.history += branch.emf.real() * turn.real() - branch.emf.imag() * turn.imag();
      driven_[branch.from] += c.history * c.conductance;
      driven_[branch.to] -= c.history * c.conductance;
    }
    before_ = voltage_;
    for (Node i = 1; i < n; ++i) {
      double sum = 0;
      for (Node j = 1; j < n; ++j) sum += inverse_[i * n + j] * driven_[j];
      voltage_[i] = sum;
    }
    for (std::size_t k = 0; k < branches_.size(); ++k) {
      Branch& branch = branches_[k];
      const Companion& c = companions_[k];
      const double across = voltage_[branch.from] - voltage_[branch.to];
      if (branch.knee > 0)
        branch.flux +=
            std::numbers::pi * (to - now_) * (across + before_[branch.from] - before_[branch.to]);
      if (!branch.closed) continue;
      const double old = branch.current;
      branch.current = (across - c.history) * c.conductance;
      branch.on_capacitor += c.b * (branch.current + (trapezoidal ? old : 0));
      branch.on_inductor = c.a * (branch.current - old) - (trapezoidal ? branch.on_inductor : 0);
      if (!branch.opening || branch.current * old > 0) continue;
      branch.closed = branch.opening = false;
      branch.current = 0;
      opened_ = true;
    }
    now_ = to;
  }

  void move_switch(Branch& b) {
    if (b.knee <= 0) return;
    const bool saturated = std::abs(b.flux) > b.knee;
    if (saturated == b.closed) return;
    b.closed = saturated;
    b.current = b.on_inductor = 0;
    changed_ = true;
  }

  double step_;
  double now_ = 0;
  bool changed_ = true;  ///< the matrix is that of other switches
  bool opened_ = false;
  std::vector<Branch> branches_;
  std::vector<Companion> companions_;
  std::vector<double> voltage_ = {0}, before_, driven_, history_, inverse_;
};

}  // namespace polyphase::pq
