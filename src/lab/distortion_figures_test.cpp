#include "lab/distortion_figures.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace polyphase::lab {
namespace {

using registers::Aggregation;

TEST(DistortionFigures, LeaveOutNoiseOverAFundamentalThatHasGone) {
  DistortionFigures distortion;
  distortion.add(900, 0.02, 0.2, false);  // before anything larger was seen
  distortion.add(900, 0, 0.2, false);
  distortion.add(5, 100, 0.2, false);
  distortion.add(12, 2, 0.2, false);
  const auto found = distortion.figures(0.01, 0);
  EXPECT_EQ(found.values.value(Aggregation::maximum), 12) << "2 % of the highest";
  EXPECT_EQ(found.values.value(Aggregation::minimum), 5);
  EXPECT_EQ(found.values.value(Aggregation::mean), 8.5);
  EXPECT_EQ(found.left_out, 2u);
}

TEST(DistortionFigures, GoByTheNominalValueWhereThereIsOne) {
  DistortionFigures distortion;
  distortion.add(40, 3, 0.2, false);
  distortion.add(8, 60, 0.2, false);
  EXPECT_EQ(distortion.figures(0.01, 0).left_out, 0u) << "a twentieth of the highest";
  EXPECT_EQ(distortion.figures(0.01, 500).left_out, 1u) << "below 5";
  EXPECT_EQ(distortion.figures(0.01, 500).values.value(Aggregation::maximum), 8);
}

TEST(DistortionFigures, LeaveOutFlaggedWindowsAndCountThem) {
  DistortionFigures distortion;
  distortion.add(80, 230, 0.2, true);
  distortion.add(3, 230, 0.2, false);
  distortion.add(NAN, 230, 0.2, true);
  const auto found = distortion.figures(0.1, 230);
  EXPECT_EQ(found.values.value(Aggregation::maximum), 3);
  EXPECT_EQ(found.left_out, 1u) << "what was not measured is no window";
}

TEST(DistortionFigures, OfNothingAreNotAvailable) {
  const auto found = DistortionFigures().figures(0.1, 0);
  EXPECT_TRUE(std::isnan(found.values.value(Aggregation::maximum)));
  EXPECT_EQ(found.left_out, 0u);
}

}  // namespace
}  // namespace polyphase::lab
