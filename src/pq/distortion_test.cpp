#include "pq/distortion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace polyphase::pq {
namespace {

/// Order 1 is 100; others as given.
std::vector<double> spectrum(std::initializer_list<std::pair<std::size_t, double>> orders) {
  std::vector<double> magnitudes(51, 0.0);
  magnitudes[1] = 100;
  for (const auto& [order, value] : orders) magnitudes[order] = value;
  return magnitudes;
}

// Covers: MEA-025
TEST(Distortion, IsTheRootOfTheSumOfSquares) {
  EXPECT_NEAR(distortion_of(spectrum({{3, 3}, {5, 4}})).total, 5, 1e-12);
  EXPECT_NEAR(harmonic_content(spectrum({{3, 3}, {50, 4}})), 5, 1e-12);
}

// Covers: MEA-023, MEA-024
TEST(Distortion, SplitsEvenAndOddOrders) {
  const auto even = distortion_of(spectrum({{2, 6}, {4, 8}}));
  EXPECT_NEAR(even.even, even.total, 1e-12);
  EXPECT_EQ(even.odd, 0);
  const auto odd = distortion_of(spectrum({{3, 6}, {49, 8}}));
  EXPECT_NEAR(odd.odd, odd.total, 1e-12);
  EXPECT_EQ(odd.even, 0);
}

// Covers: MEA-027
TEST(Distortion, WeighsTheSquaresOfOrdersInTheKFactor) {
  EXPECT_EQ(distortion_of(spectrum({})).k_factor, 1);
  const double expected = (1 + 9 * 0.09 + 25 * 0.04) / (1 + 0.09 + 0.04);
  EXPECT_NEAR(distortion_of(spectrum({{3, 30}, {5, 20}})).k_factor, expected, 1e-12);
}

TEST(Distortion, IsNothingWithoutAFundamental) {
  std::vector<double> idle(51, 0.0);
  EXPECT_TRUE(std::isnan(distortion_of(idle).total));
  idle[3] = 1;
  EXPECT_TRUE(std::isnan(distortion_of(idle).k_factor));
}

}  // namespace
}  // namespace polyphase::pq
