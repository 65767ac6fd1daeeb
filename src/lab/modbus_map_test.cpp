#include "lab/modbus_map.hpp"

#include <gtest/gtest.h>

#include <string>

#include "reference_page.hpp"

namespace polyphase::lab {
namespace {

// Covers: MOD-036
TEST(ModbusMap, IsPublishedAsItIs) {
  const auto map = modbus_map_table();
  ASSERT_TRUE(map) << map.error().text();
  polyphase::testing::expect_page("modbus-map.csv", *map);
}

std::string line_of(const std::string& table, const std::string& beginning) {
  const std::size_t at = table.find("\n" + beginning);
  return at == std::string::npos ? "" : table.substr(at + 1, table.find('\n', at + 1) - at - 1);
}

// Numbers that the family has published, and one of ours: none of them moves.
TEST(ModbusMap, KeepsItsPublishedNumbers) {
  const std::string map = modbus_map_table().value();
  EXPECT_EQ(line_of(map, "3000,").substr(0, 28), "3000,2999,2,FLOAT32,read,I a");
  EXPECT_EQ(line_of(map, "3028,").substr(0, 32), "3028,3027,2,FLOAT32,read,Vln a,V");
  EXPECT_EQ(line_of(map, "3036,").substr(0, 34), "3036,3035,2,FLOAT32,read,Vln avg,V");
  EXPECT_EQ(line_of(map, "3060,").substr(0, 35), "3060,3059,2,FLOAT32,read,kW tot,kW,");
  EXPECT_EQ(line_of(map, "3110,").substr(0, 33), "3110,3109,2,FLOAT32,read,Freq,Hz,");
  EXPECT_EQ(line_of(map, "2700,").substr(0, 37), "2700,2699,2,FLOAT32,read,kWh del,kWh,");
  EXPECT_EQ(line_of(map, "3204,").substr(0, 34), "3204,3203,4,INT64,read,kWh del,Wh,");
  EXPECT_EQ(line_of(map, "3236,").substr(0, 36), "3236,3235,4,INT64,read,kVAh del,VAh,");
  EXPECT_EQ(line_of(map, "27278,").substr(0, 36), "27278,27277,2,FLOAT32,read,kW tot mn");
  EXPECT_EQ(line_of(map, "21330,").substr(0, 33), "21330,21329,2,FLOAT32,read,V1 THD");
  EXPECT_EQ(line_of(map, "22908,").substr(0, 38), "22908,22907,2,FLOAT32,read,V1 H6 mag,V");
  EXPECT_EQ(line_of(map, "60601,").substr(0, 36), "60601,60600,2,FLOAT32,read,kW sd del");
  EXPECT_EQ(line_of(map, "3008,").substr(0, 32), "3008,3007,2,FLOAT32,reserved,I 5");
}

}  // namespace
}  // namespace polyphase::lab
