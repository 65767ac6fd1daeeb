#include "modules/modbus_slave/modbus_slave.hpp"

#include <gtest/gtest.h>

#include "graph/module_bench.hpp"

// No golden files here: the module puts nothing out.

namespace polyphase::modules::modbus_slave {
namespace {

using graph::ModuleBench;

constexpr graph::ModuleType type{descriptor, create};

/// Why this setup is refused; empty: it is taken.
std::string refusal(std::initializer_list<std::pair<const char*, const char*>> setup) {
  ModuleBench bench(type);
  for (const auto& [name, value] : setup) EXPECT_TRUE(bench.set(name, value)) << name;
  const auto done = bench.configure();
  return done ? "" : done.error().message;
}

TEST(ModbusSlave, HasSixteenSourcesAndIsNotMappedAsSupplied) {
  EXPECT_EQ(descriptor().inputs.size(), 16u);
  EXPECT_EQ(refusal({}), "");
}

TEST(ModbusOptions, HaveTheFourModesAndAddToTheMapAsSuppliedAtFirst) {
  const graph::SetupDescriptor& mode = options_descriptor().setups.at(0);
  EXPECT_EQ(mode.choices, (std::vector<std::string>{"DEFAULT", "MODIFIED", "CUSTOM", "DISABLED"}));
  EXPECT_EQ(mode.choices.at(static_cast<std::size_t>(mode.initial)), "MODIFIED");
  ModuleBench bench({options_descriptor, create_options});
  EXPECT_TRUE(bench.set("Map Mode", "CUSTOM"));
  EXPECT_TRUE(bench.configure());
}

TEST(ModbusSlave, EndsNoLaterThanTheLastRegister) {
  EXPECT_EQ(refusal({{"BaseAddr", "65520"}}), "");
  EXPECT_EQ(refusal({{"BaseAddr", "65521"}}),
            "BaseAddr 65521 puts the last source behind register 65535");
  EXPECT_EQ(refusal({{"BaseAddr", "65504"}, {"Format", "FLOAT32"}}), "");
  EXPECT_EQ(refusal({{"BaseAddr", "65505"}, {"Format", "FLOAT32"}}),
            "BaseAddr 65505 puts the last source behind register 65535");
  EXPECT_EQ(refusal({{"BaseAddr", "65472"}, {"Format", "INT64"}}), "");
}

TEST(ModbusSlave, ScalesBetweenTwoNumbersThatDiffer) {
  EXPECT_EQ(refusal({{"Scaling", "YES"}, {"InZero", "1"}}),
            "InZero and InFull must differ where Scaling is YES");
  EXPECT_EQ(refusal({{"Scaling", "YES"}, {"InFull", "6553"}, {"OutFull", "65530"}}), "");
  EXPECT_EQ(refusal({{"BaseAddr", "1.5"}}), "BaseAddr 1.5 is not a whole number");
}

}  // namespace
}  // namespace polyphase::modules::modbus_slave
