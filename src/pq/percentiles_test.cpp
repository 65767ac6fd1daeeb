#include "pq/percentiles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace polyphase::pq {
namespace {

double nearest_rank(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(
      std::ceil(percent * static_cast<double>(values.size()) / 100 - 1e-9));
  return values[rank - 1];
}

TEST(Percentiles, LieWithinHalfAClassOfWhatSortingGives) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::mt19937 random(seed);
    std::lognormal_distribution<double> distribution(0.0, 1.0);
    Percentiles percentiles;
    std::vector<double> values;
    for (int i = 0; i < 28'800; ++i) {
      values.push_back(distribution(random));
      percentiles.add(values.back());
    }
    for (const double p : {1.0, 50.0, 95.0, 99.0, 99.9, 100.0})
      EXPECT_NEAR(percentiles.at(p) / nearest_rank(values, p), 1, 0.0091)
          << p << " % with seed " << seed;
  }
}

TEST(Percentiles, TakeTheSmallestValueThatEnoughDoNotExceed) {
  Percentiles percentiles;
  for (int i = 0; i < 95; ++i) percentiles.add(1);
  for (int i = 0; i < 5; ++i) percentiles.add(8);
  EXPECT_NEAR(percentiles.at(95), 1, 0.0091) << "5 % above are not more than 5 %";
  EXPECT_NEAR(percentiles.at(96), 8, 8 * 0.0091);
}

TEST(Percentiles, CountWhatIsBeyondTheirClasses) {
  Percentiles percentiles;
  for (const double value : {0.0, 1e-6, std::nan(""), 1e9}) percentiles.add(value);
  EXPECT_EQ(percentiles.count(), 3u);
  EXPECT_EQ(percentiles.at(60), 0);
  EXPECT_EQ(percentiles.at(100), 1e4);
}

TEST(Percentiles, AreNotThereWithoutValues) {
  Percentiles percentiles;
  EXPECT_TRUE(std::isnan(percentiles.at(95)));
  percentiles.add(1);
  percentiles.clear();
  EXPECT_TRUE(std::isnan(percentiles.at(95)));
}

}  // namespace
}  // namespace polyphase::pq
