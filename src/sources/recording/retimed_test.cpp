#include "sources/recording/retimed.hpp"

#include <gtest/gtest.h>

#include <numbers>
#include <random>

#include "sources/recording/test_rows.hpp"

namespace polyphase::sources::recording {
namespace {

// Fundamental and 5th harmonic; lane 1 lags.
float signal(std::size_t lane, double t) {
  const double phase = 2 * std::numbers::pi * 50 * t - (lane == 1 ? 0.7 : 0);
  return static_cast<float>(std::cos(phase) + 0.1 * std::cos(5 * phase + 1));
}

double error_against_signal(const std::vector<Frame>& frames, double rate_hz, std::size_t from,
                            std::size_t to) {
  double worst = 0;
  for (std::size_t n = from; n < to; ++n)
    for (std::size_t lane = 0; lane < 2; ++lane)
      worst = std::max(
          worst, std::abs(static_cast<double>(frames[n].value[lane] -
                                              signal(lane, static_cast<double>(n) / rate_hz))));
  return worst;
}

TEST(Retimed, BringsSectionsOfAlmostOneRateToOne) {
  const std::vector<Section> sections{{500, 2'400}, {500, 2'410}, {500, 2'395}};
  const TimeAxis axis = axis_of_sections(sections, 1'500);
  const auto time_of = [&](std::uint64_t row) {
    double t = 0;
    for (const Section& s : sections) {
      if (row < s.rows) return t + static_cast<double>(row) / s.rate_hz;
      row -= s.rows;
      t += static_cast<double>(s.rows) / s.rate_hz;
    }
    return t;
  };
  auto part = retimed(std::make_unique<MadeRows>(axis, time_of, signal), {});
  const PartRead read(*part, 77);
  EXPECT_NEAR(static_cast<double>(read.frames.size()), axis.duration_s() * 2'410, 2);
  EXPECT_EQ(part->info().sample_rate_hz, 2'410);
  EXPECT_LT(error_against_signal(read.frames, 2'410, 40, read.frames.size() - 40), 2e-4);
}

TEST(Retimed, NarrowsWhereTheRateJumps) {
  const TimeAxis axis = axis_of_sections(std::vector<Section>{{1'000, 4'800}, {500, 1'200}}, 1'500);
  const auto time_of = [](std::uint64_t row) {
    return row < 1'000 ? static_cast<double>(row) / 4'800
                       : 1'000 / 4'800.0 + static_cast<double>(row - 1'000) / 1'200;
  };
  auto part = retimed(std::make_unique<MadeRows>(axis, time_of, signal), {});
  const PartRead read(*part);
  EXPECT_LT(error_against_signal(read.frames, 4'800, 40, 960), 2e-4);
  EXPECT_LT(error_against_signal(read.frames, 4'800, 960, 1'130), 0.1);
  EXPECT_LT(error_against_signal(read.frames, 4'800, 1'130, 2'860), 2e-4);
}

TEST(Retimed, FollowsTheTimesOfEachRow) {
  const auto time_of = [](std::uint64_t row) {
    return static_cast<double>(row) * 1.25e-3 + 2e-4 * std::sin(static_cast<double>(row) / 300);
  };
  std::vector<double> stamps;
  for (std::uint64_t row = 0; row < 3'000; ++row) stamps.push_back(time_of(row));
  const auto axis = axis_of_stamps(stamps, 1e-6, 100);
  ASSERT_TRUE(axis);
  ASSERT_FALSE(axis->even);
  auto part = retimed(
      std::make_unique<MadeRows>(*axis, time_of,
                                 [](std::size_t lane, double t) {
                                   return static_cast<float>(std::cos(
                                       2 * std::numbers::pi * 50 * t - static_cast<double>(lane)));
                                 }),
      {});
  const PartRead read(*part, 1'000);
  ASSERT_GT(read.frames.size(), 2'900u);
  for (std::size_t n = 50; n < read.frames.size() - 50; ++n)
    ASSERT_NEAR(read.frames[n].value[0],
                std::cos(2 * std::numbers::pi * 50 * static_cast<double>(n) / axis->rate_hz), 5e-4)
        << n;
}

TEST(Retimed, TakesTheSkewOfAChannelAway) {
  const double skew_s = 37e-6;
  auto part = retimed(
      std::make_unique<MadeRows>(
          axis_at(4'800, 1'000), [](std::uint64_t row) { return static_cast<double>(row) / 4'800; },
          [&](std::size_t lane, double t) { return signal(lane, t + (lane == 1 ? skew_s : 0)); }),
      {0, skew_s, 0, 0, 0, 0, 0, 0});
  const PartRead read(*part, 64);
  ASSERT_EQ(read.frames.size(), 1'000u);
  EXPECT_LT(error_against_signal(read.frames, 4'800, 40, 960), 2e-4);
}

TEST(Retimed, KeepsGaps) {
  TimeAxis axis = axis_at(4'800, 2'000);
  axis.segments = {{0, 0}, {800, 10}};
  auto part =
      retimed(std::make_unique<MadeRows>(
                  axis, [](std::uint64_t row) { return static_cast<double>(row) / 4'800; }, signal),
              {1e-5, 0, 0, 0, 0, 0, 0, 0});
  const PartRead read(*part);
  EXPECT_EQ(read.frames.size(), 2'000u);
  EXPECT_EQ(read.gaps, std::vector<std::size_t>{800});
  EXPECT_EQ(read.gap_times_s, std::vector<double>{10});
}

TEST(Retimed, IsTheSameWhateverTheSizeOfReads) {
  const TimeAxis axis =
      axis_of_sections(std::vector<Section>{{5'000, 2'400}, {7'000, 2'410}}, 12'000);
  const auto made = [&] {
    return retimed(
        std::make_unique<MadeRows>(
            axis, [](std::uint64_t row) { return static_cast<double>(row) / 2'400; }, signal),
        {0, 2e-5, 0, 0, 0, 0, 0, 0});
  };
  const PartRead big(*made(), 4'096), small(*made(), 7);
  ASSERT_EQ(big.frames.size(), small.frames.size());
  for (std::size_t n = 0; n < big.frames.size(); ++n)
    ASSERT_EQ(big.frames[n].value, small.frames[n].value) << n;
}

}  // namespace
}  // namespace polyphase::sources::recording
