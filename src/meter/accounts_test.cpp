#include "meter/accounts.hpp"

#include <gtest/gtest.h>

namespace polyphase::meter {
namespace {

using control::Face;

Rules strict() {
  Rules rules;
  rules.lock_attempts.fill(8);
  rules.lockout_s = 60;
  rules.session_idle_s = 300;
  return rules;
}
constexpr Instant start{1'000'000'000'000};

void fail_times(Lockout& lockout, Face face, const char* user, int times) {
  for (int i = 0; i < times; ++i) lockout.failed(face, user, start, strict());
}

// Covers: LCK-001, LCK-008
TEST(Lockout, BeginsWithTheEighthFailureAndEndsAfterItsDuration) {
  Lockout lockout;
  fail_times(lockout, Face::web, "USER1", 7);
  EXPECT_EQ(lockout.locked_until(Face::web, "USER1", start), Instant{});
  EXPECT_TRUE(lockout.failed(Face::web, "USER1", start, strict()));
  EXPECT_EQ(lockout.locked_until(Face::web, "USER1", start), start.plus_s(60));
  EXPECT_NE(lockout.locked_until(Face::web, "USER1", start.plus_s(59)), Instant{});
  EXPECT_EQ(lockout.locked_until(Face::web, "USER1", start.plus_s(60)), Instant{});
}

// Covers: LCK-004, LCK-005
TEST(Lockout, CountsByFaceAndByUser) {
  Lockout lockout;
  fail_times(lockout, Face::web, "USER1", 8);
  EXPECT_EQ(lockout.locked_until(Face::web, "USER2", start), Instant{});
  EXPECT_EQ(lockout.locked_until(Face::ion, "USER1", start), Instant{});
}

TEST(Lockout, NeverHappensWhereItsFaceHasNoLimit) {
  Lockout lockout;
  Rules rules = strict();
  rules.lock_attempts[static_cast<std::size_t>(Face::web)] = 0;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(lockout.failed(Face::web, "USER1", start, rules));
}

TEST(Lockout, ForgetsFailuresAfterASuccess) {
  Lockout lockout;
  fail_times(lockout, Face::web, "USER1", 7);
  lockout.succeeded(Face::web, "USER1");
  fail_times(lockout, Face::web, "USER1", 7);
  EXPECT_EQ(lockout.locked_until(Face::web, "USER1", start), Instant{});
}

TEST(Lockout, SurvivesAFloodOfNames) {
  Lockout lockout;
  fail_times(lockout, Face::web, "USER1", 8);
  for (int i = 0; i < 5'000; ++i)
    lockout.failed(Face::web, "X" + std::to_string(i), start.plus_s(1), strict());
  EXPECT_NE(lockout.locked_until(Face::web, "USER1", start.plus_s(1)), Instant{});
}

TEST(Sessions, EndAfterTheirIdleTimeAndNotBefore) {
  Sessions sessions;
  const auto token = sessions.open({"USER1", Face::web}, start, strict());
  ASSERT_TRUE(token);
  EXPECT_EQ(sessions.use(*token, start.plus_s(299), strict())->user, "USER1");
  EXPECT_TRUE(sessions.use(*token, start.plus_s(299 + 300), strict()));
  EXPECT_FALSE(sessions.use(*token, start.plus_s(299 + 601), strict()));
}

TEST(Sessions, AreBoundedAndRefuseWhatTheyDoNotKnow) {
  Sessions sessions;
  for (std::size_t i = 0; i < sessions_max; ++i)
    ASSERT_TRUE(sessions.open({"USER1", Face::web}, start, strict()));
  EXPECT_FALSE(sessions.open({"USER1", Face::web}, start, strict()));
  EXPECT_FALSE(sessions.use("", start, strict()));
  EXPECT_FALSE(sessions.use("0123", start, strict()));
  sessions.close_all("USER1");
  EXPECT_TRUE(sessions.open({"USER1", Face::web}, start, strict()));
}

TEST(UserNumber, KnowsUSER1ToUSER50AndNothingElse) {
  EXPECT_EQ(user_number("USER1"), 0u);
  EXPECT_EQ(user_number("USER50"), 49u);
  for (const char* name : {"", "USER", "USER0", "USER51", "USER01", "USER1 ", "user1", "ROOT"})
    EXPECT_EQ(user_number(name), users_max) << name;
}

}  // namespace
}  // namespace polyphase::meter
