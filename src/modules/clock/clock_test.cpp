#include "modules/clock/clock.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::clock {
namespace {

constexpr graph::ModuleType type{descriptor, create};
constexpr double march_29 = 1'774'746'000, october_25 = 1'792'890'000;  // 2026, 01:00 UTC

// Central Europe in 2026.
class Clock : public graph::ModuleBench {
 public:
  Clock() : ModuleBench(type) {
    EXPECT_TRUE(set("TZ Offset", "3600"));
    EXPECT_TRUE(set("DST Start 1", "1774746000"));
    EXPECT_TRUE(set("DST End 1", "1792890000"));
    EXPECT_TRUE(configure());
  }
  double local_minus_utc(double utc_s) {
    run(graph::Cadence::second, Instant{}.plus_s(utc_s), 1);
    EXPECT_EQ(out("UnivTime"), utc_s);
    return out("LocalTime") - utc_s;
  }
};

TEST(Clock, Golden) { polyphase::testing::expect_golden(type, "clock", "clock"); }

TEST(Clock, SwitchesAtTheListedSeconds) {
  Clock clock;
  EXPECT_EQ(clock.local_minus_utc(march_29 - 1), 3600);
  EXPECT_EQ(clock.local_minus_utc(march_29), 7200);
  EXPECT_EQ(clock.out("Daylight"), 1);
  EXPECT_EQ(clock.local_minus_utc(october_25 - 1), 7200);
  EXPECT_EQ(clock.local_minus_utc(october_25), 3600);
}

TEST(Clock, KeepsSummerTimeOverTheTurnOfTheYear) {
  Clock south;  // starts in October of one year, ends in April of the next
  ASSERT_TRUE(south.set("DST Start 1", "1792890000"));
  ASSERT_TRUE(south.set("DST End 1", "1806800000"));
  ASSERT_TRUE(south.configure());
  EXPECT_EQ(south.local_minus_utc(1'800'000'000), 7200);
  EXPECT_EQ(south.local_minus_utc(1'806'800'000), 3600);
}

TEST(Clock, RefusesAZoneBeyondAnyOnEarth) {
  Clock clock;
  EXPECT_FALSE(clock.set("TZ Offset", "50401"));
}

}  // namespace
}  // namespace polyphase::modules::clock
