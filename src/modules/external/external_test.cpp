#include "modules/external/external.hpp"

#include <gtest/gtest.h>

#include "graph/module_bench.hpp"

// No golden files here: what these modules put out comes from writes, not from inputs of a table.

namespace polyphase::modules::external {
namespace {

using graph::available;
using graph::ModuleBench;
using graph::not_available;

constexpr graph::ModuleType numeric{numeric_descriptor, create_numeric};
constexpr graph::ModuleType boolean{boolean_descriptor, create_boolean};
constexpr graph::ModuleType pulse{pulse_descriptor, create_pulse};

TEST(External, NumericHoldsTheNumberWrittenLast) {
  ModuleBench bench(numeric);
  EXPECT_FALSE(available(bench.out("Numeric")));
  ASSERT_TRUE(bench.write("Numeric", 3.25));
  bench.run(graph::Cadence::second, {}, 1);
  EXPECT_EQ(bench.out("Numeric"), 3.25);
  ASSERT_TRUE(bench.write("Numeric", not_available));
  EXPECT_FALSE(available(bench.out("Numeric")));
}

TEST(External, BooleanTakesStatesOnly) {
  ModuleBench bench(boolean);
  ASSERT_TRUE(bench.write("Switch", 1));
  EXPECT_FALSE(bench.write("Switch", 2));
  EXPECT_FALSE(bench.write("Switch", not_available));
  EXPECT_EQ(bench.out("Switch"), 1);
}

TEST(External, PulsePulsesOncePerWriteAndForgetsIt) {
  ModuleBench bench(pulse);
  ASSERT_TRUE(bench.write("Trigger", 1));
  ASSERT_TRUE(bench.write("Trigger", 1));
  EXPECT_EQ(bench.pulses("Trigger"), 2u);
  EXPECT_TRUE(bench.module().retained().empty());
}

TEST(External, KeepsItsValueOverAPowerCut) {
  for (const auto& [type, output] : {std::pair{numeric, "Numeric"}, std::pair{boolean, "Switch"}}) {
    ModuleBench before(type), after(type);
    ASSERT_TRUE(before.write(output, 1));
    after.module().retained()[0] = before.module().retained()[0];
    after.run(graph::Cadence::second, {}, 1);
    EXPECT_EQ(after.out(output), 1);
  }
}

TEST(External, TellsWritesAtItsPriority) {
  ModuleBench bench(numeric);
  ASSERT_TRUE(bench.write("Numeric", 1));
  EXPECT_TRUE(bench.events().empty());
  ASSERT_TRUE(bench.set("EvPriority", "70"));
  ASSERT_TRUE(bench.write("Numeric", 2));
  ASSERT_EQ(bench.events().size(), 1u);
  EXPECT_EQ(bench.events()[0].event.priority, 70);
  EXPECT_EQ(bench.events()[0].event.effect_value, 2);
}

}  // namespace
}  // namespace polyphase::modules::external
