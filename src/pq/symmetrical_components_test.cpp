#include "pq/symmetrical_components.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace polyphase::pq {
namespace {

std::complex<double> at(double size, double degrees) {
  return std::polar(size, degrees * std::numbers::pi / 180);
}

// The vectors of the project's facts, section 1.7.
TEST(SymmetricalComponents, OfUnequalMagnitudes) {
  const auto low = symmetrical_components({at(73, 0), at(80, -120), at(87, 120)});
  EXPECT_NEAR(low.negative_percent(), 5.0518, 5e-5);
  EXPECT_NEAR(low.zero_percent(), 5.0518, 5e-5);
  const auto high = symmetrical_components({at(152, 0), at(140, -120), at(128, 120)});
  EXPECT_NEAR(high.negative_percent(), 4.9487, 5e-5);
}

TEST(SymmetricalComponents, OfUnequalAngles) {
  const auto s = symmetrical_components({at(230, 0), at(220, -118), at(235, 121)});
  EXPECT_NEAR(std::abs(s.positive), 228.3105, 5e-5);
  EXPECT_NEAR(std::abs(s.negative), 6.3240, 5e-5);
  EXPECT_NEAR(std::abs(s.zero), 3.0537, 5e-5);
  EXPECT_NEAR(s.negative_percent(), 2.7699, 5e-5);
  EXPECT_NEAR(s.zero_percent(), 1.3375, 5e-5);
}

TEST(SymmetricalComponents, GiveBackWhatThePhasorsWereMadeOf) {
  const auto turn = at(1, 120);
  const auto zero = at(3, 40), positive = at(100, -25), negative = at(7, 170);
  const auto s = symmetrical_components({zero + positive + negative,
                                         zero + positive * std::conj(turn) + negative * turn,
                                         zero + positive * turn + negative * std::conj(turn)});
  EXPECT_NEAR(std::abs(s.zero - zero), 0, 1e-12);
  EXPECT_NEAR(std::abs(s.positive - positive), 0, 1e-12);
  EXPECT_NEAR(std::abs(s.negative - negative), 0, 1e-12);
}

TEST(SymmetricalComponents, ChangePlacesWithTheExpectedRotation) {
  const std::array acb{at(230, 0), at(230, 120), at(230, -120)};
  EXPECT_NEAR(std::abs(symmetrical_components(acb).negative), 230, 1e-12);
  EXPECT_NEAR(std::abs(symmetrical_components(acb, true).positive), 230, 1e-12);
}

TEST(SymmetricalComponents, HaveNoRatioWithoutAPositiveSequence) {
  EXPECT_TRUE(std::isnan(symmetrical_components({}).negative_percent()));
}

TEST(SymmetricalComponents, RelateToNothingWhereTheExpectedRotationIsMissing) {
  const auto s = symmetrical_components({at(230, 0), at(230, 120), at(230, -120)});
  EXPECT_TRUE(std::isnan(s.negative_percent()));
  EXPECT_TRUE(std::isnan(s.zero_percent()));
}

}  // namespace
}  // namespace polyphase::pq
