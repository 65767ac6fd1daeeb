#include "lab/chart_axis.hpp"

#include <gtest/gtest.h>

namespace polyphase::lab {
namespace {

std::string labels(double first_s, double end_s, unsigned about = 6) {
  std::string out;
  for (const TimeTick& tick : time_ticks(Instant{}.plus_s(first_s), Instant{}.plus_s(end_s), about))
    out += tick.label + " ";
  return out;
}

TEST(ChartAxis, LaysARangeAndKeepsWhatIsOutsideAtTheEdge) {
  const Axis axis{0, 200, 100, 0};
  EXPECT_EQ(axis.at(50), 75);
  EXPECT_EQ(axis.at(500), 0);
  EXPECT_EQ(axis.at(-1), 100);
}

TEST(ChartAxis, TicksAreRoundNumbers) {
  EXPECT_EQ(round_ticks(84, 111, 5), (std::vector<double>{90, 100, 110}));
  EXPECT_EQ(round_ticks(-0.3, 1.1, 6), (std::vector<double>{0, 0.5, 1}));
  EXPECT_EQ(round_ticks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_TRUE(round_ticks(3, 3, 5).empty());
}

TEST(ChartAxis, TicksOfTimeAreThoseOfAClock) {
  EXPECT_EQ(labels(0, 8'040), "01-01 00:30 01:00 01:30 02:00 ");
  EXPECT_EQ(labels(7, 27), "00:00:10 00:00:15 00:00:20 00:00:25 ");
  EXPECT_EQ(labels(80'000, 7 * 86'400), "01-02 01-03 01-04 01-05 01-06 01-07 01-08 ");
  EXPECT_EQ(labels(0.05, 0.41), "00:00.10 00:00.20 00:00.30 00:00.40 ");
  EXPECT_EQ(labels(5, 5), "");
}

TEST(ChartAxis, NeverHasManyMoreTicksThanAskedFor) {
  for (double span_s = 0.02; span_s < 1e9; span_s *= 1.7)
    EXPECT_LE(time_ticks(Instant{}, Instant{}.plus_s(span_s), 6).size(), 8u) << span_s;
}

}  // namespace
}  // namespace polyphase::lab
