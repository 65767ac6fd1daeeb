#include "lab/harmonic_check.hpp"

#include <gtest/gtest.h>

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
    check.add(values, Instant{}.plus_s(from_s), false);
  }
  return from_s;
}

TEST(HarmonicCheck, CountsEachOrderAboveItsLimit) {
  auto c = check(600, week_s, 95);
  const double at = feed(*c, 0, 60, 5, 6.1);
  feed(*c, at, 948, 7, 4);
  c->finish();
  EXPECT_EQ(c->whole_periods(), 1u);
  EXPECT_EQ(c->worst().valid, 1'008);
  EXPECT_EQ(c->worst().beyond[5], 60);
  EXPECT_EQ(c->worst().beyond[7], 0);
  EXPECT_NEAR(c->worst().order[5].at(95), 6.1, 6.1 * 0.0091) << "6 % of the intervals";
  EXPECT_EQ(c->worst_order(), 5u);
  EXPECT_EQ(c->worst().total_beyond, 0);
}

TEST(HarmonicCheck, KeepsTheWorstDay) {
  auto c = check(600, day_s, 99);
  double at = feed(*c, 0, 144, 5, 1);
  at = feed(*c, at, 144, 5, 5);
  at = feed(*c, at, 144, 5, 2);
  feed(*c, at, 10, 5, 9);  // the beginning of a day is not one
  c->finish();
  EXPECT_EQ(c->whole_periods(), 3u);
  EXPECT_EQ(c->worst().valid, 144);
  EXPECT_NEAR(c->worst().total_highest, 5, 1e-12);
}

TEST(HarmonicCheck, GivesWhatThereIsOfAPeriodThatIsNotWhole) {
  auto c = check(600, week_s, 95);
  feed(*c, 0, 10, 7, 3);
  c->add({}, Instant{}.plus_s(6'600), true);
  c->finish();
  EXPECT_EQ(c->whole_periods(), 0u);
  EXPECT_EQ(c->worst().valid, 10);
  EXPECT_EQ(c->worst().invalid, 1);
}

}  // namespace
}  // namespace polyphase::lab
