#include "sources/recording/time_axis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace polyphase::sources::recording {
namespace {

std::vector<double> even_times(std::size_t rows, double rate_hz, double start_s = 0) {
  std::vector<double> times;
  for (std::size_t n = 0; n < rows; ++n)
    times.push_back(start_s + static_cast<double>(n) / rate_hz);
  return times;
}

std::vector<double> rounded(std::vector<double> times, double resolution_s) {
  for (double& t : times) t = std::round(t / resolution_s) * resolution_s;
  return times;
}

TimeAxis axis_of(std::vector<double> times, double resolution_s = 1e-9) {
  auto axis = axis_of_stamps(std::move(times), resolution_s, 100);
  EXPECT_TRUE(axis) << (axis ? "" : axis.error().text());
  return axis ? *axis : TimeAxis{};
}

TEST(TimeAxis, FindsTheRateThatRoundedTimesMean) {
  EXPECT_EQ(axis_of(rounded(even_times(5'000, 10'240), 1e-6), 1e-6).rate_hz, 10'240);
  EXPECT_EQ(axis_of(rounded(even_times(5'000, 10'240), 1e-3), 1e-3).rate_hz, 10'240)
      << "ten rows of one time";
  EXPECT_NEAR(axis_of(rounded(even_times(5'000, 2'397.5), 1e-6), 1e-6).rate_hz, 2'397.5, 1e-3);
}

TEST(TimeAxis, InsertsAFewRowsThatAreMissing) {
  auto times = even_times(100, 1'000);
  times.erase(times.begin() + 40, times.begin() + 43);
  const TimeAxis axis = axis_of(times);
  EXPECT_EQ(axis.rate_hz, 1'000);
  ASSERT_EQ(axis.insertions.size(), 1u);
  EXPECT_EQ(axis.insertions[0].row, 40u);
  EXPECT_EQ(axis.insertions[0].count, 3u);
  EXPECT_EQ(axis.segments.size(), 1u);
  EXPECT_NEAR(axis.duration_s(), 0.1, 1e-12);
}

TEST(TimeAxis, BeginsASegmentAfterAGapThatIsLongOrOutOfStep) {
  auto times = even_times(50, 1'000);
  for (const double start : {1.0, 1.0603}) {
    const auto more = even_times(50, 1'000, start);
    times.insert(times.end(), more.begin(), more.end());
  }
  const TimeAxis axis = axis_of(times);
  ASSERT_EQ(axis.segments.size(), 3u);
  EXPECT_EQ(axis.segments[1].first_row, 50u);
  EXPECT_NEAR(axis.segments[1].start_s, 1, 1e-9);
  EXPECT_NEAR(axis.segments[2].start_s, 1.0603, 1e-9);
  EXPECT_TRUE(axis.even);
}

TEST(TimeAxis, FillsInTimesThatAreMissing) {
  auto times = even_times(100, 2'000);
  for (const std::size_t n : {0u, 7u, 8u, 99u}) times[n] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(axis_of(times).rate_hz, 2'000);
}

TEST(TimeAxis, FollowsARateThatWanders) {
  std::vector<double> times{0};
  for (int n = 0; n < 3'000; ++n)
    times.push_back(times.back() + 1.25e-3 * (1 + 1e-3 * std::sin(n / 500.0)));
  const TimeAxis axis = axis_of(times);
  EXPECT_FALSE(axis.even);
  EXPECT_NEAR(axis.rate_hz, 800, 1);
  EXPECT_EQ(axis.knots.size(), times.size());
}

TEST(TimeAxis, RefusesTimesThatTellNoRate) {
  const auto error = [](std::vector<double> times) {
    auto axis = axis_of_stamps(std::move(times), 1e-6, 100);
    return axis ? "" : axis.error().message;
  };
  EXPECT_NE(error({0, 1, 0.5}).find("in row 3 it falls by 0.5 s"), std::string::npos);
  EXPECT_NE(error({1}).find("fewer than two rows"), std::string::npos);
  EXPECT_NE(error({1, 1, 1}).find("cannot be known"), std::string::npos);
}

TEST(TimeAxis, TakesSectionsOfAlmostOneRateForOne) {
  EXPECT_TRUE(axis_of_sections(std::vector<Section>{{100, 4'000}, {100, 4'000.2}}, 200).even);
  const TimeAxis axis =
      axis_of_sections(std::vector<Section>{{100, 2'400}, {100, 2'410}, {50, 600}}, 260);
  EXPECT_FALSE(axis.even);
  EXPECT_EQ(axis.rate_hz, 2'410);
  ASSERT_EQ(axis.knots.size(), 3u);
  EXPECT_NEAR(axis.knots[2].time_s, 100 / 2'400.0 + 100 / 2'410.0, 1e-12);
  EXPECT_EQ(axis.breaks, std::vector<std::uint64_t>{200}) << "only there the rate jumps";
  EXPECT_NEAR(axis.duration_s(), axis.knots[2].time_s + 0.1, 1e-12)
      << "rows beyond the last section go on";
}

}  // namespace
}  // namespace polyphase::sources::recording
