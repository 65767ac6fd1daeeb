#include "modules/power_quality_options/power_quality_options.hpp"

#include <gtest/gtest.h>

#include "graph/module_bench.hpp"

// No golden file: a row of it would have more than a hundred cells, nearly all limits.

namespace polyphase::modules::power_quality_options {
namespace {

using graph::available;
using graph::Cadence;

constexpr graph::ModuleType type{descriptor, create};
constexpr double day = 86'400;

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
  }
  /// Of the local clock.
  Bench& at(double seconds) {
    input("LocalTime", seconds);
    run(Cadence::second, Instant{}.plus_s(seconds), 1);
    return *this;
  }
  std::string refusal() {
    const auto done = configure();
    return done ? "" : done.error().message;
  }
};

// Covers: PQ-020
TEST(PowerQualityOptions, RefusesAPartWithoutWhatItStandsOn) {
  EXPECT_EQ(Bench().refusal(), "");
  EXPECT_EQ(Bench({{"EN50160 Enable", "on"}, {"IEEE519 Enable", "on"}}).refusal(), "");
  EXPECT_NE(Bench({{"EN50160 Enable", "on"}, {"4-30 Enable", "off"}})
                .refusal()
                .find("EN50160 cannot be on while 4-30 is off"),
            std::string::npos);
  EXPECT_NE(Bench({{"IEEE519 Enable", "on"}, {"4-30 Enable", "off"}}).refusal(), "");
  EXPECT_NE(Bench({{"Sag/Swell Enable", "off"}, {"RVC Enable", "off"}})
                .refusal()
                .find("4-30 cannot be on while Sag/Swell is off"),
            std::string::npos);
  EXPECT_NE(Bench({{"Sag/Swell Enable", "off"}, {"4-30 Enable", "off"}})
                .refusal()
                .find("RVC cannot be on while Sag/Swell is off"),
            std::string::npos);
  EXPECT_EQ(
      Bench({{"Sag/Swell Enable", "off"}, {"4-30 Enable", "off"}, {"RVC Enable", "off"}}).refusal(),
      "");
}

TEST(PowerQualityOptions, ShowsWhatIsOn) {
  Bench supplied;
  supplied.at(0);
  EXPECT_EQ(supplied.out("4-30 State"), 1);
  EXPECT_EQ(supplied.out("EN50160 State"), 0);
  EXPECT_EQ(supplied.out("IEEE519 State"), 0);
  EXPECT_EQ(supplied.out("Log 4-30 3s State"), 1);
  EXPECT_EQ(supplied.out("Log EN50160 State"), 0) << "there is nothing to record";
  EXPECT_EQ(supplied.out("Log RVC State"), 0);
  EXPECT_EQ(Bench({{"EN50160 Enable", "on"}}).at(0).out("Log EN50160 State"), 1);
  EXPECT_EQ(Bench({{"IEEE519 Enable", "on"}}).at(0).out("IEEE519 State"), 1);
  EXPECT_EQ(
      Bench({{"IEEE519 Enable", "on"}, {"519 Bus Voltage", "DISABLED"}}).at(0).out("IEEE519 State"),
      0);
}

// Covers: PQ-023, PQ-025
TEST(PowerQualityOptions, ShowsTheLimitsOfIeee519ByTheRatioOfItsCurrents) {
  Bench bench({{"519 Bus Voltage", "UP TO 69 kV"}, {"519 Harmonics Limits", "IEEE 519-2014"}});
  bench.at(0);
  EXPECT_EQ(bench.out("V H50 Limit"), 3);
  EXPECT_EQ(bench.out("THD Limit"), 5);
  EXPECT_FALSE(available(bench.out("I H5 Limit")));
  EXPECT_TRUE(bench.set("519 Short Circuit Current", "3000"));
  EXPECT_TRUE(bench.set("519 Max Demand Current", "100"));
  EXPECT_TRUE(bench.configure());
  bench.at(1);
  EXPECT_EQ(bench.out("519 Ratio"), 30);
  EXPECT_EQ(bench.out("I H5 Limit"), 7);
  EXPECT_EQ(bench.out("I H2 Limit"), 1.75);
  EXPECT_EQ(bench.out("TDD Limit"), 8);
}

// 1970-01-05 was a Monday.
TEST(PowerQualityOptions, EndsAWeekAndEachDayAfterMidnightOfItsClock) {
  Bench bench;
  bench.at(4 * day - 10).at(4 * day).at(4 * day + settle_s - 1);
  EXPECT_EQ(bench.pulses("Period End"), 0u) << "the last intervals may still come";
  bench.at(4 * day + settle_s).at(4 * day + 10);
  EXPECT_EQ(bench.pulses("Period End"), 1u);
  EXPECT_EQ(bench.pulses("Day End"), 1u);
  for (int d = 5; d <= 11; ++d) bench.at(d * day + 60);
  EXPECT_EQ(bench.pulses("Period End"), 2u);
  EXPECT_EQ(bench.pulses("Week End"), 2u);
  EXPECT_EQ(bench.pulses("Day End"), 8u);
}

TEST(PowerQualityOptions, BeginsTheWeekOnTheDayItIsTold) {
  Bench sunday({{"First Day", "SUNDAY"}}), daily({{"EN50160 Period", "DAY"}});
  for (Bench* bench : {&sunday, &daily})
    for (int d = 4; d <= 11; ++d) bench->at(d * day + 60);
  EXPECT_EQ(sunday.pulses("Period End"), 1u);
  EXPECT_EQ(sunday.value("Period End").time, Instant{}.plus_s(10 * day + 60));
  EXPECT_EQ(daily.pulses("Period End"), 7u);
  EXPECT_EQ(daily.pulses("Week End"), 1u);
}

TEST(PowerQualityOptions, DoesNotEndAPeriodTwiceWhenTheClockIsPutBack) {
  Bench bench;
  bench.at(4 * day - 60).at(4 * day + 60).at(4 * day - 60).at(4 * day + 60);
  EXPECT_EQ(bench.pulses("Period End"), 1u);
  bench.at(40'000 * day).at(20'000 * day).at(20'007 * day);
  EXPECT_EQ(bench.pulses("Period End"), 3u) << "a clock that was years ahead is believed again";
}

// Covers: PQ-062
TEST(PowerQualityOptions, EndsAPeriodThatWasOverWhileTheMeterWasOff) {
  Bench before, after;
  before.at(4 * day - 60);
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  EXPECT_EQ(after.at(5 * day).pulses("Period End"), 1u);
}

TEST(PowerQualityOptions, FollowsUniversalTimeWithoutAClock) {
  Bench bench;
  bench.run(Cadence::second, Instant{}.plus_s(4 * day - 1), 1);
  bench.run(Cadence::second, Instant{}.plus_s(4 * day + 10), 1);
  EXPECT_EQ(bench.pulses("Period End"), 1u);
}

}  // namespace
}  // namespace polyphase::modules::power_quality_options
