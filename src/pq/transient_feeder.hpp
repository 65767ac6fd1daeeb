#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

#include "dsp/kaiser.hpp"
#include "pq/transient_network.hpp"

namespace polyphase::pq {

/// The feeder of network_model.hpp step by step: loads and generators are impedances and an emf
/// behind one. Each bus has a node of local earth, through which the zero sequence returns.
class TransientFeeder {
 public:
  using Node = TransientNetwork::Node;
  struct Bus {
    std::array<Node, 3> phase{};
    Node neutral = 0;
  };
  using Bank = std::array<std::size_t, 3>;  ///< branches

  /// `model`: without constant power. Steady once network.start() is called.
  TransientFeeder(const Network& model, double step_cycles) : network(step_cycles) {
    for (Bus* bus : {&upstream, &meter, &downstream}) {
      for (Node& node : bus->phase) node = network.node();
      bus->neutral = network.node();
    }
    const double angle = std::atan(model.source_x_to_r);
    const Complex half = std::polar(model.source_impedance / 2, angle);
    const double back = (model.zero_sequence - 1) / 3;  // of an impedance, in the way back
    section(upstream, {}, half, back, model.source);
    section(meter, upstream, half, back);
    line_ = section(meter, downstream, std::polar(0.01, angle), back);
    if (model.load.imag() < 0) {
      bank(downstream, 1 / model.load.real());
      capacitors(downstream, -model.load.imag());
    } else {
      bank(downstream, 1.0 / std::conj(model.load));
    }
    if (model.machine > 0) {
      const Bank machine = bank(downstream, Complex(0.03, 0.3) / model.machine);
      for (std::size_t p = 0; p < 3; ++p)
        network.set_emf(machine[p], turned(at_degrees(1.05, 17), p));
    }
  }

  /// From each phase to the local earth, or to `star`.
  Bank bank(const Bus& bus, Complex impedance, double xc = 0, bool closed = true,
            std::optional<Node> star = {}) {
    Bank branches{};
    for (std::size_t p = 0; p < 3; ++p)
      branches[p] = network.add({.from = bus.phase[p],
                                 .to = star.value_or(bus.neutral),
                                 .impedance = impedance,
                                 .xc = xc,
                                 .closed = closed});
    return branches;
  }
  /// With the small impedance of their leads, about 1 / 500 of theirs.
  Bank capacitors(const Bus& bus, double susceptance, bool closed = true,
                  std::optional<Node> star = {}) {
    return bank(bus, Complex(0.0005, 0.002) / susceptance, 1 / susceptance, closed, star);
  }

  /// A converter beside the load: this current in phase with the source, whatever the voltage.
  void inject(double current) {
    const double stiff = 50 / current;
    const Bank branches = bank(downstream, stiff);
    for (std::size_t p = 0; p < 3; ++p) network.set_emf(branches[p], turned(51, p));
  }

  Network::State steady() const {
    const auto v = network.solve();
    Network::State state;
    for (std::size_t p = 0; p < 3; ++p) {
      state.voltage[p] = v[meter.phase[p]] - v[meter.neutral];
      state.current[p] = network.current_of(line_[p], v);
    }
    return state;
  }
  Waves::Sample now() const {
    Waves::Sample sample;
    for (std::size_t p = 0; p < 3; ++p) {
      sample.voltage[p] = network.voltage(meter.phase[p]) - network.voltage(meter.neutral);
      sample.current[p] = network.current(line_[p]);
    }
    return sample;
  }

  TransientNetwork network;
  Bus upstream, meter, downstream;

 private:
  static Complex turned(Complex positive, std::size_t p) {
    return positive * at_degrees(1, -120.0 * static_cast<double>(p));
  }
  Bank section(const Bus& from, const Bus& to, Complex impedance, double back, Complex emf = 0) {
    Bank branches{};
    for (std::size_t p = 0; p < 3; ++p)
      branches[p] = network.add({.from = from.phase[p],
                                 .to = to.phase[p],
                                 .impedance = impedance,
                                 .emf = turned(emf, p)});
    network.add({.from = from.neutral, .to = to.neutral, .impedance = back * impedance});
    return branches;
  }

  Bank line_{};  ///< behind the meter
};

/// What the meter samples of a feeder: steady up to `begin`, then what the steps give, behind a
/// low-pass as every converter has.
class TransientWaves {
 public:
  static constexpr std::size_t steps_per_sample = 8;

  /// `act` is asked before every step; sample n is at n / samples_per_cycle.
  TransientWaves(TransientFeeder& feeder, double samples_per_cycle, std::size_t begin,
                 std::size_t end, const std::function<void(TransientFeeder&)>& act)
      : steady_(feeder.steady()), per_cycle_(samples_per_cycle), begin_(begin + half_width) {
    feeder.network.start(static_cast<double>(begin) / samples_per_cycle);
    std::vector<Waves::Sample> fine;
    for (std::size_t n = 0; n < (end - begin) * steps_per_sample; ++n) {
      fine.push_back(feeder.now());
      act(feeder);
      feeder.network.step();
    }
    for (std::size_t n = half_width; n + half_width < end - begin; ++n)
      samples_.push_back(low_passed(&fine[(n - half_width) * steps_per_sample]));
  }

  const Network::State& steady() const { return steady_; }
  Waves::Sample operator()(std::size_t n) const {
    if (n >= begin_) return samples_[std::min(n - begin_, samples_.size() - 1)];
    return Waves{.before = steady_, .after = steady_}(static_cast<double>(n) / per_cycle_);
  }

 private:
  static constexpr std::size_t half_width = 8;  ///< samples
  static constexpr std::size_t taps = 2 * half_width * steps_per_sample + 1;

  /// Kaiser-windowed, half of it gone at 0.4 of the sample rate, 60 dB at 0.5.
  static std::array<double, taps> low_pass() {
    std::array<double, taps> weights{};
    double sum = 0;
    for (std::size_t k = 0; k < taps; ++k) {
      const double at = static_cast<double>(k) / steps_per_sample - half_width;
      weights[k] = dsp::sinc(0.8 * at) * dsp::kaiser(at, half_width, 5.65);
      sum += weights[k];
    }
    for (double& weight : weights) weight /= sum;
    return weights;
  }
  static Waves::Sample low_passed(const Waves::Sample* fine) {
    static const std::array<double, taps> weights = low_pass();
    Waves::Sample sample{};
    for (std::size_t k = 0; k < taps; ++k)
      for (std::size_t p = 0; p < 3; ++p) {
        sample.voltage[p] += weights[k] * fine[k].voltage[p];
        sample.current[p] += weights[k] * fine[k].current[p];
      }
    return sample;
  }

  Network::State steady_;
  double per_cycle_;
  std::size_t begin_;
  std::vector<Waves::Sample> samples_;
};

}  // namespace polyphase::pq
