#include "modules/power_quality_aggregator/power_quality_aggregator.hpp"

#include <gtest/gtest.h>

#include "graph/module_bench.hpp"
#include "metering/datasets.hpp"
#include "pq/spectrum_aggregate.hpp"

// No golden file: the inputs are data sets, which a table cannot give.

namespace polyphase::modules::power_quality_aggregator {
namespace {

using graph::available;

constexpr graph::ModuleType type{descriptor, create};
constexpr std::int64_t ten_minutes_s = 600;

class Bench : public graph::ModuleBench {
 public:
  Bench() : ModuleBench(type) {
    spectrum_.order_max = 50;
    window_.window = &spectrum_;
    window_.present = interval_.present = 0x7f;
    input("Nominal", 230);
    volts(230);
  }
  Bench& volts(double v) {
    interval_.means.rms = {v, v, v, 0, 10, 10, 10, 0};
    return *this;
  }
  Bench& bridged(double share) {
    interval_.bridged = share;
    return *this;
  }
  Bench& fifth(float percent) {
    for (std::size_t c = 0; c < channel_count; ++c) {
      spectrum_.subgroup[1][c] = 100;
      spectrum_.subgroup[5][c] = percent;
    }
    return *this;
  }
  /// `count` windows from `begin_s` on.
  Bench& windows(double begin_s, int count, Quality quality = {}) {
    dataset("Window", &window_);
    dataset("Interval", &interval_);
    for (int i = 0; i < count; ++i) {
      interval_.begin = Instant{}.plus_s(begin_s + 0.2 * i);
      interval_.end = Instant{}.plus_s(begin_s + 0.2 * (i + 1));
      run(graph::Cadence::window, interval_.end, 0.2, quality);
    }
    return *this;
  }

 private:
  metering::Window spectrum_;
  metering::WindowData window_;
  metering::IntervalData interval_;
};

Quality flagged() {
  Quality quality;
  quality.add(Quality::disturbed);
  return quality;
}

// Covers: PQ-060
TEST(PowerQualityAggregator, FifteenWindowsMakeThreeSeconds) {
  Bench bench;
  bench.volts(230).windows(0, 7).volts(240).windows(1.4, 7);
  EXPECT_FALSE(available(bench.out("V1 3s")));
  bench.windows(2.8, 1);
  EXPECT_NEAR(bench.out("V1 3s"), 235.38621, 5e-6);
  EXPECT_EQ(bench.value("V1 3s").time, Instant{}.plus_s(3));
  EXPECT_EQ(bench.pulses("3s Ready"), 1u);
  EXPECT_DOUBLE_EQ(bench.out("I1 3s"), 10);
  EXPECT_FALSE(available(bench.out("I4 3s"))) << "not there";
  EXPECT_EQ(bench.out("PqFlag 3s"), 0);
}

TEST(PowerQualityAggregator, TellsUnderAndOverDeviation) {
  Bench bench;
  int at = 0;
  for (int round = 0; round < 3; ++round)
    for (const double v : {225.0, 228.0, 230.0, 238.0, 240.0})
      bench.volts(v).windows(0.2 * at++, 1);
  EXPECT_NEAR(bench.out("V1 UnderDev 3s"), 0.60504, 5e-6);
  EXPECT_NEAR(bench.out("V1 OverDev 3s"), 1.58368, 5e-6);
}

TEST(PowerQualityAggregator, TenMinutesAreAllWindowsThatBeginInThem) {
  Bench bench;
  bench.volts(220).windows(0, 1000).volts(235).windows(200, 2000);
  EXPECT_NEAR(bench.out("V1 10m"), 230.10867, 5e-6);
  EXPECT_EQ(bench.value("V1 10m").time, Instant{}.plus_s(ten_minutes_s));
  EXPECT_FALSE(bench.value("V1 10m").quality.has(Quality::partial));
  bench.volts(100).windows(ten_minutes_s, 1);
  EXPECT_NEAR(bench.out("V1 10m"), 230.10867, 5e-6);
  EXPECT_EQ(bench.pulses("10m Ready"), 1u);
}

TEST(PowerQualityAggregator, AnIntervalThatIsNotCoveredIsPartial) {
  Bench bench;
  bench.windows(100, 2500);
  EXPECT_DOUBLE_EQ(bench.out("V1 10m"), 230);
  EXPECT_TRUE(bench.value("V1 10m").quality.has(Quality::partial));
}

TEST(PowerQualityAggregator, LeavesOutWindowsOfSamplesThatWereLost) {
  Bench bench;
  bench.windows(0, 20).volts(100).bridged(0.5).windows(4, 1).volts(230).bridged(0.001);
  EXPECT_FALSE(bench.value("V1 3s").quality.has(Quality::partial));
  bench.windows(4.2, 9);
  EXPECT_DOUBLE_EQ(bench.out("V1 3s"), 230);
  EXPECT_TRUE(bench.value("V1 3s").quality.has(Quality::partial));
  EXPECT_EQ(bench.out("Valid 3s"), 0);
  bench.windows(6, 2970);
  EXPECT_EQ(bench.out("Valid 10m"), 1) << "a window of three thousand";
  EXPECT_DOUBLE_EQ(bench.out("V1 10m"), 230);

  bench.windows(600, 100).volts(100).bridged(0.5).windows(620, 900).volts(230).bridged(0);
  bench.windows(800, 2000);
  EXPECT_DOUBLE_EQ(bench.out("V1 10m"), 230);
  EXPECT_EQ(bench.out("Valid 10m"), 0);
}

TEST(PowerQualityAggregator, TwoHoursAreTwelveTimesTenMinutes) {
  Bench bench;
  bench.volts(220).windows(0, 3000);
  for (int i = 1; i < 12; ++i) bench.volts(230).windows(600.0 * i, 3000);
  EXPECT_NEAR(bench.out("V1 2hr"), std::sqrt((220.0 * 220 + 11 * 230.0 * 230) / 12), 1e-9);
  EXPECT_EQ(bench.value("V1 2hr").time, Instant{}.plus_s(7200));
  EXPECT_FALSE(bench.value("V1 2hr").quality.has(Quality::partial));
  EXPECT_EQ(bench.pulses("2hr Ready"), 1u);
}

TEST(PowerQualityAggregator, AFlagGoesThroughAllThatContainIt) {
  Bench bench;
  bench.windows(0, 7).windows(1.4, 1, flagged()).windows(1.6, 7);
  EXPECT_EQ(bench.out("PqFlag 3s"), 1);
  EXPECT_TRUE(bench.value("V1 3s").quality.has(Quality::disturbed));
  bench.windows(3, 15);
  EXPECT_EQ(bench.out("PqFlag 3s"), 0);
  bench.windows(6, 2970);
  EXPECT_EQ(bench.out("PqFlag 10m"), 1);
  for (int i = 1; i < 12; ++i) bench.windows(600.0 * i, 3000);
  EXPECT_EQ(bench.out("PqFlag 10m"), 0);
  EXPECT_EQ(bench.out("PqFlag 2hr"), 1);
}

TEST(PowerQualityAggregator, TheSlidingReferenceHoldsWhileFlagged) {
  Bench bench;
  bench.volts(220).windows(0, 300);
  EXPECT_NEAR(bench.out("V1 Sliding Ref Voltage"), 223.7097, 5e-5);
  bench.volts(50).windows(60, 100, flagged());
  EXPECT_NEAR(bench.out("Vavg Sliding Ref Voltage"), 223.7097, 5e-5);
}

TEST(PowerQualityAggregator, AggregatesSpectraByOrder) {
  Bench bench;
  bench.fifth(3).windows(0, 5).fifth(4).windows(1, 10);
  EXPECT_NEAR(bench.out("V1 THD 3s"), std::sqrt((5 * 9 + 10 * 16) / 15.0), 1e-6);
  const auto* spectrum = static_cast<const pq::SpectrumAggregate*>(
      bench.module().dataset(bench.index_of("Spectrum 3s") - bench.index_of("V1 3s")));
  ASSERT_NE(spectrum, nullptr);
  EXPECT_EQ(spectrum->windows, 15u);
  EXPECT_EQ(spectrum->order_max, 50u);
  EXPECT_EQ(spectrum->present, 0x7f);
  EXPECT_NEAR(spectrum->subgroup[5][0], std::sqrt((5 * 9 + 10 * 16) / 15.0), 1e-5);
}

TEST(PowerQualityAggregator, TakesUpTheFrequencyOfTenSeconds) {
  Bench bench;
  for (int i = 1; i <= 60; ++i) {
    bench.windows(10.0 * (i - 1), 50);
    bench.input_at("Frequency 10s", i <= 30 ? 49.9 : 50.1, Instant{}.plus_s(10.0 * i));
  }
  bench.windows(600, 1);
  EXPECT_DOUBLE_EQ(bench.out("Power Freq 10s"), 50.1);
  EXPECT_EQ(bench.value("Power Freq 10s").time, Instant{}.plus_s(600));
  EXPECT_EQ(bench.pulses("10s Ready"), 60u);
}

TEST(PowerQualityAggregator, WhileOffAllIsNotAvailable) {
  Bench bench;
  bench.windows(0, 15);
  bench.input("Enable", 0);
  bench.windows(3, 15);
  EXPECT_FALSE(available(bench.out("V1 3s")));
  EXPECT_FALSE(available(bench.out("PqFlag 3s")));
  EXPECT_EQ(bench.pulses("3s Ready"), 1u);
}

TEST(PowerQualityAggregator, AResetDropsWhatIsGathered) {
  Bench bench;
  bench.volts(100).windows(0, 14);
  bench.pulse("Reset");
  bench.volts(230).windows(2.8, 15);
  EXPECT_DOUBLE_EQ(bench.out("V1 3s"), 230);
  ASSERT_EQ(bench.events().size(), 1u);
  EXPECT_EQ(bench.events()[0].event.priority, registers::priority::reset);
}

}  // namespace
}  // namespace polyphase::modules::power_quality_aggregator
