#include "lab/verify/plot.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace polyphase::lab::verify {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The picture goes from x 64 to 708 and from y 220 up to 12.
TEST(Plot, PutsPointsWhereTheyBelong) {
  Plot plot;
  plot.series = {{"a", {{0, 0}, {10, 5}}}};
  EXPECT_TRUE(has(svg(plot), "M64.0 220.0L708.0 12.0")) << svg(plot);
}

TEST(Plot, ADecadeIsAsWideAsTheNext) {
  Plot plot;
  plot.log_x = plot.dots = true;
  plot.series = {{"a", {{0.01, 0}, {0.1, 0}, {1, 1}}}};
  EXPECT_TRUE(has(svg(plot), "M64.0 220.0h0M386.0 220.0h0M708.0 12.0h0")) << svg(plot);
}

TEST(Plot, ALineBreaksWhereAValueIsMissing) {
  Plot plot;
  plot.series = {{"a", {{0, 0}, {5, std::numeric_limits<double>::quiet_NaN()}, {10, 1}}}};
  EXPECT_TRUE(has(svg(plot), "M64.0 220.0M708.0 12.0")) << svg(plot);
}

TEST(Plot, ASingleValueHasItsPicture) {
  for (const double value : {0.0, 0.1, -230.0}) {
    Plot plot;
    plot.series = {{"a", {{value, value}}}};
    EXPECT_TRUE(has(svg(plot), "<path class=\"line s0\" d=\"M")) << value;
    EXPECT_LT(svg(plot).size(), 10'000u) << value;
  }
}

TEST(Plot, OfNothingThereIsNone) {
  Plot plot;
  plot.series = {{"a", {}}};
  EXPECT_EQ(svg(plot), "");
}

TEST(Plot, WritesNamesAsText) {
  Plot plot;
  plot.series = {{"<b> & c", {{0, 0}, {1, 1}}}};
  EXPECT_TRUE(has(svg(plot), "&lt;b&gt; &amp; c"));
  EXPECT_FALSE(has(svg(plot), "<b>"));
}

}  // namespace
}  // namespace polyphase::lab::verify
