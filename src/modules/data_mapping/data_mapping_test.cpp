#include "modules/data_mapping/data_mapping.hpp"

#include <gtest/gtest.h>

#include "graph/module_bench.hpp"

// No golden files here: the module puts nothing out.

namespace polyphase::modules::data_mapping {
namespace {

using graph::ModuleBench;

constexpr graph::ModuleType type{descriptor, create};

TEST(DataMapping, TakesAMapOfRegisters) {
  ModuleBench bench(type);
  ASSERT_TRUE(bench.set("Map", "3000,FLOAT32,I a;I b;I c\n3204,INT64,kWh del,1000"));
  ASSERT_TRUE(bench.set("Setup Map", "60001,UINT16,PM1.Volts Mode"));
  EXPECT_TRUE(bench.configure());
}

TEST(DataMapping, RefusesAMapThatCannotBeNamingTheLine) {
  ModuleBench bench(type);
  ASSERT_TRUE(bench.set("Map", "3000,FLOAT32,I a\n3001,FLOAT32,I b"));
  const auto refused = bench.configure();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "Map, line 2: register 3001 of 'I b' is taken by a line above");
  ASSERT_TRUE(bench.set("Map", ""));
  ASSERT_TRUE(bench.set("Setup Map", "x"));
  EXPECT_EQ(bench.configure().error().message.substr(0, 17), "Setup Map, line 1");
}

// Covers: MOD-030
TEST(DataMapping, CanBeSwitchedOff) {
  ModuleBench bench(type);
  EXPECT_TRUE(bench.set("Modbus Map Enable", "off"));
  EXPECT_TRUE(bench.set("Cfg Modbus Map Enable", "off"));
  EXPECT_TRUE(bench.configure());
}

}  // namespace
}  // namespace polyphase::modules::data_mapping
