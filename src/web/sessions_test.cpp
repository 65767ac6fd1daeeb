#include "web/sessions.hpp"

#include <gtest/gtest.h>

namespace polyphase::web {
namespace {

using std::chrono::seconds;

constexpr int idle_s = 300;
const Sessions::Clock::time_point start{};

TEST(WebSessions, LastAsLongAsTheyAreUsed) {
  Sessions sessions;
  ASSERT_TRUE(sessions.open("a", idle_s, start));
  EXPECT_FALSE(sessions.expired("a", start + seconds(idle_s)));
  EXPECT_TRUE(sessions.expired("a", start + seconds(idle_s + 1)));
  for (int s = 200; s <= 2'000; s += 200) sessions.used("a", idle_s, start + seconds(s));
  EXPECT_FALSE(sessions.expired("a", start + seconds(2'000 + idle_s)));
  EXPECT_TRUE(sessions.expired("a", start + seconds(2'000 + idle_s + 1)));
  EXPECT_TRUE(sessions.expired("b", start)) << "nobody knows it";
}

TEST(WebSessions, OfWhomNoOneHearsMakeRoomForOthers) {
  Sessions sessions;
  for (std::size_t i = 0; i < sessions_max; ++i)
    ASSERT_TRUE(sessions.open(std::to_string(i), idle_s, start));
  EXPECT_TRUE(sessions.full(start));
  EXPECT_FALSE(sessions.open("more", idle_s, start + seconds(idle_s)));
  sessions.used("0", idle_s, start + seconds(idle_s));
  EXPECT_TRUE(sessions.open("more", idle_s, start + seconds(idle_s + 1)));
  EXPECT_FALSE(sessions.expired("0", start + seconds(idle_s + 1))) << "it was used";
}

}  // namespace
}  // namespace polyphase::web
