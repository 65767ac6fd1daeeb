#include "lab/assessment.hpp"

#include <gtest/gtest.h>

#include <random>

namespace polyphase::lab {
namespace {

constexpr Observation week{600, 7 * 86'400.0};

Tally tally(double valid, double beyond, double flagged = 0, double missing = 0) {
  Tally t;
  t.valid = valid;
  t.beyond = beyond;
  for (; flagged > 0; --flagged) t.exclude(Exclusion::flagged);
  for (; missing > 0; --missing) t.exclude(Exclusion::missing);
  return t;
}

TEST(Assessment, OfAWholePeriodTheShareDecides) {
  EXPECT_EQ(verdict_of(tally(1'008, 50), week, 5), Verdict::complies);
  EXPECT_EQ(verdict_of(tally(1'008, 51), week, 5), Verdict::fails);
  EXPECT_EQ(verdict_of(tally(60, 4, 948), week, 5), Verdict::fails) << "of the valid ones";
}

TEST(Assessment, WhatNothingMayExceedFailsAtOnce) {
  EXPECT_EQ(verdict_of(tally(4, 1), week, 0), Verdict::fails);
  EXPECT_EQ(verdict_of(tally(4, 0), week, 0), Verdict::not_whole);
}

TEST(Assessment, AShareThatCanNoLongerBeKeptFailsBeforeThePeriodIsOver) {
  EXPECT_EQ(verdict_of(tally(100, 50), week, 5), Verdict::not_whole) << "50 of 1008 are 4.96 %";
  EXPECT_EQ(verdict_of(tally(100, 51), week, 5), Verdict::fails);
  EXPECT_EQ(verdict_of(tally(100, 50, 9), week, 5), Verdict::fails) << "50 of 999 are 5.005 %";
}

TEST(Assessment, TellsExcludedFromNotMeasured) {
  EXPECT_EQ(verdict_of(tally(0, 0), week, 5), Verdict::not_measured);
  EXPECT_EQ(verdict_of(tally(0, 0, 2), week, 5), Verdict::all_flagged);
  EXPECT_EQ(verdict_of(tally(0, 0, 1, 3), week, 5), Verdict::all_flagged);
  Tally absent = tally(0, 0, 0, 3);
  absent.exclude(Exclusion::flagged, false);
  EXPECT_EQ(verdict_of(absent, week, 5), Verdict::not_measured);
  Tally cut;
  cut.exclude(Exclusion::not_whole);
  EXPECT_EQ(verdict_of(cut, week, 5), Verdict::all_excluded);
}

TEST(Assessment, APercentileNeverContradictsTheCount) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<float> values(1 + random() % 300);
    for (float& value : values) value = static_cast<float>(random() % 100);
    const double limit = 90;
    const auto beyond = static_cast<double>(std::count_if(
        values.begin(), values.end(), [&](float v) { return static_cast<double>(v) > limit; }));
    for (const double percent : {95.0, 99.0, 100.0}) {
      const bool too_many = beyond > (100 - percent) / 100 * static_cast<double>(values.size());
      EXPECT_EQ(percentile(values, percent) > limit, too_many)
          << "trial " << trial << ", " << percent << " % of " << values.size();
    }
  }
}

}  // namespace
}  // namespace polyphase::lab
