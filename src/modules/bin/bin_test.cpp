#include "modules/bin/bin.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"
#include "modules/bin/rule.hpp"

namespace polyphase::modules::bin {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(Bin, Golden) { polyphase::testing::expect_golden(type, "bin", "bin"); }

bool holds(const char* text, double a, double b) {
  const auto rule = parse_rule(text);
  EXPECT_TRUE(rule) << text;
  return rule && rule->holds({a, b});
}

TEST(BinRule, TakesASquareBracketWithItsBoundAndARoundOneWithout) {
  EXPECT_TRUE(holds("A[80,90) B(0.2,0.5]", 80, 0.5));
  EXPECT_FALSE(holds("A[80,90) B(0.2,0.5]", 90, 0.5));
  EXPECT_FALSE(holds("A[80,90) B(0.2,0.5]", 80, 0.2));
}

TEST(BinRule, TakesAMissingBoundAsNone) {
  EXPECT_TRUE(holds("A[120,)", 1e9, not_available));
  EXPECT_TRUE(holds(" A ( , -5 ] ", -5, 0));
  EXPECT_FALSE(holds("A[120,)", not_available, 0)) << "what is not there is in no interval";
  EXPECT_FALSE(holds("A(,)", not_available, 0));
  EXPECT_FALSE(holds("", 1, 1)) << "no rule counts nothing";
}

TEST(BinRule, RefusesWhatIsNone) {
  for (const char* text : {"C[1,2]", "A", "A[1", "A[1,2", "A1,2]", "A[1;2]", "A[2,1]",
                           "A[1,2]A[3,4]", "A[nan,2]", "A[1,2] x"})
    EXPECT_FALSE(parse_rule(text)) << text;
}

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings)
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
  }
  Bench& feed(double a) {
    input("Source A", a);
    pulse("Evaluate");
    run(Cadence::half_cycle, {}, 0.01);
    return *this;
  }
};

TEST(Bin, RelatesToANominalWhereToldSo) {
  Bench bench({{"Rule 1", "A[50,60)"}, {"Eval Mode A", "PERCENTAGE"}});
  bench.input("Nominal A", 230);
  EXPECT_EQ(bench.feed(120).out("Bin 1"), 1);
  EXPECT_EQ(bench.feed(230).out("Bin 1"), 1);
  bench.unlink("Nominal A");
  EXPECT_EQ(bench.feed(120).out("Bin 1"), 1);
}

TEST(Bin, LeavesBinsWithoutARuleOut) {
  Bench bench({{"Rule 2", "A[1,2]"}});
  bench.feed(5);
  EXPECT_FALSE(available(bench.out("Bin 1")));
  EXPECT_EQ(bench.out("Bin 2"), 0);
  EXPECT_EQ(bench.out("Total"), 0);
}

// Covers: PQ-062
TEST(Bin, GoesOnFromItsRetainedState) {
  Bench before({{"Rule 1", "A[1,2]"}}), after({{"Rule 1", "A[1,2]"}});
  before.feed(1).feed(1);
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  EXPECT_EQ(after.feed(1).out("Bin 1"), 3);
}

TEST(Bin, RefusesARuleThatIsNone) {
  Bench bench({});
  EXPECT_TRUE(bench.set("Rule 3", "A[1,2"));
  EXPECT_FALSE(bench.configure());
}

}  // namespace
}  // namespace polyphase::modules::bin
