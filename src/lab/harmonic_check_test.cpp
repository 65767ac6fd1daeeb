#include "lab/harmonic_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace polyphase::lab {
namespace {

constexpr double day_s = 86'400, week_s = 7 * day_s;

std::unique_ptr<HarmonicCheck> check(double interval_s, double period_s, double percentile) {
  HarmonicAssessment assessment{"V1", "test", interval_s, period_s, percentile, 50, {}, 8};
  assessment.limit.fill(std::numeric_limits<double>::quiet_NaN());
  assessment.limit[5] = 6;
  assessment.limit[7] = 5;
  return std::make_unique<HarmonicCheck>(assessment);
}

/// `count` intervals with one order at so many percent, from a time on.
double feed(HarmonicCheck& check, double from_s, int count, unsigned order, double percent) {
  for (int i = 0; i < count; ++i) {
    PercentByOrder values{};
    values[order] = percent;
    from_s += check.assessment().interval_s;
    check.add(values, Instant{}.plus_s(from_s), Exclusion::none);
  }
  return from_s;
}

TEST(HarmonicCheck, CountsEachOrderAboveItsLimit) {
  auto c = check(600, week_s, 95);
  const double at = feed(*c, 0, 60, 5, 6.1);
  feed(*c, at, 948, 7, 4);
  c->finish();
  EXPECT_EQ(c->whole_periods(), 1u);
  const HarmonicCheck::Period& week = c->worst();
  EXPECT_EQ(week.count.valid, 1'008);
  EXPECT_EQ(week.order[5].beyond, 60);
  EXPECT_EQ(week.order[7].beyond, 0);
  EXPECT_NEAR(week.order[5].at_share, 6.1, 1e-6) << "6 % of the intervals";
  EXPECT_EQ(week.worst_order, 5u);
  EXPECT_EQ(week.orders_count().beyond, 60);
  EXPECT_EQ(week.orders_verdict, Verdict::fails);
  EXPECT_EQ(week.total.beyond, 0);
  EXPECT_EQ(week.total_verdict, Verdict::complies);
}

TEST(HarmonicCheck, GivesThePercentileAsItWasMeasuredAndTheHighest) {
  auto c = check(600, week_s, 95);
  double at = feed(*c, 0, 957, 5, 5.98);
  at = feed(*c, at, 50, 5, 6.02);
  feed(*c, at, 1, 5, 6.9);
  c->finish();
  const HarmonicCheck::Figures& fifth = c->worst().order[5];
  EXPECT_EQ(fifth.at_share, static_cast<double>(6.02F)) << "rank 958 of 1008";
  EXPECT_EQ(fifth.highest, static_cast<double>(6.9F));
  EXPECT_EQ(fifth.lowest, static_cast<double>(5.98F));
  EXPECT_EQ(fifth.beyond, 51);
}

TEST(HarmonicCheck, OfSeveralOrdersNamesTheOneMostOftenBeyond) {
  auto c = check(600, week_s, 95);
  PercentByOrder values{};
  for (int i = 0; i < 1'008; ++i) {
    values[5] = 5.9;
    values[7] = i < 20 ? 9 : 1;
    c->add(values, Instant{}.plus_s(600.0 * (i + 1)), Exclusion::none);
  }
  c->finish();
  EXPECT_EQ(c->worst().worst_order, 7u) << "though the 5th is nearer to its limit at 95 %";
  EXPECT_EQ(c->worst().orders_count().beyond, 20);
}

TEST(HarmonicCheck, KeepsTheWorstDay) {
  auto c = check(600, day_s, 99);
  double at = feed(*c, 0, 144, 5, 1);
  at = feed(*c, at, 144, 5, 5);
  at = feed(*c, at, 144, 5, 2);
  feed(*c, at, 1, 5, 5.9);  // the beginning of a day is not one
  c->finish();
  EXPECT_EQ(c->whole_periods(), 3u);
  EXPECT_EQ(c->worst().count.valid, 144);
  EXPECT_EQ(c->worst().intervals.front().end, Instant{}.plus_s(day_s + 600));
  EXPECT_NEAR(c->worst().total.highest, 5, 1e-6);
}

TEST(HarmonicCheck, ADayThatFailsBeforeItIsOverIsTheWorst) {
  auto c = check(600, day_s, 99);
  const double at = feed(*c, 0, 144, 5, 1);
  feed(*c, at, 10, 5, 9);
  c->finish();
  EXPECT_EQ(c->worst().orders_verdict, Verdict::fails) << "10 of 144 are more than 1 %";
}

TEST(HarmonicCheck, GivesWhatThereIsOfAPeriodThatIsNotWhole) {
  auto c = check(600, week_s, 95);
  feed(*c, 0, 10, 7, 3);
  c->add({}, Instant{}.plus_s(6'600), Exclusion::flagged);
  c->finish();
  EXPECT_EQ(c->whole_periods(), 0u);
  EXPECT_EQ(c->worst().count.valid, 10);
  EXPECT_EQ(c->worst().count.flagged, 1);
  EXPECT_EQ(c->worst().orders_verdict, Verdict::not_whole);
}

TEST(HarmonicCheck, JudgesTheOrdersThatWereMeasured) {
  auto c = check(600, week_s, 95);
  PercentByOrder values{};
  values[5] = 7;
  std::fill(values.begin() + 7, values.end(), std::numeric_limits<double>::quiet_NaN());
  for (int i = 0; i < 1'008; ++i)
    c->add(values, Instant{}.plus_s(600.0 * (i + 1)), Exclusion::none);
  c->finish();
  EXPECT_EQ(c->worst().order_max, 6u);
  EXPECT_EQ(c->worst().orders_verdict, Verdict::fails);
  EXPECT_NEAR(c->worst().total.highest, 7, 1e-6);
  EXPECT_EQ(c->worst().total_verdict, Verdict::complies);
}

}  // namespace
}  // namespace polyphase::lab
