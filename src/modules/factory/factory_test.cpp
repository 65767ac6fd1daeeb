#include "modules/factory/factory.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::factory {
namespace {

using graph::available;

constexpr graph::ModuleType type{descriptor, create};

TEST(Factory, Golden) { polyphase::testing::expect_golden(type, "factory", "factory"); }

TEST(Factory, HasNoNominalValuesUntilTheyAreSet) {
  graph::ModuleBench factory(type);
  factory.run(graph::Cadence::second, {}, 1);
  EXPECT_FALSE(available(factory.out("Vnominal")));
  EXPECT_FALSE(available(factory.out("Inominal")));
  EXPECT_EQ(factory.out("NomFreqNum"), 50);
}

TEST(Factory, SaysWhatTheMeterIs) {
  graph::ModuleBench factory(type);
  EXPECT_TRUE(factory.set("Feature Set", "STANDARD"));
  factory.run(graph::Cadence::second, {}, 1);
  EXPECT_EQ(factory.text("Device Type"), "Polyphase Standard");
  EXPECT_EQ(factory.text("Serial Num"), "none");
  EXPECT_EQ(factory.text("Vendor Name"), "Polyphase");
  EXPECT_NE(factory.text("Revision").find('.'), std::string::npos) << factory.text("Revision");
  EXPECT_TRUE(factory.set("Serial", std::string(200, '7')));
  factory.run(graph::Cadence::second, {}, 1);
  EXPECT_EQ(factory.text("Serial Num"), std::string(registers::text_output_max, '7'));
}

TEST(Factory, KnowsTheTwoFrequenciesOfNetworks) {
  graph::ModuleBench factory(type);
  EXPECT_TRUE(factory.set("Nominal Frequency", "60"));
  EXPECT_TRUE(factory.configure());
  EXPECT_FALSE(factory.set("Nominal Frequency", "55"));
  EXPECT_FALSE(factory.set("Nominal Frequency", "400"));
}

}  // namespace
}  // namespace polyphase::modules::factory
