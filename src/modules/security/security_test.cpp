#include "modules/security/security.hpp"

#include <gtest/gtest.h>

#include "graph/module_bench.hpp"

namespace polyphase::modules::security {
namespace {

constexpr graph::ModuleType options{options_descriptor, create_options};
constexpr graph::ModuleType user{user_descriptor, create_user};

// Covers: DFL-014, DFL-015, DFL-016
TEST(SecurityOptions, StartsAsTheManualTablesIt) {
  graph::ModuleBench bench(options);
  EXPECT_TRUE(bench.configure());
  const auto& setups = options_descriptor().setups;
  const auto initial = [&](std::string_view name) {
    for (const auto& setup : setups)
      if (setup.name == name) return setup.initial;
    return -1.0;
  };
  EXPECT_EQ(initial("Enable Web"), 1);
  EXPECT_EQ(initial("Web Programming"), 0);
  EXPECT_EQ(initial("Modbus Access"), 1);
  EXPECT_EQ(initial("Lockout Duration"), 1'440);
  EXPECT_EQ(initial("Web Lock Attempts"), 8);
  EXPECT_EQ(initial("Valid Login Priority"), 0);
  EXPECT_EQ(initial("Invalid Login Priority"), 128);
  EXPECT_EQ(initial("Lockout Priority"), 255);
}

// Covers: PWD-003
TEST(SecurityOptions, RefusesShortPasswordsWhereComplexityIsAskedFor) {
  graph::ModuleBench bench(options);
  ASSERT_TRUE(bench.set("Password Complexity", "IEEE 1686"));
  ASSERT_TRUE(bench.set("Min Password Length", "5"));
  EXPECT_FALSE(bench.configure());
  ASSERT_TRUE(bench.set("Min Password Length", "6"));
  EXPECT_TRUE(bench.configure());
  EXPECT_FALSE(bench.set("Min Password Length", "17"));
}

TEST(SecurityUser, HasTheSevenRightsAndNoneToBeginWith) {
  EXPECT_EQ(user_descriptor().setups.size(), 8u);
  for (const auto& setup : user_descriptor().setups) EXPECT_EQ(setup.initial, 0) << setup.name;
  EXPECT_EQ(user_descriptor().instances_max, 50u);
}

}  // namespace
}  // namespace polyphase::modules::security
