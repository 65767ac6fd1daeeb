#include "text/json_reader.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "text/json.hpp"

namespace polyphase::text {
namespace {

std::string trouble_of(const std::string& json) {
  const auto value = parse_json(json);
  return value ? "" : value.error().message;
}

TEST(ReadingJson, GivesTheMembersOfAnObject) {
  const auto value =
      parse_json(R"({"user":"USER1","n":-2.5e3,"on":true,"none":null,"list":[1,[]]})");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->find("user")->text, "USER1");
  EXPECT_EQ(value->find("n")->number, -2500);
  EXPECT_TRUE(value->find("on")->boolean);
  EXPECT_TRUE(value->find("none")->is(JsonValue::Kind::null));
  ASSERT_EQ(value->find("list")->items.size(), 2u);
  EXPECT_TRUE(value->find("list")->items[1].is(JsonValue::Kind::array));
  EXPECT_EQ(value->find("absent"), nullptr);
}

TEST(ReadingJson, RefusesWhatIsNoJsonAndSaysWhere) {
  EXPECT_EQ(trouble_of("{\"a\":}"), "not JSON at byte 6");
  for (const char* wrong : {"", "{", "nan", "[1,]", "{\"a\" 1}", "1 2", "'a'", "[1e999]"})
    EXPECT_NE(trouble_of(wrong), "") << wrong;
}

TEST(ReadingJson, DoesNotEndAtAZeroByte) {
  using namespace std::string_literals;
  EXPECT_EQ(trouble_of("1\0 anything"s), "not JSON at byte 1");
}

TEST(ReadingJson, RefusesTextThatIsNotUtf8) { EXPECT_NE(trouble_of("\"\xff\""), ""); }

TEST(ReadingJson, RefusesAKeyTwice) {
  EXPECT_EQ(trouble_of(R"({"user":"a","user":"b"})"), "'user' stands there twice");
}

TEST(ReadingJson, BoundsDepthAndSize) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(trouble_of(nested(json_depth_max)), "");
  EXPECT_EQ(trouble_of(nested(json_depth_max + 1)), "nested deeper than 16 levels");
  EXPECT_EQ(trouble_of(nested(50'000)), "nested deeper than 16 levels");
  std::string wide = "{\"a\":0";
  for (std::size_t i = 0; i < json_members_max; ++i) wide += ",\"" + std::to_string(i) + "\":0";
  EXPECT_EQ(trouble_of(wide + "}"), "more than 256 members in one object");
  std::string many = "[0";
  for (std::size_t i = 0; i < json_values_max; ++i) many += ",0";
  EXPECT_EQ(trouble_of(many + "]"), "more than 10000 values");
}

TEST(WritingJson, RoundsToSignificantDigits) {
  JsonWriter writer;
  writer.begin_array().number(229.98765432, 5).number(-0.0, 5).number(std::nan(""), 5);
  EXPECT_EQ(writer.end_array().take(), "[229.99,0,null]");
}

}  // namespace
}  // namespace polyphase::text
