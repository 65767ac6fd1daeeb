#include "meter/password.hpp"

#include <gtest/gtest.h>

namespace polyphase::meter {
namespace {

using Complexity = PasswordRules::Complexity;

TEST(Password, MatchesItsOwnHashAndNoOther) {
  const auto hash = hash_password("correct horse");
  ASSERT_TRUE(hash);
  EXPECT_TRUE(password_matches("correct horse", *hash));
  EXPECT_FALSE(password_matches("correct horsf", *hash));
  EXPECT_FALSE(password_matches("", *hash));
}

TEST(Password, HashesDifferByTheirSaltAndDoNotHoldThePassword) {
  const auto one = hash_password("0"), other = hash_password("0");
  ASSERT_TRUE(one && other);
  EXPECT_NE(*one, *other);
  EXPECT_EQ(hash_password("swordfish")->find("swordfish"), std::string::npos);
}

TEST(Password, NothingMatchesWhatIsNoHash) {
  for (const char* text : {"", "0", "scrypt$14$8$1$", "scrypt$14$8$1$00$00"})
    EXPECT_FALSE(password_matches("0", text)) << text;
}

// Covers: PWD-002, PWD-003, PWD-005
TEST(Password, HasAtMost16CharactersOfASCII) {
  const PasswordRules rules;
  EXPECT_TRUE(check_password("0123456789abcdef", rules));
  EXPECT_FALSE(check_password("0123456789abcdefg", rules));
  EXPECT_TRUE(check_password(" ~", rules));
  EXPECT_FALSE(check_password("caf\xc3\xa9", rules));
  EXPECT_FALSE(check_password("tab\t", rules));
  EXPECT_FALSE(check_password("", rules));
  EXPECT_FALSE(check_password("1234567", {.size_min = 8}));
}

// Covers: PWD-004
TEST(Password, HoldsWhatTheComplexityAsksFor) {
  const PasswordRules strict{6, Complexity::ieee_1686}, three{6, Complexity::nerc_cip_007};
  EXPECT_TRUE(check_password("Abc-123", strict));
  EXPECT_FALSE(check_password("Abc1234", strict));
  EXPECT_TRUE(check_password("Abc1234", three));
  EXPECT_FALSE(check_password("abc1234", three));
  EXPECT_NE(check_password("abc1234", three).error().message.find("three"), std::string::npos);
}

TEST(Token, IsNeverTheSameTwice) { EXPECT_NE(*random_token(32), *random_token(32)); }

}  // namespace
}  // namespace polyphase::meter
