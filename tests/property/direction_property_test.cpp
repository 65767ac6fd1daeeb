#include "pq/network_model.hpp"
#include "property/meter.hpp"

namespace polyphase::property {
namespace {

constexpr double rate_hz = 6400, hz = 49.87, volts = 230, amperes = 100;
constexpr double edge_s = 1.0037, lasts_s = 0.12;

/// A sag of 120 ms on the model's feeder, with the decaying offset of its currents.
pq::Waves sag(const pq::Network& calm, std::optional<pq::Square3> at_source,
              std::optional<pq::Square3> at_load) {
  pq::Network faulted = calm;
  faulted.at_source = at_source, faulted.at_load = at_load;
  return {.before = calm.solve().value(),
          .after = faulted.solve().value(),
          .edge = edge_s * hz,
          .until = (edge_s + lasts_s) * hz,
          .decay_cycles = calm.source_x_to_r / (2 * std::numbers::pi)};
}

Signal signal_of(const pq::Waves& waves) {
  return [waves](double t) {
    const auto sample = waves(hz * t);
    Frame frame;
    for (std::size_t p = 0; p < 3; ++p) {
      frame.value[p] = static_cast<float>(volts * sample.voltage[p]);
      frame.value[4 + p] = static_cast<float>(amperes * sample.current[p]);
    }
    return frame;
  };
}

Meter after(const pq::Waves& waves, std::string_view tier = "advanced",
            std::vector<std::pair<std::string, std::string>> sets = {}) {
  sets.emplace_back("FAC1.Nominal Voltage", "230");
  Meter meter(rate_hz, sets, tier);
  meter.start().feed(signal_of(waves), 2);
  meter.engine->finish();
  return meter;
}

const std::vector<std::pair<const char*, pq::Square3>> faults{
    {"three-phase", pq::wye(40)},
    {"earth", pq::phase_to_earth(0.02)},
    {"between phases", pq::phase_to_phase(0.03)},
    {"two to earth", pq::two_phases_to_earth(0.02)}};

// Covers: DDD-001, DDD-003, MEA-033
TEST(Direction, OfAFaultIsFoundByTheWholeMeter) {
  for (const double x_to_r : {0.5, 2.0, 10.0})
    for (const pq::Complex load : {pq::Complex(1, 0), {0.8, 0.6}, {0.9, -0.436}})
      for (const auto& [name, fault] : faults)
        for (const bool down : {false, true}) {
          pq::Network calm;
          calm.source_x_to_r = x_to_r, calm.load = load;
          const Meter meter = after(down ? sag(calm, {}, fault) : sag(calm, fault, {}));
          const DirectionFinding expected{down ? Direction::downstream : Direction::upstream,
                                          Confidence::high};
          ASSERT_FALSE(meter.listener.seen.empty()) << name;
          for (const auto& told : meter.listener.seen)  // an earth fault may be a swell, too
            EXPECT_EQ(told.direction, expected)
                << name << " down " << down << " X/R " << x_to_r << " load " << load;
          EXPECT_EQ(meter.value("DDD1 Direction"), static_cast<double>(expected.direction));
          EXPECT_EQ(meter.value("DDD1 Confidence"), 3);
          EXPECT_EQ(meter.time_of("DDD1 Direction"), meter.time_of("SS1 DistStart"));
        }
}

// Covers: DDD-004
TEST(Direction, OfSeveralMetersLocatesAFault) {
  // The fault lies behind the first meter. The second, at another load of the same bus, sees the
  // same voltage and the current of that load.
  const pq::Network calm;
  const pq::Waves incoming = sag(calm, {}, pq::wye(40));
  pq::Waves neighbour = incoming;
  neighbour.decay_cycles = 0;
  for (auto* state : {&neighbour.before, &neighbour.after})
    for (std::size_t p = 0; p < 3; ++p) state->current[p] = 0.3 * state->voltage[p];
  EXPECT_EQ(after(incoming).listener.seen.at(0).direction.value().direction, Direction::downstream);
  EXPECT_EQ(after(neighbour).listener.seen.at(0).direction.value().direction, Direction::upstream);
}

TEST(Direction, IsNotLookedForWhereItIsOff) {
  const pq::Waves waves = sag({}, {}, pq::wye(40));
  EXPECT_EQ(after(waves, "advanced", {{"DDD1.Enable", "off"}}).listener.seen.at(0).direction,
            std::nullopt);
}

// Covers: TIR-012
TEST(Direction, IsThereOnStandardAndAdvancedAlone) {
  const pq::Waves waves = sag({}, {}, pq::wye(40));
  EXPECT_TRUE(after(waves, "advanced").listener.seen.at(0).direction);
  EXPECT_TRUE(after(waves, "standard").listener.seen.at(0).direction);
  const Meter essential = after(waves, "essential");
  EXPECT_FALSE(essential.listener.seen.at(0).direction);
  EXPECT_FALSE(essential.engine->registers().find("DDD1 Direction"));
}

TEST(Direction, OfASagThatIsNotOverIsTold) {
  pq::Waves waves = sag({}, {}, pq::wye(40));
  waves.until = 1e9;
  const Meter meter = after(waves);
  ASSERT_EQ(meter.listener.seen.size(), 1u);
  EXPECT_TRUE(meter.listener.seen[0].open);
  EXPECT_EQ(meter.listener.seen[0].direction->direction, Direction::downstream);
}

}  // namespace
}  // namespace polyphase::property
