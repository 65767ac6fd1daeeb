#include "lab/trace.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace polyphase::lab {
namespace {

void add(Trace& trace, int second, double value) {
  trace.add(Instant{}.plus_s(second), Instant{}.plus_s(second + 1), value);
}

TEST(Trace, KeepsWhatFits) {
  Trace trace;
  add(trace, 0, 3);
  add(trace, 1, NAN);
  ASSERT_EQ(trace.stretches().size(), 2u);
  EXPECT_EQ(trace.stretches()[0].low, 3);
  EXPECT_FALSE(trace.stretches()[0].excluded);
  EXPECT_TRUE(trace.stretches()[1].excluded);
  EXPECT_FALSE(trace.stretches()[1].any());
}

TEST(Trace, LosesNoExtremeHoweverLongItGrows) {
  Trace trace;
  for (int i = 0; i < 100'000; ++i) add(trace, i, i == 77'777 ? 9 : i == 4'321 ? NAN : 1);
  EXPECT_LE(trace.stretches().size(), Trace::stretches_max);
  EXPECT_GE(trace.stretches().size(), Trace::stretches_max / 2);
  int high = 0, excluded = 0;
  Instant at{};
  for (const Trace::Stretch& stretch : trace.stretches()) {
    EXPECT_EQ(stretch.begin, at) << "without a hole";
    at = stretch.end;
    if (stretch.high == 9) {
      ++high;
      EXPECT_LE(stretch.begin, Instant{}.plus_s(77'777));
      EXPECT_GT(stretch.end, Instant{}.plus_s(77'777));
    }
    excluded += stretch.excluded ? 1 : 0;
    EXPECT_EQ(stretch.low, 1);
  }
  EXPECT_EQ(at, Instant{}.plus_s(100'000));
  EXPECT_EQ(high, 1);
  EXPECT_EQ(excluded, 1);
}

}  // namespace
}  // namespace polyphase::lab
