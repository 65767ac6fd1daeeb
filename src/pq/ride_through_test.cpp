#include "pq/ride_through.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace polyphase::pq {
namespace {

constexpr auto inside = RideThrough::inside, above = RideThrough::above, below = RideThrough::below;

TEST(RideThrough, SortsEventsByTheItiCurve) {
  EXPECT_EQ(classify_iti(0, 0.02), inside);
  EXPECT_EQ(classify_iti(0, 0.021), below);
  EXPECT_EQ(classify_iti(70, 0.5), inside);
  EXPECT_EQ(classify_iti(69.9, 0.5), below);
  EXPECT_EQ(classify_iti(79, 1), below);
  EXPECT_EQ(classify_iti(85, 10), inside);
  EXPECT_EQ(classify_iti(85, 11), below);
  EXPECT_EQ(classify_iti(119, 0.4), inside);
  EXPECT_EQ(classify_iti(121, 0.4), above);
  EXPECT_EQ(classify_iti(119, 0.6), above);
  EXPECT_EQ(classify_iti(199, 0.0005), inside);
  EXPECT_EQ(classify_iti(141, 0.002), above);
}

TEST(RideThrough, SortsDipsBySemiF47) {
  EXPECT_EQ(classify_semi_f47(50, 0.2), inside);
  EXPECT_EQ(classify_semi_f47(49, 0.2), below);
  EXPECT_EQ(classify_semi_f47(60, 0.3), below);
  EXPECT_EQ(classify_semi_f47(70, 0.5), inside);
  EXPECT_EQ(classify_semi_f47(79, 1), below);
  EXPECT_EQ(classify_semi_f47(150, 1), inside) << "has no upper limit";
}

TEST(RideThrough, LeavesAnUnbalancedMotorLess) {
  EXPECT_EQ(motor_derating(0.5), 1);
  EXPECT_EQ(motor_derating(2), 0.95);
  EXPECT_NEAR(motor_derating(2.5), 0.915, 1e-12);
  EXPECT_EQ(motor_derating(5), 0.75);
  EXPECT_TRUE(std::isnan(motor_derating(5.1)));
  EXPECT_TRUE(std::isnan(motor_derating(std::nan(""))));
}

}  // namespace
}  // namespace polyphase::pq
