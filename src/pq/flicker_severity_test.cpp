#include "pq/flicker_severity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace polyphase::pq {
namespace {

/// The slow way: all values sorted.
double exact_pst(std::vector<double> values) {
  std::sort(values.begin(), values.end(), std::greater<>());
  const auto p = [&](double percent) {
    const double at = percent / 100 * static_cast<double>(values.size());
    return values[std::min(static_cast<std::size_t>(at), values.size() - 1)];
  };
  return std::sqrt(0.0314 * p(0.1) + 0.0525 * (p(0.7) + p(1) + p(1.5)) / 3 +
                   0.0657 * (p(2.2) + p(3) + p(4)) / 3 +
                   0.28 * (p(6) + p(8) + p(10) + p(13) + p(17)) / 5 +
                   0.08 * (p(30) + p(50) + p(80)) / 3);
}

TEST(FlickerLevels, GiveThePstOfExactPercentiles) {
  for (const double size : {1e-3, 0.02, 1.0, 50.0, 1'000.0}) {
    FlickerLevels levels;
    std::vector<double> values;
    for (int n = 0; n < 120'000; ++n) {
      const double x = std::sin(n * 0.37) + std::sin(n * 0.0001);
      values.push_back(size * std::exp(x));
      levels.add(values.back());
    }
    EXPECT_NEAR(levels.pst() / exact_pst(values), 1, 5e-4) << size;
  }
}

TEST(FlickerLevels, KnowsAConstantLevelWithinItsClass) {
  FlickerLevels levels;
  for (int n = 0; n < 1'000; ++n) levels.add(1.3);
  // 0.0314 + 0.0525 + 0.0657 + 0.28 + 0.08; a class is 0.8 % wide
  EXPECT_NEAR(levels.pst(), std::sqrt(0.5096 * 1.3), 0.004 * levels.pst());
  EXPECT_EQ(levels.count(), 1'000u);
  levels.clear();
  EXPECT_EQ(levels.count(), 0u);
  EXPECT_EQ(levels.pst(), 0);
}

TEST(FlickerLevels, KeepsWhatIsBeyondItsClassesAtTheirEnds) {
  FlickerLevels levels;
  for (int n = 0; n < 100; ++n) levels.add(0);
  EXPECT_LT(levels.pst(), 0.004);
  levels.clear();
  for (int n = 0; n < 100; ++n) levels.add(1e30);
  EXPECT_NEAR(levels.exceeded(50), 65'536, 400);
}

TEST(FlickerLevels, InterpolatesBetweenTheBoundsOfAClass) {
  FlickerLevels levels;  // all within the class from 1 to 1 + 1/128
  for (int n = 0; n < 1'000; ++n) levels.add(1 + n / 128'000.0);
  EXPECT_NEAR(levels.exceeded(10), 1 + 0.9 / 128, 1e-5);
  EXPECT_NEAR(levels.exceeded(80), 1 + 0.2 / 128, 1e-5);
}

TEST(LongTermFlicker, IsTheCubeRootOfTheMeanOfCubes) {
  std::array<double, 12> pst{};
  pst.fill(0.7);
  EXPECT_NEAR(long_term_flicker(pst), 0.7, 1e-12);
  pst = {};
  pst[3] = 2;
  EXPECT_NEAR(long_term_flicker(pst), 2 / std::cbrt(12), 1e-12);
}

}  // namespace
}  // namespace polyphase::pq
