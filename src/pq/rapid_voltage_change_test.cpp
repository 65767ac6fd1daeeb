#include "pq/rapid_voltage_change.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace polyphase::pq {
namespace {

/// Rms values of one channel, (value, how many), 10 ms apart.
using Staircase = std::vector<std::pair<double, int>>;

Instant at_ms(int ms) { return {ms * 1'000'000LL}; }

std::vector<double> values_of(const Staircase& staircase) {
  std::vector<double> values;
  for (const auto& [value, count] : staircase)
    values.insert(values.end(), static_cast<std::size_t>(count), value);
  return values;
}

// 230 V, 50 Hz; threshold 5 %, hysteresis half of it; below 207 V is a sag.
std::vector<RapidVoltageChangeRecord> changes(const std::vector<Staircase>& channels,
                                              RapidVoltageChangeConfig config = {11.5, 5.75, 100}) {
  RapidVoltageChange detector;
  detector.configure(config);
  std::vector<std::vector<double>> values;
  for (const Staircase& channel : channels) values.push_back(values_of(channel));
  std::vector<RapidVoltageChangeRecord> found;
  for (std::size_t k = 0; k < values[0].size(); ++k) {
    std::vector<RmsWindow> windows;
    bool sag = false;
    for (const auto& channel : values) {
      windows.push_back({channel[k], at_ms(static_cast<int>(k) * 10)});
      sag = sag || channel[k] < 207;
    }
    if (const auto record = detector.update(windows, sag)) found.push_back(*record);
  }
  return found;
}

// The three vectors of the project's facts, section 1.6.
TEST(RapidVoltageChange, MeasuresAStepThroughALowerLevel) {
  const auto found = changes({{{230.0, 150}, {211.6, 4}, {220.8, 250}}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].time, at_ms(1500));
  EXPECT_EQ(found[0].end, at_ms(1540));
  EXPECT_NEAR(found[0].delta_max, 18.4, 1e-9);
  EXPECT_NEAR(found[0].delta_ss, 9.2, 1e-9);
}

TEST(RapidVoltageChange, LetsAStepWithinTheThresholdPass) {
  EXPECT_TRUE(changes({{{230.0, 150}, {220.8, 250}}}).empty());
}

// Covers: PQ-027
TEST(RapidVoltageChange, IsNotWhatGoesBeyondTheSagLimit) {
  EXPECT_TRUE(changes({{{230.0, 150}, {202.4, 4}, {220.8, 250}}}).empty());
}

TEST(RapidVoltageChange, IsNotTheStepThatEndsALongSag) {
  EXPECT_TRUE(changes({{{195.5, 250}, {213.0, 1}, {230.0, 250}}}).empty());
  EXPECT_TRUE(changes({{{203.0, 250}, {210.0, 1}, {230.0, 250}}}).empty());
  EXPECT_EQ(changes({{{203.0, 250}, {210.0, 250}, {230.0, 250}}}).size(), 1u)
      << "a step of its own";
}

TEST(RapidVoltageChange, NeedsASteadyStateBefore) {
  EXPECT_TRUE(changes({{{230.0, 50}, {211.6, 4}, {220.8, 250}}}).empty());
}

TEST(RapidVoltageChange, IsOneChangeWhileTheVoltageMoves) {
  // Two steps 50 half cycles apart: never steady between.
  const auto found = changes({{{230.0, 150}, {216.0, 50}, {230.0, 250}}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].time, at_ms(1500));
  EXPECT_EQ(found[0].end, at_ms(2000));
  EXPECT_NEAR(found[0].delta_max, 14.0, 1e-9);
  EXPECT_NEAR(found[0].delta_ss, 0.0, 1e-9);
}

TEST(RapidVoltageChange, UsesTheLowerThresholdForASecondMoreAfterAChange) {
  // The second step is of 11.55 V, of which the newest mean sees 99 %: within the threshold, and
  // more than twice threshold - hysteresis, so that it is not steady half-way.
  const Staircase soon{{230.0, 150}, {216.0, 110}, {227.55, 250}};
  EXPECT_EQ(changes({soon}).size(), 2u);
  const Staircase late{{230.0, 150}, {216.0, 310}, {227.55, 250}};
  EXPECT_EQ(changes({late}).size(), 1u);
}

TEST(RapidVoltageChange, TakesTheLargestOfTheChannelsAndEndsWithTheLast) {
  const auto found =
      changes({{{230.0, 150}, {216.0, 250}}, {{230.0, 160}, {210.0, 240}}, {{230.0, 400}}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].time, at_ms(1500));
  EXPECT_EQ(found[0].end, at_ms(1600));
  EXPECT_NEAR(found[0].delta_ss, 20.0, 1e-9);
  EXPECT_EQ(found[0].affected, (std::array{true, true, false}));
}

TEST(RapidVoltageChange, BeginsAnewAfterAMissingValue) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(changes({{{230.0, 150}, {nan, 1}, {216.0, 250}}}).empty());
}

TEST(RapidVoltageChange, IsOffWithoutAThreshold) {
  EXPECT_TRUE(changes({{{230.0, 150}, {211.6, 250}}}, {0, 0, 100}).empty());
}

}  // namespace
}  // namespace polyphase::pq
