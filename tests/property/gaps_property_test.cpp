#include "property/meter.hpp"

namespace polyphase::property {
namespace {

const std::vector<std::pair<std::string, std::string>> nominal{{"FAC1.Nominal Voltage", "230"}};

// Phase a at 70 % from 1.0 s and from 2.0 s, for 0.2 s each.
Signal two_sags() {
  const Signal steady = three_phase({});
  return [steady](double t) {
    Frame frame = steady(t);
    if ((t >= 1.0 && t < 1.2) || (t >= 2.0 && t < 2.2)) frame.value[0] *= 0.7f;
    return frame;
  };
}

/// The ends of the seconds that a meter tells, and whether they are whole.
struct Seconds {
  explicit Seconds(Meter& meter) {
    meter.listener.told = [this](graph::Cadence cadence, Instant end, double, Quality quality) {
      if (cadence == graph::Cadence::second)
        told.emplace_back(seconds_between({}, end), !quality.has(Quality::partial));
    };
  }
  std::vector<std::pair<double, bool>> told;
};

TEST(Gaps, ASagFoundInBridgedSamplesSaysSo) {
  Meter meter(4800, nominal);
  SampleBlock bridged;
  bridged.bridged = true;
  meter.start().feed(two_sags(), 1.1).feed(two_sags(), 0.02, 512, bridged).feed(two_sags(), 2.0);
  meter.engine->finish();
  ASSERT_EQ(meter.listener.seen.size(), 2u);
  EXPECT_EQ(meter.listener.seen[0].quality.bits, Quality::bridged);
  EXPECT_EQ(meter.listener.seen[1].quality.bits, 0);
}

// Nobody saw it end: it stays open, and what lies behind the gap is an event of its own.
TEST(Gaps, ASagThatAGapCutsStaysOpenAndAnotherBeginsBehindIt) {
  Meter meter(4800, nominal);
  meter.start().feed(two_sags(), 1.1).gap(86'400, two_sags(), 2.0);
  meter.engine->finish();
  const auto& seen = meter.listener.seen;
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_TRUE(seen[0].open);
  EXPECT_NEAR(seconds_between({}, seen[0].time), 0.99, 0.011);
  EXPECT_NEAR(seen[0].duration_s, 0.1, 0.03);
  EXPECT_FALSE(seen[1].open);
  EXPECT_NEAR(seconds_between({}, seen[1].time), 86'401.11, 0.03);
  EXPECT_NEAR(seen[1].duration_s, 0.1, 0.03);
  EXPECT_EQ(seen[1].quality.bits, Quality::partial);
  EXPECT_EQ(seen[2].quality.bits, 0);
}

/// How often a meter tells an event with these words.
struct Heard {
  Heard(Meter& meter, std::string words) {
    meter.listener.heard = [this, words = std::move(words)](const registers::Event& event) {
      times += event.text.find(words) != std::string_view::npos;
    };
  }
  int times = 0;
};

// The converter ends at 300 V, the crests are 325 V: told at once, then after a minute of calm.
TEST(Gaps, AnInputAtItsFullScaleIsTold) {
  Meter meter(4'000);
  meter.info.full_scale = {300, 400, 400, 400, 400, 400, 400, 400};
  const Heard heard(meter, "V1 at full scale: values are too low");
  meter.start();
  const auto feed = [&](float gain, double seconds) {
    const Signal load = three_phase({});
    meter.feed(
        [&](double t) {
          Frame frame = load(t);
          frame.value[0] = std::clamp(frame.value[0] * gain, -300.0f, 300.0f);
          return frame;
        },
        seconds);
  };
  feed(0.9f, 3);
  EXPECT_EQ(meter.value("DAQ1.Clipped"), 0);
  feed(1, 5);
  EXPECT_EQ(meter.value("DAQ1.Clipped"), 1);
  EXPECT_EQ(heard.times, 1);
  feed(0.9f, 5);
  EXPECT_EQ(meter.value("DAQ1.Clipped"), 0);
  feed(1, 2);
  EXPECT_EQ(heard.times, 1);
  feed(0.9f, 65);
  feed(1, 2);
  EXPECT_EQ(heard.times, 2);
}

TEST(Gaps, AFrequencyFarFromTheNominalOneIsTold) {
  for (const auto& [hz, times] : {std::pair{60.0, 1}, {57.0, 0}}) {
    Meter meter(4'000);
    const Heard heard(meter, "Hz is far from the nominal frequency of 50 Hz");
    meter.start().feed(three_phase({.frequency_hz = hz}), 4);
    EXPECT_EQ(heard.times, times) << hz;
  }
}

TEST(Gaps, WhatStandsInForLostSamplesIsNoEvent) {
  Meter meter(4800, nominal);
  SampleBlock bridged;
  bridged.bridged = true;
  const Signal steady = three_phase({});
  meter.start()
      .feed(steady, 1.003)
      .feed([](double) { return Frame{}; }, 0.1, 512, bridged)
      .feed(steady, 1.5);
  meter.engine->finish();
  EXPECT_EQ(meter.listener.disturbances, 0u);
}

TEST(Gaps, ASecondThatTheSamplesReachTheEndOfIsWhole) {
  Meter meter(4800);
  Seconds seconds(meter);
  meter.start().feed(three_phase({}), 3.0).gap(1.5, three_phase({}), 1.5);
  meter.engine->finish();
  ASSERT_EQ(seconds.told.size(), 5u);
  for (std::size_t i : {0u, 1u, 2u})
    EXPECT_EQ(seconds.told[i], std::pair(static_cast<double>(i + 1), true));
  EXPECT_EQ(seconds.told[3], std::pair(5.0, false)) << "half of it is missing";
  EXPECT_EQ(seconds.told[4], std::pair(6.0, true));
}

TEST(Gaps, ASecondThatAGapCutsIsPartialAndEndsWithItsLastCycle) {
  Meter meter(4800);
  Seconds seconds(meter);
  meter.start().feed(three_phase({}), 2.5).gap(3.0, three_phase({}), 1.0);
  meter.engine->finish();
  ASSERT_GE(seconds.told.size(), 3u);
  EXPECT_FALSE(seconds.told[2].second);
  EXPECT_NEAR(seconds.told[2].first, 2.5, 0.04);
}

// No frequency is made up where nothing could be followed.
TEST(Gaps, WhereThereIsNoVoltageThereIsNoFrequency) {
  Meter meter(4800, nominal);
  std::vector<double> seconds, tens;
  meter.listener.told = [&](graph::Cadence cadence, Instant, double, Quality) {
    if (cadence != graph::Cadence::second) return;
    seconds.push_back(meter.value("Freq"));
    tens.push_back(meter.value("DAQ1.Frequency 10s"));
  };
  const Signal steady = three_phase({.frequency_hz = 49.9});
  meter.start().feed([&](double t) { return t < 2.5 || t > 26.5 ? steady(t) : Frame{}; }, 32);
  ASSERT_GE(seconds.size(), 31u);
  for (const std::size_t alive : {1u, 2u, 26u, 30u})
    EXPECT_NEAR(seconds[alive], 49.9, 0.02) << alive;
  for (std::size_t dead = 4; dead < 26; ++dead) EXPECT_TRUE(std::isnan(seconds[dead])) << dead;
  EXPECT_NEAR(tens[12], 49.9, 0.02);
  EXPECT_TRUE(std::isnan(tens[22]));
  EXPECT_NEAR(tens[30], 49.9, 0.02);
}

}  // namespace
}  // namespace polyphase::property
