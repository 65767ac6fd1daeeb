#include "text/json.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

namespace polyphase::text {
namespace {

std::string of(double value) { return JsonWriter().number(value).take(); }

TEST(Json, WritesObjectsAndArraysWithinEachOther) {
  JsonWriter json;
  json.begin_object().key("a").begin_array().integer(1).number(2.5).end_array();
  json.key("b").begin_object().end_object().key("c").begin_array().begin_array().end_array();
  json.boolean(true).null().end_array().key("d").text("e").end_object();
  EXPECT_EQ(json.take(), R"({"a":[1,2.5],"b":{},"c":[[],true,null],"d":"e"})");
}

TEST(Json, BeginsAnewAfterADocument) {
  JsonWriter json;
  json.begin_array().end_array();
  EXPECT_EQ(json.take(), "[]");
  json.begin_object().key("x").null().end_object();
  EXPECT_EQ(json.take(), R"({"x":null})");
}

TEST(Json, WritesTheShortestDigitsThatReadBack) {
  EXPECT_EQ(of(0.1), "0.1");
  EXPECT_EQ(std::stod(of(1.0 / 3)), 1.0 / 3);
  EXPECT_EQ(of(1e300), "1e+300");
  EXPECT_EQ(std::strtod(of(-5e-324).c_str(), nullptr), -5e-324);
}

TEST(Json, WritesNullForWhatIsNoNumber) {
  EXPECT_EQ(of(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(of(-std::numeric_limits<double>::infinity()), "null");
}

TEST(Json, EscapesWhatMayNotStandInText) {
  EXPECT_EQ(json_quoted("a\"b\\c\n\t\x01"), R"("a\"b\\c\n\t\u0001")");
}

TEST(Json, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(json_quoted("µΩ€😀"), "\"µΩ€😀\"");
  const std::string replaced = "\xef\xbf\xbd";
  EXPECT_EQ(json_quoted("a\xff"
                        "b"),
            "\"a" + replaced + "b\"");
  EXPECT_EQ(json_quoted("\xc0\x80"), "\"" + replaced + replaced + "\"");  // overlong
  EXPECT_EQ(json_quoted("\xed\xa0\x80"),
            "\"" + replaced + replaced + replaced + "\"");                // surrogate
  EXPECT_EQ(json_quoted("\xe2\x82"), "\"" + replaced + replaced + "\"");  // cut off
}

}  // namespace
}  // namespace polyphase::text
