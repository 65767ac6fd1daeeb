#include "base/time.hpp"

#include <gtest/gtest.h>

namespace polyphase {
namespace {

TEST(Time, WritesWhatItReads) {
  for (const char* text : {"2026-01-01T00:00:04.990000Z", "1969-12-31T23:59:59.999999Z",
                           "2000-02-29T12:34:56.000001Z", "2100-03-01T00:00:00.000000Z"}) {
    auto instant = parse_iso8601(text);
    ASSERT_TRUE(instant) << text;
    EXPECT_EQ(to_iso8601(*instant), text);
  }
}

TEST(Time, TakesTheZoneOff) {
  EXPECT_EQ(to_iso8601(*parse_iso8601("2026-01-01T02:00:00+02:00")), "2026-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_iso8601(*parse_iso8601("2026-01-01 00:00-05:30")), "2026-01-01T05:30:00.000000Z");
  EXPECT_EQ(to_iso8601(*parse_iso8601("2026-01-01")), "2026-01-01T00:00:00.000000Z");
}

TEST(Time, RefusesWhatIsNoDate) {
  for (const char* text : {"", "2026", "2026-02-30", "2026-13-01", "2026-01-01T25:00", "2026-01-01T1",
                           "2026-01-01T00:00:00.", "2026-01-01T00:00:00+2", "9999-01-01", "2026-01-01x"})
    EXPECT_FALSE(parse_iso8601(text)) << text;
}

TEST(Time, CountsSecondsAcrossTheEpoch) {
  EXPECT_DOUBLE_EQ(seconds_between(Instant{-1'500'000'000}, Instant{500'000'000}), 2.0);
  EXPECT_EQ(Instant{}.plus_s(-0.25).ns, -250'000'000);
}

}  // namespace
}  // namespace polyphase
