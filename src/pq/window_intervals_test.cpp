#include "pq/window_intervals.hpp"

#include <gtest/gtest.h>

#include "pq/sliding_reference.hpp"
#include "pq/square_means.hpp"

namespace polyphase::pq {
namespace {

constexpr std::int64_t ms = 1'000'000;

/// Windows of 200 ms one behind the other.
class Windows {
 public:
  explicit Windows(std::int64_t begin_ms) : begin_(begin_ms) {}
  WindowIntervals::Place next() {
    const std::int64_t begin = begin_;
    begin_ += 200;
    return intervals.add({begin * ms}, {begin_ * ms});
  }
  WindowIntervals::Place at(std::int64_t begin_ms) {
    begin_ = begin_ms;
    return next();
  }
  WindowIntervals intervals;

 private:
  std::int64_t begin_;
};

TEST(WindowIntervals, FifteenWindowsAreComplete) {
  Windows windows(0);
  for (int i = 1; i <= 30; ++i) EXPECT_EQ(windows.next().complete, i % 15 == 0) << i;
}

TEST(WindowIntervals, TheIntervalThatATickFallsIntoGoesOnBesideTheNewOne) {
  Windows windows(600'000 - 900);
  for (int i = 0; i < 5; ++i) {
    const auto place = windows.next();
    EXPECT_EQ(place.ten_minutes, 0);
    EXPECT_EQ(place.ends_ten_minutes, i == 4) << "the last one ends at 600.1 s";
  }
  auto place = windows.at(600'010);
  EXPECT_TRUE(place.begins_interval);
  EXPECT_TRUE(place.in_pending);
  EXPECT_EQ(place.ten_minutes, 1);
  for (int i = 7; i <= 15; ++i) {
    EXPECT_FALSE(place.pending_complete) << i;
    place = windows.next();
    EXPECT_TRUE(place.in_pending) << i;
  }
  EXPECT_TRUE(place.pending_complete) << "its fifteenth";
  EXPECT_FALSE(place.complete);
  EXPECT_FALSE(windows.next().in_pending);
  for (int i = 12; i < 15; ++i) EXPECT_FALSE(windows.next().complete) << i;
  EXPECT_TRUE(windows.next().complete);
}

TEST(WindowIntervals, WithoutAnOpenIntervalNothingIsPendingBehindATick) {
  Windows windows(600'000 - 3'000);
  for (int i = 0; i < 15; ++i) windows.next();
  const auto place = windows.next();
  EXPECT_TRUE(place.begins_interval);
  EXPECT_FALSE(place.in_pending);
}

TEST(WindowIntervals, BehindAGapTheyBeginAnew) {
  Windows windows(0);
  for (int i = 0; i < 10; ++i) windows.next();
  EXPECT_TRUE(windows.at(2'600).after_gap);
  for (int i = 2; i < 15; ++i) EXPECT_FALSE(windows.next().complete) << i;
  EXPECT_TRUE(windows.next().complete);
}

TEST(WindowIntervals, AZeroCrossingUponTheTickBeginsTheInterval) {
  WindowIntervals intervals;
  const std::int64_t tick = ten_minutes_ns;
  intervals.add({tick - 400 * ms}, {tick - 200 * ms});
  EXPECT_TRUE(intervals.add({tick - 200 * ms}, {tick - 1}).ends_ten_minutes) << "rounded down";
  EXPECT_TRUE(intervals.add({tick - 1}, {tick + 200 * ms}).begins_interval);
}

TEST(SquareMeans, AreTheRootOfTheMeanOfSquares) {
  SquareMeans<2> means;
  const double gone = std::numeric_limits<double>::quiet_NaN();
  for (int i = 0; i < 15; ++i)
    means.add(std::array{i < 7 ? 230.0 : 240.0, i < 7 ? 230.0 : gone}, {}, 0.2, {});
  EXPECT_NEAR(means.value(0), 235.38621, 5e-6);
  EXPECT_DOUBLE_EQ(means.value(1), 230) << "N/A is left out";
  EXPECT_NEAR(means.covered_s, 3, 1e-12);

  SquareMeans<1> ten_minutes;
  for (int i = 0; i < 3000; ++i) ten_minutes.add(std::array{i < 1000 ? 220.0 : 235.0}, {}, 0.2, {});
  EXPECT_NEAR(ten_minutes.value(0), 230.10867, 5e-6);
  EXPECT_TRUE(std::isnan(SquareMeans<1>().value(0)));
}

TEST(SlidingReference, FollowsWithAMinuteAndHoldsWhileFlagged) {
  SlidingReference reference;
  reference.start(230);
  for (int i = 0; i < 300; ++i) reference.add(220, false);
  EXPECT_NEAR(reference.value(), 223.7097, 5e-5);
  for (int i = 0; i < 300; ++i) reference.add(100, true);
  EXPECT_NEAR(reference.value(), 223.7097, 5e-5);
}

}  // namespace
}  // namespace polyphase::pq
