#include "modules/flicker/flicker.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "graph/module_bench.hpp"
#include "metering/datasets.hpp"
#include "pq/flicker_severity.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::flicker {
namespace {

using graph::available;

constexpr graph::ModuleType type{descriptor, create};
constexpr double rate = 800;  // low, so that hours are quick
constexpr std::int64_t half_ns = 10'000'000;

/// 230 V at 50 Hz whose first two voltages swing by so many percent at 8.8 Hz.
class Meter : public graph::ModuleBench {
 public:
  explicit Meter(std::int64_t begin_s = 0)
      : ModuleBench(type), time_{begin_s * 1'000'000'000}, ring_(512, 64) {
    data_.half_cycle = &half_;
    data_.samples = &ring_;
    data_.sample_rate_hz = rate;
    data_.present = 0x77;
    dataset("Half Cycle", &data_);
  }

  Meter& feed(double duration_s) {
    for (auto left = std::llround(duration_s * 100); left > 0; --left) half_cycle();
    return *this;
  }
  Meter& gap(double seconds) {
    time_ = time_.plus_s(seconds);
    half_.number += 2;
    return *this;
  }
  double at_s() const { return seconds_between({}, time_); }

  double swing_percent = 0.25;
  metering::HalfCycleData& data() { return data_; }
  metering::HalfCycle& half() { return half_; }
  Quality common;

 private:
  void half_cycle() {
    constexpr auto samples = static_cast<std::int64_t>(rate / 100);
    for (std::int64_t n = 0; n < samples; ++n) {
      const double t = static_cast<double>(ring_.end()) / rate;
      const double u = 325 * std::sin(2 * std::numbers::pi * 50 * t);
      const double swing = 1 + swing_percent / 200 * std::sin(2 * std::numbers::pi * 8.8 * t);
      dsp::LaneFrame& frame = ring_.room(1)[0];
      frame[0] = frame[1] = static_cast<float>(u * swing);
      frame[2] = static_cast<float>(u);
      ring_.commit(1, 0);
    }
    ++half_.number;
    half_.end = static_cast<double>(ring_.end());
    half_.begin = half_.end - static_cast<double>(samples);
    data_.begin = time_;
    data_.end = time_ = time_.plus_ns(half_ns);
    run(graph::Cadence::half_cycle, time_, 0.01, common);
  }

  Instant time_;
  metering::SampleRing ring_;
  metering::HalfCycle half_;
  metering::HalfCycleData data_;
};

Instant at_minute(int minute) { return {minute * 60'000'000'000}; }

// Covers: OVR-011
TEST(Flicker, TellsPinstOfEveryHalfCycleOnceSettled) {
  Meter meter;
  meter.feed(9.9);
  EXPECT_FALSE(available(meter.out("V1 Pinst")));
  meter.feed(20);
  // At 800 samples a second the block means and the bilinear transform take a share.
  EXPECT_NEAR(meter.out("V1 Pinst"), 0.97, 0.04);
  EXPECT_EQ(meter.out("V2 Pinst"), meter.out("V1 Pinst"));
  EXPECT_LT(meter.out("V3 Pinst"), 0.01);
  EXPECT_FALSE(available(meter.out("V1 Pst")));
}

// Covers: OVR-011
TEST(Flicker, TellsPstAtEveryTickOfTenMinutesAndPltAtEvenHours) {
  Meter meter(6'990);
  meter.swing_percent = 0.05;
  meter.feed(7'200 - 6'990);
  EXPECT_FALSE(available(meter.out("V1 Pst"))) << "of less than nine tenths";
  EXPECT_EQ(meter.pulses("Pst Ready"), 1u);
  EXPECT_EQ(meter.value("V1 Pst").time, at_minute(120));
  EXPECT_FALSE(available(meter.out("V1 Plt")));
  double cubes = 0;
  for (int n = 1; n <= 12; ++n) {
    meter.swing_percent = 0.05 * n;
    meter.feed(599);
    EXPECT_EQ(meter.pulses("Pst Ready"), static_cast<unsigned>(n));
    meter.feed(1);
    ASSERT_EQ(meter.pulses("Pst Ready"), static_cast<unsigned>(n + 1));
    EXPECT_EQ(meter.value("V1 Pst").time, at_minute(120 + 10 * n));
    EXPECT_EQ(meter.value("V1 Pst").quality, Quality{});
    // Pinst is all but constant: Pst = sqrt(0.5096 Pinst).
    EXPECT_NEAR(meter.out("V1 Pst"), 0.714 * 0.2 * n, 0.04 * 0.714 * 0.2 * n) << n;
    cubes += std::pow(meter.out("V1 Pst"), 3);
  }
  EXPECT_EQ(meter.value("V1 Plt").time, at_minute(240));
  EXPECT_NEAR(meter.out("V1 Plt"), std::cbrt(cubes / 12), 1e-9);
  EXPECT_EQ(meter.pulses("Plt Ready"), 2u);
}

TEST(Flicker, TellsAPstOfMostOfAnIntervalAsPartial) {
  Meter meter;
  meter.feed(600);
  EXPECT_TRUE(available(meter.out("V1 Pst")));
  EXPECT_TRUE(meter.value("V1 Pst").quality.has(Quality::partial)) << "10 s to settle";
  meter.feed(600);
  EXPECT_EQ(meter.value("V1 Pst").quality, Quality{});
  meter.feed(200).gap(5).feed(395);
  EXPECT_TRUE(available(meter.out("V1 Pst")));
  EXPECT_TRUE(meter.value("V1 Pst").quality.has(Quality::partial));
  meter.feed(200).gap(70).feed(330);
  EXPECT_FALSE(available(meter.out("V1 Pst")));
}

TEST(Flicker, HasNoPltWhereOneOfItsPstIsMissing) {
  Meter meter;
  meter.feed(600 * 3 + 100).gap(100).feed(600 * 9 - 200);
  EXPECT_EQ(meter.pulses("Plt Ready"), 1u);
  EXPECT_FALSE(available(meter.out("V1 Plt")));
  meter.feed(7'200);
  EXPECT_TRUE(available(meter.out("V1 Plt")));
  EXPECT_EQ(meter.value("V1 Plt").quality, Quality{});
}

// The hour before a gap of hours and the one behind it are not one.
TEST(Flicker, PutsNoPltTogetherAcrossADay) {
  Meter meter;
  meter.feed(3'600).gap(86'400 - 100).feed(3'600 + 100);
  EXPECT_EQ(meter.at_s(), 86'400 + 7'200);
  EXPECT_EQ(meter.value("V1 Plt").time, Instant{}.plus_s(86'400 + 7'200));
  EXPECT_FALSE(available(meter.out("V1 Plt")));
}

TEST(Flicker, ShowsThatADisturbanceLayInTheInterval) {
  Meter meter;
  meter.input("Disturbed", 0);
  meter.feed(700);
  meter.input("Disturbed", 1);
  meter.feed(0.1);
  meter.input("Disturbed", 0);
  meter.feed(499.9);
  EXPECT_EQ(meter.value("V1 Pst").quality.bits, Quality::disturbed);
  meter.feed(600);
  EXPECT_EQ(meter.value("V1 Pst").quality, Quality{});
  meter.feed(5'400);
  EXPECT_TRUE(meter.value("V1 Plt").quality.has(Quality::disturbed));
}

TEST(Flicker, ShowsWhatWasDoubtfulOfTheVoltageConcerned) {
  Meter meter;
  meter.feed(700);
  meter.half().quality[0].add(Quality::clipped);
  meter.common.add(Quality::bridged);
  meter.feed(0.01);
  EXPECT_EQ(meter.value("V1 Pinst").quality.bits, Quality::clipped | Quality::bridged);
  meter.half().quality = {};
  meter.common = {};
  meter.feed(499.99);
  EXPECT_EQ(meter.value("V1 Pst").quality.bits, Quality::clipped | Quality::bridged);
  EXPECT_EQ(meter.value("V2 Pst").quality.bits, Quality::bridged);
}

TEST(Flicker, SettlesAnewBehindSamplesThatWereLost) {
  Meter meter;
  meter.feed(700);
  meter.half().bridged_samples = 4;  // of eight
  meter.feed(0.01);
  meter.half().bridged_samples = 0;
  meter.feed(499.99);
  EXPECT_TRUE(available(meter.out("V1 Pst")));
  EXPECT_TRUE(meter.value("V1 Pst").quality.has(Quality::partial));
}

TEST(Flicker, HasNothingWhileDisabledAndBeginsAnewAfterwards) {
  Meter meter;
  meter.feed(1'200);
  meter.input("Enable", 0);
  meter.feed(1);
  for (const char* output : {"V1 Pinst", "V1 Pst", "V1 Plt"})
    EXPECT_FALSE(available(meter.out(output))) << output;
  meter.input("Enable", 1);
  meter.feed(599);
  EXPECT_TRUE(available(meter.out("V1 Pst")));
  EXPECT_TRUE(meter.value("V1 Pst").quality.has(Quality::partial));
  meter.feed(5'400);
  EXPECT_EQ(meter.pulses("Plt Ready"), 1u);
  EXPECT_FALSE(available(meter.out("V1 Plt"))) << "two of its Pst were before";
}

TEST(Flicker, LeavesOutVoltagesThatAreNotThere) {
  Meter meter;
  meter.data().present = 0x05;
  meter.feed(600);
  EXPECT_FALSE(available(meter.out("V2 Pinst")));
  EXPECT_FALSE(available(meter.out("V2 Pst")));
  EXPECT_TRUE(available(meter.out("V3 Pst")));
  meter.input("Volts Mode", 3);
  meter.feed(600);
  EXPECT_FALSE(available(meter.out("V3 Pst"))) << "SINGLE";
}

TEST(Flicker, TakesTheLampThatGoesWithTheFrequencyUnlessToldOtherwise) {
  const auto pinst = [](double nominal_hz, const char* lamp) {
    Meter meter;
    EXPECT_TRUE(meter.set("Lamp", lamp));
    meter.input("NomFreq", nominal_hz);
    meter.feed(30);
    return meter.out("V1 Pinst");
  };
  const double ratio = std::pow(0.321 / 0.250, 2);
  const double at_230v = pinst(50, "AUTO");
  EXPECT_NEAR(at_230v / pinst(50, "120V"), ratio, 0.02);
  EXPECT_EQ(pinst(50, "230V"), at_230v);
  EXPECT_EQ(pinst(60, "AUTO"), pinst(60, "120V"));
}

TEST(Flicker, SettlesAnewWhenTheLampIsChanged) {
  Meter meter;
  meter.feed(100);
  EXPECT_TRUE(meter.set("Lamp", "120V"));
  EXPECT_TRUE(meter.configure());
  meter.feed(9);
  EXPECT_FALSE(available(meter.out("V1 Pinst")));
  meter.feed(491);
  EXPECT_FALSE(available(meter.out("V1 Pst")));
}

TEST(Flicker, GoesOnWhenTheClockIsPutBackALittle) {
  Meter meter;
  meter.feed(1'202);
  const double before = meter.out("V1 Pst");
  meter.gap(-5).half().number -= 2;  // no samples are missing
  meter.feed(10);
  EXPECT_EQ(meter.out("V1 Pst"), before);
  EXPECT_EQ(meter.pulses("Pst Ready"), 2u);
  meter.feed(593);
  EXPECT_EQ(meter.value("V1 Pst").time, at_minute(30));
  EXPECT_EQ(meter.value("V1 Pst").quality.bits, Quality::partial) << "605 s are not 600";
}

}  // namespace
}  // namespace polyphase::modules::flicker
