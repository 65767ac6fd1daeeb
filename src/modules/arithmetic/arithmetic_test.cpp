#include "modules/arithmetic/arithmetic.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::arithmetic {
namespace {

using graph::available;
using graph::Cadence;

constexpr graph::ModuleType type{descriptor, create};

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<const char*> formulas) : ModuleBench(type) {
    int n = 0;
    for (const char* formula : formulas)
      EXPECT_TRUE(set("Formula " + std::to_string(++n), formula));
    EXPECT_TRUE(configure());
  }
  double run_with(double s1) {
    input("Source 1", s1);
    ModuleBench::run(Cadence::second, Instant{}.plus_s(++runs_), 1);
    return out("Result 1");
  }

 private:
  int runs_ = 0;
};

TEST(Arithmetic, Golden) { polyphase::testing::expect_golden(type, "arithmetic", "arithmetic"); }

TEST(Arithmetic, TakesResultsOfFormulasBeforeAndOfTheRunBefore) {
  Bench counter({"PR1 + S1", "R1 * 10", "S1 - PS1"});
  counter.run_with(1);
  EXPECT_FALSE(available(counter.out("Result 3")));
  counter.run_with(5);
  EXPECT_EQ(counter.out("Result 1"), 6);
  EXPECT_EQ(counter.out("Result 2"), 60);
  EXPECT_EQ(counter.out("Result 3"), 4);
  EXPECT_FALSE(available(counter.out("Result 4"))) << "has no formula";
}

TEST(Arithmetic, ResetsPreviousValuesEvenWhileDisabled) {
  Bench counter({"PR1 + S1", "PS1"});
  counter.run_with(3);
  counter.input("Enable", 0);
  counter.pulse("Reset");
  counter.run_with(3);
  EXPECT_FALSE(available(counter.out("Result 1")));
  counter.input("Enable", 1);
  EXPECT_EQ(counter.run_with(4), 4);
  EXPECT_FALSE(available(counter.out("Result 2")));
  EXPECT_EQ(counter.events().at(0).event.priority, registers::priority::reset);
}

TEST(Arithmetic, CalculatesOnlyOnPulsesWhereThatIsLinked) {
  Bench bench({"S1"});
  bench.pulse("Calculate Now");
  EXPECT_EQ(bench.run_with(1), 1);
  EXPECT_EQ(bench.run_with(2), 1);
  bench.pulse("Calculate Now");
  EXPECT_EQ(bench.run_with(3), 3);
}

TEST(Arithmetic, RefusesAFormulaThatIsNoneAndKeepsTheFormerOnes) {
  Bench bench({"S1 * 2"});
  ASSERT_TRUE(bench.set("Formula 3", "S1 +"));
  const auto refused = bench.configure();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "formula 3, position 5: a value was expected, the formula ends");
  EXPECT_EQ(bench.run_with(4), 8);
}

TEST(Arithmetic, HandsOnTheQualityOfItsSources) {
  Bench bench({"S1"});
  bench.input("Source 1", 1, Quality{Quality::clipped});
  bench.ModuleBench::run(Cadence::second, {}, 1);
  EXPECT_TRUE(bench.value("Result 1").quality.has(Quality::clipped));
}

}  // namespace
}  // namespace polyphase::modules::arithmetic
