// Flicker through the whole meter: from samples to registers.
#include <algorithm>

#include "property/meter.hpp"

namespace polyphase::property {
namespace {

/// Three phases with rectangular changes, or the sine of 8.8 Hz that has Pinst 1.
Signal flickering(double percent, double modulation_hz, bool rectangular) {
  const Signal steady = three_phase({});
  return [=](double t) {
    Frame frame = steady(t);
    const double s = std::sin(2 * std::numbers::pi * modulation_hz * t);
    const double swing = 1 + percent / 200 * (rectangular ? (s >= 0 ? 1.0 : -1.0) : s);
    for (std::size_t p = 0; p < 3; ++p)
      frame.value[p] = static_cast<float>(swing * static_cast<double>(frame.value[p]));
    return frame;
  };
}

// Covers: OVR-011, TIR-007
TEST(WholeMeterFlicker, IsMeasuredOnStandardAndAdvanced) {
  Meter essential(2000, {}, "essential");
  EXPECT_FALSE(essential.engine->registers().find("V1 Pst"));
  EXPECT_FALSE(essential.engine->registers().find("V1 Pinst"));
  for (const char* tier : {"standard", "advanced"}) {
    Meter meter(2000, {}, tier);
    meter.start().feed(flickering(0.894, 39 / 120.0, true), 600);
    meter.engine->finish();
    for (const std::string phase : {"V1", "V2", "V3"}) {
      EXPECT_NEAR(meter.value(phase + " Pst"), 1, 0.01) << tier;
      EXPECT_EQ(meter.time_of(phase + " Pst"), Instant{}.plus_s(600)) << tier;
    }
  }
}

TEST(WholeMeterFlicker, DoesNotDependOnHowSamplesAreCutIntoBlocks) {
  std::vector<std::vector<double>> traces;
  for (const std::size_t block : {1u, 333u, 4096u}) {
    Meter meter(4800);
    std::vector<double> told;
    const auto index = meter.index_of("V2 Pinst");
    meter.listener.told = [&](graph::Cadence cadence, Instant, double, Quality) {
      const double now = meter.engine->registers().value(index).number;
      if (cadence == graph::Cadence::half_cycle && registers::available(now)) told.push_back(now);
    };
    meter.start().feed(flickering(0.25, 8.8, false), 13, block);
    ASSERT_GT(told.size(), 200u);
    EXPECT_NEAR(*std::max_element(told.begin() + 100, told.end()), 1, 0.01);
    traces.push_back(std::move(told));
  }
  EXPECT_EQ(traces[0], traces[1]);
  EXPECT_EQ(traces[0], traces[2]);
}

TEST(WholeMeterFlicker, IsDisturbedWhereASagLiesInTheTenMinutes) {
  Meter meter(1000, {{"FAC1.Nominal Voltage", "230"}}, "standard");
  const Signal steady = flickering(0, 1, false);
  meter.start().feed(steady, 700);
  meter.feed(
      [&](double t) {
        Frame frame = steady(t);
        for (std::size_t p = 0; p < 3; ++p) frame.value[p] *= 0.7f;
        return frame;
      },
      0.1);
  meter.feed(steady, 500);
  const auto pst = [&] { return meter.engine->registers().value(meter.index_of("V1 Pst")); };
  EXPECT_EQ(pst().time, Instant{}.plus_s(1'200));
  EXPECT_EQ(pst().quality.bits, Quality::disturbed);
  EXPECT_GT(pst().number, 1);
  meter.feed(steady, 600);
  EXPECT_EQ(pst().time, Instant{}.plus_s(1'800));
  EXPECT_EQ(pst().quality, Quality{});
  EXPECT_LT(pst().number, 0.1);
}

TEST(WholeMeterFlicker, JudgesTheLampThatGoesWithTheNominalFrequency) {
  for (const double hz : {50.0, 60.0}) {
    const std::vector<std::pair<std::string, std::string>> sets{
        {"FAC1.Nominal Frequency", hz == 50 ? "50" : "60"}};
    Meter meter(4800, sets);
    const Signal steady = three_phase({.frequency_hz = hz});
    double highest = 0;
    const auto index = meter.index_of("V1 Pinst");
    meter.listener.told = [&](graph::Cadence, Instant end, double, Quality) {
      if (seconds_between({}, end) > 20)
        highest = std::max(highest, meter.engine->registers().value(index).number);
    };
    const double percent = hz == 50 ? 0.250 : 0.321;
    meter.start().feed(
        [&](double t) {
          Frame frame = steady(t);
          frame.value[0] *=
              static_cast<float>(1 + percent / 200 * std::sin(2 * std::numbers::pi * 8.8 * t));
          return frame;
        },
        24);
    EXPECT_NEAR(highest, 1, 0.01) << hz;
  }
}

}  // namespace
}  // namespace polyphase::property
