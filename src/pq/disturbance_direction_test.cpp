#include "pq/disturbance_direction.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "pq/network_model.hpp"

namespace polyphase::pq {
namespace {

constexpr std::size_t samples = 32;  ///< of a half cycle
constexpr int calm_half_cycles = 12;

double rms_before(const Waves& waves, std::size_t p, metering::Connection connection) {
  const Phases& v = waves.before.voltage;
  return std::abs(connection == metering::Connection::delta ? v[p] - v[(p + 1) % 3] : v[p]);
}

/// From `begin` on, in cycles; positions are in samples of a calm half cycle.
metering::HalfCycle half_cycle_of(const Waves& waves, int number, double begin, double length,
                                  metering::Connection connection) {
  metering::HalfCycle half;
  half.number = number + 1;
  half.begin = 2 * samples * begin;
  half.end = half.begin + 2 * samples * length;
  half.sums.length_samples = samples;
  for (std::size_t s = 0; s < samples; ++s) {
    const double part = (static_cast<double>(s) + 0.5) / samples;
    const auto sample = waves(begin + length * part);
    const Complex back = std::polar(1.0, -std::numbers::pi * (number + part));
    for (std::size_t p = 0; p < 3; ++p) {
      const double v = connection == metering::Connection::delta
                           ? sample.voltage[p] - sample.voltage[(p + 1) % 3]
                           : sample.voltage[p];
      half.sums.fundamental[p] += v * back;
      half.sums.fundamental[4 + p] += sample.current[p] * back;
      half.sums.value[4 + p] += sample.current[p];
      half.sums.square[p] += v * v;
      half.sums.product[p] += sample.voltage[p] * sample.current[p];
    }
  }
  return half;
}

/// What is special about the half cycles.
struct Input {
  ChannelMask present = 0x77;
  metering::Connection connection = metering::Connection::wye;
  bool clipped = false;
  int first = 0;    ///< half cycle that is fed first
  double late = 0;  ///< share by which those of the disturbance are longer
};

/// Feeds half cycles until it is judged, starting where a sag or swell beyond 10 % would; nothing
/// where there was none.
std::optional<DirectionFinding> found(const Waves& waves, const Input& input = {}) {
  DisturbanceDirection direction;
  std::array<double, 3> before{};
  bool started = false;
  double begin = input.first / 2.0;
  for (int n = input.first; n < calm_half_cycles + 20; ++n) {
    const double length = n < calm_half_cycles + 1 ? 0.5 : 0.5 * (1 + input.late);
    metering::HalfCycle half = half_cycle_of(waves, n, begin, length, input.connection);
    begin += length;
    half.quality[4].bits = input.clipped ? Quality::clipped : 0;
    metering::HalfCycleData data;
    data.half_cycle = &half;
    data.present = input.present;
    data.connection = input.connection;
    direction.update(data);
    if (started && !direction.running()) return direction.finish();
    for (std::size_t p = 0; p < 3 && !started; ++p) {
      const double rms = std::sqrt((before[p] + half.sums.square[p]) / (2 * samples));
      const double nominal = rms_before(waves, p, input.connection);
      started = n > input.first && (rms < 0.9 * nominal || rms > 1.1 * nominal);
      if (started) direction.start();
    }
    for (std::size_t p = 0; p < 3; ++p) before[p] = half.sums.square[p];
  }
  return std::nullopt;
}

struct Case {
  std::string name;
  std::optional<Network::State> before;
  Network after;
  double x_to_r;
  Direction truth;
};

Waves waves_of(const Network::State& before, const Network::State& after, double edge,
               double x_to_r, bool offset) {
  return {before, after, calm_half_cycles / 2.0 + edge, 1e9,
          offset ? x_to_r / (2 * std::numbers::pi) : 0};
}

/// Everything that may happen on either side of the meter.
std::vector<std::pair<std::string, Square3>> causes() {
  std::vector<std::pair<std::string, Square3>> list;
  for (const double ohms : {0.002, 0.02, 0.06, 0.15}) {
    list.emplace_back("three-phase fault", wye(1 / ohms));
    list.emplace_back("earth fault", phase_to_earth(ohms));
    list.emplace_back("fault between phases", phase_to_phase(ohms));
    list.emplace_back("two phases to earth", two_phases_to_earth(ohms));
  }
  list.emplace_back("load step", wye(at_degrees(1.5, -25)));
  list.emplace_back("motor start", wye(at_degrees(5, -70)));
  list.emplace_back("capacitor", wye(Complex(0, 0.6)));
  return list;
}

std::vector<Case> sweep() {
  std::vector<Case> list;
  for (const double x_to_r : {0.5, 2.0, 10.0})
    for (const double zs : {0.03, 0.1, 0.25})
      for (const auto& [pf, load] : {std::pair{"pf 1", Complex(1, 0)},
                                     {"pf 0.8 lag", {0.8, 0.6}},
                                     {"pf 0.9 lead", {0.9, -0.436}}})
        for (const double share : {0.0, 0.5, 1.0})
          for (const auto& [generation, machine, inverter] : {std::tuple{"", 0.0, 0.0},
                                                              {" machine", 0.7, 0.0},
                                                              {" inverter", 0.0, 0.7},
                                                              {" export", 0.0, 1.6}}) {
            Network calm;
            calm.source_impedance = zs, calm.source_x_to_r = x_to_r, calm.load = load;
            calm.constant_power = share, calm.machine = machine, calm.inverter = inverter;
            const std::string where = std::string(pf) + generation + " constant power " +
                                      std::to_string(share) + " X/R " + std::to_string(x_to_r) +
                                      " Zs " + std::to_string(zs);
            const auto before = calm.solve();
            for (const auto& [what, cause] : causes()) {
              Network up = calm, down = calm;
              up.at_source = cause, down.at_load = cause;
              list.push_back(
                  {"upstream " + what + ", " + where, before, up, x_to_r, Direction::upstream});
              list.push_back({"downstream " + what + ", " + where, before, down, x_to_r,
                              Direction::downstream});
            }
            for (const Complex source : {Complex(0.8), at_degrees(0.6, -15), Complex(1.18)}) {
              Network changed = calm;
              changed.source = source;
              list.push_back({"source, " + where, before, changed, x_to_r, Direction::upstream});
            }
          }
  return list;
}

// Covers: DDD-001, MEA-033
TEST(DisturbanceDirection, IsNeverWrongWithHighConfidenceOnAFeeder) {
  std::array<int, 4> right{}, wrong{};
  for (const Case& c : sweep()) {
    const auto after = c.after.solve();
    if (!c.before || !after) continue;  // more constant power than the source can give
    for (const auto& [edge, offset] : {std::pair{0.0, false}, {0.17, true}, {0.36, true}}) {
      const auto told = found(waves_of(*c.before, *after, edge, c.x_to_r, offset));
      if (!told) continue;
      const auto level = static_cast<std::size_t>(told->confidence);
      ++(told->direction == c.truth ? right : wrong)[level];
      if (told->confidence == Confidence::high) {
        EXPECT_EQ(told->direction, c.truth) << c.name << " edge " << edge;
      }
    }
  }
  const int undetermined = wrong[0], total = [&] {
    int sum = 0;
    for (std::size_t level = 0; level < right.size(); ++level) sum += right[level] + wrong[level];
    return sum;
  }();
  std::printf("right/wrong: high %d/%d, medium %d/%d, low %d/%d, undetermined %d of %d\n", right[3],
              wrong[3], right[2], wrong[2], right[1], wrong[1], undetermined, total);
  EXPECT_GT(total, 20'000);
  EXPECT_GT(right[3], 0.7 * total);
  EXPECT_LT(wrong[2], 0.05 * right[2]);
  EXPECT_LT(wrong[1], 0.15 * right[1]);
  EXPECT_LT(undetermined, 0.1 * total);
}

/// A fault on one side of a usual feeder.
struct Feeder {
  Network calm{.load = {0.8, 0.6}};
  Waves upstream(const Square3& cause) const { return waves(cause, {}); }
  Waves downstream(const Square3& cause) const { return waves({}, cause); }

 private:
  Waves waves(std::optional<Square3> at_source, std::optional<Square3> at_load) const {
    Network after = calm;
    after.at_source = at_source, after.at_load = at_load;
    return waves_of(calm.solve().value(), after.solve().value(), 0.17, calm.source_x_to_r, true);
  }
};

constexpr DirectionFinding surely(Direction direction) { return {direction, Confidence::high}; }

TEST(DisturbanceDirection, TellsTheSideOfACapacitorThatIsSwitchedOn) {
  Feeder feeder{{.source_impedance = 0.25, .load = {0.8, 0.6}}};
  EXPECT_EQ(found(feeder.downstream(wye(Complex(0, 0.6)))), surely(Direction::downstream));
  EXPECT_EQ(found(feeder.upstream(wye(Complex(0, 1.2)))), surely(Direction::upstream));
}

TEST(DisturbanceDirection, TakesAFaultThatAGeneratorFeedsForUpstream) {
  Feeder feeder{{.load = {0.8, 0.6}, .machine = 1.2}};
  const Waves waves = feeder.upstream(wye(200));
  EXPECT_GT(std::abs(waves.after.current[0]), 2 * std::abs(waves.before.current[0]))
      << "the current rises as in a fault downstream";
  EXPECT_EQ(found(waves).value().direction, Direction::upstream);
}

TEST(DisturbanceDirection, DoesNotTakeTheCurrentOfConstantPowerForAFault) {
  Feeder feeder{{.load = {0.8, 0.6}, .constant_power = 1}};
  EXPECT_EQ(found(feeder.upstream(wye(30))).value().direction, Direction::upstream);
}

TEST(DisturbanceDirection, JudgesADipOfOneHalfCycle) {
  for (const Direction side : {Direction::upstream, Direction::downstream}) {
    Waves waves =
        side == Direction::upstream ? Feeder().upstream(wye(30)) : Feeder().downstream(wye(30));
    waves.decay_cycles = 0;
    waves.until = waves.edge + 0.5;
    EXPECT_EQ(found(waves).value().direction, side);
  }
}

TEST(DisturbanceDirection, FindsTheSameWhateverTheRotation) {
  for (const bool down : {false, true}) {
    Waves waves =
        down ? Feeder().downstream(phase_to_earth(0.02)) : Feeder().upstream(phase_to_earth(0.02));
    const auto usual = found(waves);
    for (auto* state : {&waves.before, &waves.after}) {
      std::swap(state->voltage[1], state->voltage[2]);
      std::swap(state->current[1], state->current[2]);
    }
    EXPECT_EQ(found(waves), usual);
  }
}

TEST(DisturbanceDirection, FollowsAFrequencyThatIsOffTheBoundaries) {
  // The boundaries of a fault run 2 % slower than before it: without a common frame the phasors of
  // the load would turn by 7 degrees a cycle.
  Waves waves = Feeder().upstream(wye(30));
  waves.decay_cycles = 0;
  EXPECT_EQ(found(waves, {.late = 0.02}), found(waves));
}

TEST(DisturbanceDirection, TellsAPhaseAlone) {
  const Input one{.present = 0x11};
  EXPECT_EQ(found(Feeder().downstream(wye(30)), one).value().direction, Direction::downstream);
  EXPECT_EQ(found(Feeder().upstream(wye(30)), one).value().direction, Direction::upstream);
}

TEST(DisturbanceDirection, TellsItFromLineVoltages) {
  const Input delta{.connection = metering::Connection::delta};
  for (const Square3& fault : {wye(30), phase_to_phase(0.03)}) {
    EXPECT_EQ(found(Feeder().downstream(fault), delta), surely(Direction::downstream));
    EXPECT_EQ(found(Feeder().upstream(fault), delta), surely(Direction::upstream));
  }
}

TEST(DisturbanceDirection, IsUndeterminedWithoutCurrents) {
  EXPECT_EQ(found(Feeder().downstream(wye(30)), {.present = 0x07}), DirectionFinding{});
  Waves unconnected = Feeder().downstream(wye(30));
  unconnected.before.current = unconnected.after.current = {};
  EXPECT_EQ(found(unconnected), DirectionFinding{});
}

TEST(DisturbanceDirection, IsUndeterminedForAnEarthFaultWithoutAnEarthedNeutral) {
  Waves waves = Feeder().upstream(wye(30));
  waves.after = waves.before;
  for (std::size_t p = 0; p < 3; ++p) waves.after.voltage[p] -= waves.before.voltage[0];
  EXPECT_EQ(found(waves), DirectionFinding{});
}

TEST(DisturbanceDirection, IsUndeterminedWhereTooLittleIsKnownFromBefore) {
  EXPECT_EQ(found(Feeder().downstream(wye(30)), {.first = calm_half_cycles - 6}),
            DirectionFinding{});
}

TEST(DisturbanceDirection, IsLessSureOfClippedCurrents) {
  const DirectionFinding less{Direction::downstream, Confidence::medium};
  EXPECT_EQ(found(Feeder().downstream(wye(30)), {.clipped = true}), less);
}

}  // namespace
}  // namespace polyphase::pq
