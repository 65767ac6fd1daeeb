#include "pq/transient_network.hpp"

#include <gtest/gtest.h>

#include "pq/transient_feeder.hpp"

// The model that the tests of direction rest on, against closed forms and against the phasors of
// network_model.hpp.
namespace polyphase::pq {
namespace {

constexpr double step = 1.0 / 2048, w = 2 * std::numbers::pi, peak = std::numbers::sqrt2;

/// A source, its impedance, and a branch behind it that is closed at `at`, in cycles.
struct Circuit {
  Circuit(Complex source_impedance, const TransientNetwork::Branch& switched, double at = 0)
      : middle(network.node()) {
    network.add({.from = middle, .impedance = source_impedance, .emf = 1});
    TransientNetwork::Branch branch = switched;
    branch.from = middle, branch.closed = false;
    load = network.add(branch);
    network.start(at);
    network.close(load);
  }
  TransientNetwork network{step};
  TransientNetwork::Node middle;
  std::size_t load = 0;
};

TEST(TransientNetwork, RingsLikeACapacitorBehindAnInductance) {
  // Without resistance, closed at the peak: v = A (cos w t - cos W t), W = w sqrt(xc / x).
  const double x = 0.02, xc = 2, ringing = w * std::sqrt(xc / x);
  const double size = peak * xc / (xc - x);
  Circuit circuit(Complex(0, x), {.xc = xc});
  double highest = 0;
  for (int n = 0; n < 2048; ++n) {
    circuit.network.step();
    const double t = circuit.network.now();
    const double voltage = circuit.network.charge_voltage(circuit.load);
    EXPECT_NEAR(voltage, size * (std::cos(w * t) - std::cos(ringing * t)), 0.01 * peak) << t;
    highest = std::max(highest, voltage);
  }
  EXPECT_GT(highest, 1.95 * peak);
  EXPECT_LT(highest, 2.03 * peak);
}

TEST(TransientNetwork, HasTheOffsetOfAFaultAndItsTimeConstant) {
  for (const double x_to_r : {1.0, 5.0, 20.0}) {
    const Complex z = std::polar(0.1, std::atan(x_to_r));
    const double at = 0.1;
    Circuit circuit(z / 2.0, {.impedance = z / 2.0}, at);
    const Complex current = peak / z;
    for (int n = 0; n < 3 * 2048; ++n) {
      circuit.network.step();
      const double t = circuit.network.now();
      const double expected = (current * std::polar(1.0, w * t)).real() -
                              (current * std::polar(1.0, w * at)).real() *
                                  std::exp(-w * (t - at) * z.real() / z.imag());
      EXPECT_NEAR(circuit.network.current(circuit.load), expected, 1e-3 * peak / 0.1) << t;
    }
  }
}

TEST(TransientNetwork, OpensACapacitorAtZeroCurrentAndKeepsItsCharge) {
  Circuit circuit(Complex(0.01, 0.02), {.xc = 2});
  for (int n = 0; n < 20 * 2048; ++n) circuit.network.step();
  circuit.network.open(circuit.load);
  for (int n = 0; n < 2048; ++n) circuit.network.step();
  EXPECT_EQ(circuit.network.current(circuit.load), 0);
  EXPECT_NEAR(std::abs(circuit.network.charge_voltage(circuit.load)), peak * 2 / 1.98, 0.01);
}

TEST(TransientNetwork, DoesNotOscillateFromStepToStepWhereAnInductanceIsSwitched) {
  Circuit circuit(Complex(0.001, 0.1), {.impedance = Complex(0.001, 0.1)}, 0.13);
  for (int n = 0; n < 2048; ++n) circuit.network.step();
  circuit.network.open(circuit.load);
  for (int n = 0; n < 1500; ++n) circuit.network.step();
  for (int n = 0; n < 20; ++n) {  // nothing flows: the voltage is the source's
    circuit.network.step();
    EXPECT_NEAR(circuit.network.voltage(circuit.middle), peak * std::cos(w * circuit.network.now()),
                1e-6);
  }
}

TEST(TransientNetwork, SaturatesAnInductance) {
  // Closed at the voltage's zero the flux swings to twice its peak: (2 - knee) of it over x flow.
  const double x = 0.4, knee = 1.2 * peak;
  TransientNetwork network(step);
  const auto middle = network.node();
  network.add({.from = middle, .impedance = 1e-6, .emf = 1});
  const auto iron =
      network.add({.from = middle, .impedance = Complex(0, x), .closed = false, .knee = knee});
  network.start(-0.25);
  double highest = 0;
  for (int n = 0; n < 2048; ++n) {
    network.step();
    highest = std::max(highest, network.current(iron));
  }
  EXPECT_NEAR(highest, (2 * peak - knee) / x, 0.01 * peak / x);
  EXPECT_EQ(network.current(iron), 0) << "out of saturation again";
}

double distance(const Phases& a, const Phases& b) {
  double most = 0;
  for (std::size_t p = 0; p < 3; ++p) most = std::max(most, std::abs(a[p] - b[p]));
  return most;
}

/// Phasors of the cycle that follows, by correlation.
Network::State measured(TransientFeeder& feeder) {
  Network::State state{};
  const int count = static_cast<int>(std::lround(1 / step));
  for (int n = 0; n < count; ++n) {
    const Waves::Sample sample = feeder.now();
    const Complex turn = std::polar(peak * step, -w * feeder.network.now());
    for (std::size_t p = 0; p < 3; ++p) {
      state.voltage[p] += sample.voltage[p] * turn;
      state.current[p] += sample.current[p] * turn;
    }
    feeder.network.step();
  }
  return state;
}

TEST(TransientFeeder, HasThePhasorsOfTheModelBeforeAndAfterAnEvent) {
  for (const double x_to_r : {1.0, 5.0})
    for (const Complex load : {Complex(1), Complex(0.8, 0.6), Complex(0.95, -0.312)})
      for (const double machine : {0.0, 0.7})
        for (const bool down : {false, true})
          for (const bool capacitor : {false, true}) {
            const Network calm{.source_x_to_r = x_to_r, .load = load, .machine = machine};
            TransientFeeder feeder(calm, step);
            const auto& bus = down ? feeder.downstream : feeder.upstream;
            Square3 cause = phase_to_earth(0.05);
            std::vector<std::size_t> switched;
            if (capacitor) {
              cause = wye(1.0 / (Complex(0.0005, 0.002) / 0.5 - Complex(0, 2)));
              const auto bank = feeder.capacitors(bus, 0.5, false);
              switched.assign(bank.begin(), bank.end());
            } else {
              switched.push_back(feeder.network.add(
                  {.from = bus.phase[0], .to = bus.neutral, .impedance = 0.05, .closed = false}));
            }
            Network after = calm;
            (down ? after.at_load : after.at_source) = cause;
            const auto before = calm.solve().value(), then = after.solve().value();
            feeder.network.start(0);
            const auto at_first = measured(feeder);
            EXPECT_LT(distance(at_first.voltage, before.voltage), 1e-3);
            EXPECT_LT(distance(at_first.current, before.current), 2e-3);
            for (const std::size_t branch : switched) feeder.network.close(branch);
            while (feeder.network.now() < 25) feeder.network.step();
            const auto at_last = measured(feeder);
            EXPECT_LT(distance(at_last.voltage, then.voltage), 1e-3);
            EXPECT_LT(distance(at_last.current, then.current), 3e-3);
          }
}

}  // namespace
}  // namespace polyphase::pq
