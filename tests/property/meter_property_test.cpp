#include "property/allocations.hpp"
#include "property/meter.hpp"

namespace polyphase::property {
namespace {

const Load rich{.frequency_hz = 49.93, .harmonics = {{3, 4, 12, 10}, {5, 6, 25, 70}, {7, 3, 12, -40}, {11, 2, 6, 20}}};

// A sag on phase a, a step of the load and a jump of the phase, so that there is something to tell.
Signal eventful() {
  const Signal steady = three_phase(rich);
  return [steady](double t) {
    Frame frame = steady(t > 1.9 ? t + 0.002 : t);
    if (t > 0.8 && t < 0.95) frame.value[0] *= 0.6f;
    if (t > 1.3)
      for (std::size_t c = 4; c < 7; ++c) frame.value[c] *= 0.25f;
    return frame;
  };
}

const std::vector<std::pair<std::string, std::string>> nominal{{"FAC1.Nominal Voltage", "230"}};

TEST(Property, GivesTheSameBitsForAnySizeOfBlocks) {
  std::uint64_t expected = 0;
  for (const std::size_t block : {4096u, 1u, 7u, 160u, 511u, 100'000u}) {
    Meter meter(4800, nominal);
    meter.start().feed(eventful(), 3.0, block);
    meter.engine->finish();
    EXPECT_GT(meter.listener.steps[0], 290u);
    EXPECT_GT(meter.listener.disturbances, 0u);
    if (expected == 0) expected = meter.listener.digest;
    EXPECT_EQ(meter.listener.digest, expected) << "blocks of " << block;
  }
}

TEST(Property, TakesACommandAtTheSameSampleForAnySizeOfBlocks) {
  std::uint64_t expected = 0;
  for (const std::size_t block : {160u, 1u, 4096u}) {
    Meter meter(4800, nominal);
    meter.start();
    ASSERT_TRUE(meter.engine->submit({4000, control::Command::Kind::write, "PM1.I2 Polarity", "INVERTED"}));
    meter.feed(eventful(), 3.0, block);
    meter.engine->finish();
    EXPECT_LT(meter.value("kW b"), 0.0);
    if (expected == 0) expected = meter.listener.digest;
    EXPECT_EQ(meter.listener.digest, expected) << "blocks of " << block;
  }
}

TEST(Property, AllocatesNothingWhileItProcesses) {
  Meter meter(10240, nominal);
  meter.start();
  meter.feed(eventful(), 0.5);
  std::vector<Frame> frames(512);
  const Signal signal = eventful();
  std::uint64_t n = 5120;
  for (int block = 0; block < 60; ++block) {
    for (Frame& frame : frames) frame = signal(static_cast<double>(n++) / 10240);
    const SampleBlock samples{frames, Instant{}.plus_s(static_cast<double>(n - 512) / 10240)};
    counting_allocations = true;
    meter.engine->process(samples);
    counting_allocations = false;
  }
  EXPECT_EQ(allocations, 0u);
  EXPECT_GT(meter.listener.steps[2], 2u);
}

// Covers: MEA-001, MEA-002, MEA-003
TEST(Property, EnergyOfTheSecondsAddsUpToTheIntegralOfThePower) {
  Meter meter(10240);
  meter.start();
  double ws = 0, covered_s = 0;
  meter.listener.told = [&](graph::Cadence cadence, Instant, double duration_s, Quality) {
    if (cadence != graph::Cadence::second) return;
    ws += meter.value("kW tot") * 1e3 * duration_s;
    covered_s += duration_s;
  };
  meter.feed(three_phase(rich), 20.0);
  meter.engine->finish();
  double active_w = 3 * 230.0 * 100.0 * std::cos(std::numbers::pi / 6);
  for (const auto& [order, v, i, at] : rich.harmonics)
    active_w += 3 * 230.0 * v / 100 * 100.0 * i / 100 * std::cos(0.7);
  EXPECT_GT(covered_s, 19.9);
  EXPECT_NEAR(ws / (active_w * covered_s), 1.0, 2e-6);
  EXPECT_NEAR(meter.value("kWh del") * 3.6e6 / ws, 1.0, 1e-12);
  EXPECT_EQ(meter.value("kWh rec"), 0.0);
  EXPECT_NEAR(meter.value("kWh del-rec"), meter.value("kWh del"), 1e-12);
  EXPECT_NEAR(meter.value("kWh del+rec"), meter.value("kWh del"), 1e-12);
}

// Covers: MEA-001, PWR-007
TEST(Property, RunsTheReceivedRegistersWhenTheCurrentIsReversed) {
  Load reversed = rich;
  reversed.lag_deg = 180;
  Meter meter(4800);
  meter.start().feed(three_phase(reversed), 3.0);
  meter.engine->finish();
  EXPECT_EQ(meter.value("kWh del"), 0.0);
  EXPECT_GT(meter.value("kWh rec"), 0.0);
  EXPECT_LT(meter.value("kW tot"), 0.0);
  EXPECT_DOUBLE_EQ(meter.value("kWh del-rec"), -meter.value("kWh rec"));
}

}  // namespace
}  // namespace polyphase::property
