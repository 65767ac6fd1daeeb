#include "modules/acquisition/intervals.hpp"

#include <gtest/gtest.h>

#include "modules/acquisition/sample_clock.hpp"

namespace polyphase::modules::acquisition {
namespace {

Accumulation cycle(std::int64_t last_number, double length) {
  Accumulation one;
  one.sums.length_samples = length;
  one.sums.square[0] = 2 * length;
  one.begin = static_cast<double>(last_number - 2) / 2 * length;
  one.end = one.begin + length;
  one.last_number = last_number;
  one.cycles = 1;
  return one;
}

TEST(CycleHistory, PutsTogetherTheCyclesBetweenTwoBoundaries) {
  CycleHistory history;
  for (std::int64_t n = 2; n <= 200; n += 2) history.add(cycle(n, 100));
  const Accumulation all = history.between(160, 180);
  EXPECT_EQ(all.cycles, 10u);
  EXPECT_DOUBLE_EQ(all.sums.length_samples, 1000);
  EXPECT_DOUBLE_EQ(all.begin, 8000);
  EXPECT_DOUBLE_EQ(all.end, 9000);
  EXPECT_EQ(history.between(0, 20).cycles, 0u) << "too long ago";
}

TEST(RecentQuality, IsThatOfTheHalfCyclesWhichACycleTouches) {
  RecentQuality recent;
  metering::HalfCycle half;
  for (int n = 0; n < 4; ++n) {
    half.begin = 100 * n;
    half.end = half.begin + 100;
    half.common = {};
    half.quality = {};
    if (n == 1) half.common.add(Quality::bridged);
    if (n == 2) half.quality[5].add(Quality::clipped);
    recent.add(half);
  }
  EXPECT_EQ(recent.between(0, 60, 260).bits, Quality::bridged);
  EXPECT_EQ(recent.between(5, 150, 350).bits, Quality::bridged | Quality::clipped);
  EXPECT_EQ(recent.between(5, 200, 400).bits, Quality::clipped);
  EXPECT_EQ(recent.between(4, 200, 400).bits, 0);
}

TEST(SampleClock, GivesTimesThatDoNotDependOnTheBlocks) {
  SampleClock one, two;
  one.start(4800);
  two.start(4800);
  one.observe(0, Instant{5}, false);
  two.observe(0, Instant{5}, false);
  for (std::uint64_t n = 7; n < 10'000; n += 7) two.observe(n, Instant{5}.plus_s(static_cast<double>(n) / 4800), false);
  EXPECT_EQ(one.at(9876.5).ns, two.at(9876.5).ns);
}

TEST(SampleClock, FollowsTheSourceBehindAGapAndWhenItIsStepped) {
  SampleClock clock;
  clock.start(1000);
  clock.observe(0, Instant{0}, false);
  clock.observe(500, Instant{9'000'000'000}, true);
  EXPECT_EQ(clock.at(501).ns, 9'001'000'000);
  clock.step(-2);
  EXPECT_EQ(clock.at(501).ns, 7'001'000'000);
  clock.observe(502, Instant{9'002'000'000}, false);
  EXPECT_EQ(clock.at(502).ns, 7'002'000'000);
}

}  // namespace
}  // namespace polyphase::modules::acquisition
