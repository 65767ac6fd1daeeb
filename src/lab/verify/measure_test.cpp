#include <gtest/gtest.h>

#include <cmath>

#include "lab/verify/check.hpp"

namespace polyphase::lab::verify {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Values told at 1 s, 2 s, ... after a start at 100 s.
Outcome outcome(const std::vector<double>& values) {
  Outcome o;
  o.start = Instant{}.plus_s(100);
  o.labels = {"X"};
  o.told.resize(1);
  for (const double value : values)
    o.told[0].push_back({o.start.plus_s(static_cast<double>(o.told[0].size() + 1)), value});
  return o;
}

double of(const Measure& measure, const Outcome& o, double truth = 0) {
  return measure.value(o, truth);
}

TEST(Measure, FarthestIsTheWorstOfAllThatHaveSettled) {
  const Outcome o = outcome({50, 10.5, 9, 10.2});
  EXPECT_EQ(of(farthest("X", 2), o, 10), 9);
  EXPECT_EQ(of(farthest("X", 4), o, 10), 10.2);
}

TEST(Measure, AValueThatIsMissingIsNotPassedOver) {
  EXPECT_TRUE(std::isnan(of(farthest("X", 2), outcome({1, 10, nothing, 10}), 10)));
  EXPECT_EQ(of(farthest("X", 2), outcome({nothing, 10}), 10), 10) << "before it settles";
  EXPECT_TRUE(std::isnan(of(farthest("X", 2), outcome({10}), 10))) << "nothing was told";
}

TEST(Measure, HighestIsOfAllThatHaveSettled) {
  EXPECT_EQ(of(highest("X", 2), outcome({50, 10, 12, 9})), 12);
  EXPECT_TRUE(std::isnan(of(highest("X", 2), outcome({50, 10, nothing, 9}))));
}

TEST(Measure, GrowthIsBetweenTwoSeconds) {
  EXPECT_EQ(of(growth("X", 2, 4), outcome({1, 3, 6, 10, 15})), 7);
  EXPECT_TRUE(std::isnan(of(growth("X", 2, 9), outcome({1, 3, 6, 10, 15}))));
}

TEST(Measure, CountsAndSumsWhatLiesBehindTheFirstInstant) {
  const Outcome o = outcome({1, 0, 1, 1});
  EXPECT_EQ(of(count("X", 1, 3), o), 2);
  EXPECT_EQ(of(sum("X", 1, 4), o), 2);
  EXPECT_EQ(of(at("X", 2.5), o), 1);
  EXPECT_TRUE(std::isnan(of(sum("X", 7, 9), o)));
}

TEST(Measure, TellsMarkAndTimeOfAValue) {
  Outcome o = outcome({1, 2, nothing});
  o.told[0][1].quality = {Quality::disturbed};
  o.told[0][1].time = o.start.plus_s(2.003);
  EXPECT_EQ(of(flag_at("X", 1), o), 0);
  EXPECT_EQ(of(flag_at("X", 1.5), o), 1);
  EXPECT_NEAR(of(stamp_at("X", 1.5), o), 2.003, 1e-9);
  EXPECT_TRUE(std::isnan(of(flag_at("X", 3), o))) << "a mark of no value";
  EXPECT_TRUE(std::isnan(of(stamp_at("X", 9), o)));
}

registers::Disturbance sag(double start_s, double duration_s, double extreme) {
  registers::Disturbance d;
  d.type = "sag";
  d.time = Instant{}.plus_s(start_s);
  d.end = d.time.plus_s(duration_s);
  d.extreme = extreme;
  return d;
}

TEST(Measure, MeanIsOfTwoRegisters) {
  Outcome o = outcome({1, 3});
  o.labels.push_back("Y");
  o.told.push_back(outcome({5, 8}).told[0]);
  EXPECT_EQ(of(mean_at("X", "Y", 2), o), 5.5);
  EXPECT_TRUE(std::isnan(of(mean_at("X", "Z", 2), o)));
}

TEST(Measure, FindsTheNthEventOfAType) {
  Outcome o;
  o.disturbances = {sag(1, 0.1, 100), sag(2, 0.2, 50)};
  EXPECT_EQ(of(events("sag"), o), 2);
  EXPECT_EQ(of(events("swell"), o), 0);
  EXPECT_EQ(of(event("sag", 1, Of::extreme), o), 50);
  EXPECT_NEAR(of(event("sag", 1, Of::duration_s), o), 0.2, 1e-9);
  o.start = Instant{}.plus_s(0.5);
  EXPECT_NEAR(of(event("sag", 1, Of::begin_s), o), 1.5, 1e-9);
  EXPECT_TRUE(std::isnan(of(event("sag", 2, Of::extreme), o)));
  o.disturbances[1].open = true;
  EXPECT_TRUE(std::isnan(of(event("sag", 1, Of::duration_s), o)));
}

Check check(double truth, double measured, Limit limit) {
  Check c;
  c.truth = truth;
  c.limit = std::move(limit);
  c.measured = measured;
  return c;
}

TEST(Check, PassesUpToItsLimit) {
  // 0.1 % of 230 V is 0.23 V.
  const Limit limit{0.1, 2.3, "% Udin"};
  EXPECT_NEAR(check(230, 230.115, limit).share_percent(), 50, 1e-6);
  EXPECT_TRUE(check(230, 229.771, limit).passed());
  EXPECT_FALSE(check(230, 229.769, limit).passed());
  EXPECT_FALSE(check(230, nothing, limit).passed());
}

TEST(Check, WithoutALimitItMustBeExact) {
  EXPECT_TRUE(check(3, 3, {}).passed());
  EXPECT_FALSE(check(3, 3.0001, {}).passed());
  EXPECT_FALSE(check(0, nothing, {}).passed());
}

}  // namespace
}  // namespace polyphase::lab::verify
