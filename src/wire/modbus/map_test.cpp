#include "wire/modbus/map.hpp"

#include <gtest/gtest.h>

namespace polyphase::wire::modbus {
namespace {

std::vector<MapEntry> entries(std::string_view text) {
  auto parsed = parse_map(text);
  EXPECT_TRUE(parsed) << parsed.error().text();
  return parsed ? *parsed : std::vector<MapEntry>{};
}
std::string mistake(std::string_view text) {
  const auto parsed = parse_map(text);
  return parsed ? "none" : parsed.error().message;
}

TEST(Map, PutsLabelsSideBySide) {
  const auto map = entries("# currents\n3000,FLOAT32,I a;I b ; I c\r\n\n3204,INT64,kWh del,1000");
  ASSERT_EQ(map.size(), 4u);
  EXPECT_EQ(map[1].first, 3002u);
  EXPECT_EQ(map[1].label, "I b");
  EXPECT_EQ(map[2].label, "I c");
  EXPECT_EQ(map[3].registers, 4);
  EXPECT_EQ(map[3].scale, 1000);
}

TEST(Map, MarksLabelsThatAMeterMayLack) {
  const auto map = entries("3000,FLOAT32,I a;I 5?;I b\n100+2x2,FLOAT32,V1 H{n}?");
  ASSERT_EQ(map.size(), 5u);
  EXPECT_EQ(map[1].label, "I 5");
  EXPECT_TRUE(map[1].may_lack);
  EXPECT_FALSE(map[0].may_lack);
  EXPECT_FALSE(map[2].may_lack);
  EXPECT_EQ(map[4].label, "V1 H2");
  EXPECT_TRUE(map[4].may_lack);
  for (const char* none : {"3000,FLOAT32,a;;b", "3000,FLOAT32,a;?"})
    EXPECT_NE(mistake(none).find("a label is missing"), std::string::npos) << none;
}

TEST(Map, CountsWhereALineStandsForMany) {
  const auto map = entries("22878+6x63,FLOAT32,V1 H{n} mag\n3000+4,UINT16,a;b");
  ASSERT_EQ(map.size(), 65u);
  EXPECT_EQ(map[0].label, "V1 H1 mag");
  EXPECT_EQ(map[62].label, "V1 H63 mag");
  EXPECT_EQ(map[62].first, 22'878u + 6 * 62);
  EXPECT_EQ(map[64].first, 3'004u);
}

TEST(Map, HoldsTexts) {
  const auto map = entries("70,UTF8*9,FAC1.Vendor Name");
  ASSERT_EQ(map.size(), 1u);
  EXPECT_EQ(map[0].registers, 9);
  EXPECT_EQ(map[0].format, Format::utf8);
}

TEST(Map, NamesLineAndRegisterOfAMistake) {
  EXPECT_EQ(mistake("3000,FLOAT32,a\n3001,UINT16,b"),
            "line 2: register 3001 of 'b' is taken by a line above");
  EXPECT_EQ(mistake("65535,FLOAT32,a"),
            "line 1: register 65535 of 'a' is behind the last one, 65535");
  EXPECT_EQ(mistake("\n0,UINT16,a").substr(0, 40), "line 2: '0' is not a register number fro");
  EXPECT_EQ(mistake("3000,FLOAT,a").substr(0, 32), "line 1: 'FLOAT' is not a format:");
  EXPECT_EQ(mistake("3000,UTF8,a").substr(0, 31), "line 1: 'UTF8' is not a format:");
  EXPECT_EQ(mistake("3000,UTF8*41,a"), "line 1: UTF8 has 1 to 40 registers");
  EXPECT_EQ(mistake("3000,BOOL COILS,a").substr(0, 36), "line 1: 'BOOL COILS' is not a format");
  EXPECT_EQ(mistake("3000,UINT16,a,0"), "line 1: '0' is not a factor");
  EXPECT_EQ(mistake("3000,UINT16"), "line 1: write the label of a register behind the format");
  EXPECT_EQ(mistake("3000+1x2,UINT16,a;b"),
            "line 1: a line that counts has one label, with {n} in it");
  EXPECT_EQ(mistake("3000,UINT16,a,1,x"),
            "line 1: a line has at most four fields: register,format,label,scale");
}

TEST(Map, HasABound) {
  EXPECT_EQ(mistake("1+1x65535,UINT16,{n}"), "line 1: more than 8192 values");
  EXPECT_EQ(mistake("1+65535x65535,UINT16,{n}").substr(0, 25), "line 1: register 65536 of");
}

}  // namespace
}  // namespace polyphase::wire::modbus
