#include "modules/disturbance_analyzer/disturbance_analyzer.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::disturbance_analyzer {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(DisturbanceAnalyzer, Golden) {
  polyphase::testing::expect_golden(type, "disturbance_analyzer", "disturbance_analyzer");
}

/// Three voltages of 230 V nominal in percent, half cycle by half cycle.
class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
    input("Nominal", 230);
  }
  Bench& feed(double a, double b, double c, int half_cycles) {
    input("Source 1", 2.3 * a);
    input("Source 2", 2.3 * b);
    input("Source 3", 2.3 * c);
    for (int i = 0; i < half_cycles; ++i)
      run(Cadence::half_cycle, Instant{}.plus_ns(++half_cycles_ * 10'000'000), 0.01);
    return *this;
  }

 private:
  std::int64_t half_cycles_ = 1;
};

TEST(DisturbanceAnalyzer, TellsHowLongAnyAndHowLongAllWereBeyond) {
  Bench bench;
  bench.feed(100, 100, 100, 10).feed(5, 100, 100, 20);
  EXPECT_EQ(bench.out("State"), 1);
  EXPECT_EQ(bench.out("All State"), 0);
  bench.feed(5, 5, 5, 200).feed(100, 5, 5, 10).feed(100, 100, 100, 2);
  EXPECT_NEAR(bench.out("Duration"), 2.3, 1e-9);
  EXPECT_NEAR(bench.out("All Duration"), 2.0, 1e-9);
  EXPECT_NEAR(bench.out("Dur 1"), 2.2, 1e-9);
  EXPECT_NEAR(bench.out("Dur 2"), 2.1, 1e-9);
  EXPECT_EQ(bench.pulses("Start"), 1u);
  EXPECT_EQ(bench.pulses("All End"), 1u);
  EXPECT_NEAR(bench.out("Min 1"), 0.05 * 230, 1e-9);
  EXPECT_NEAR(bench.out("Max 2"), 230, 1e-9);
  EXPECT_NEAR(bench.out("Avg 3"), 230 * (20 * 1 + 210 * 0.05) / 230, 1e-9);
}

TEST(DisturbanceAnalyzer, EndsAtTheThresholdAndTheHysteresis) {
  Bench bench;
  bench.feed(100, 100, 100, 2).feed(9.9, 100, 100, 2).feed(11.9, 100, 100, 2);
  EXPECT_EQ(bench.out("State"), 1);
  bench.feed(12, 100, 100, 1);
  EXPECT_EQ(bench.out("State"), 0);
}

TEST(DisturbanceAnalyzer, LooksAboveWhereToldSo) {
  Bench bench({{"Direction", "ABOVE"}, {"Threshold", "110"}});
  bench.feed(100, 100, 100, 2).feed(110.1, 100, 100, 5).feed(108.1, 100, 100, 2);
  EXPECT_EQ(bench.out("State"), 1);
  bench.feed(108, 100, 100, 1);
  EXPECT_EQ(bench.out("State"), 0);
  EXPECT_NEAR(bench.out("Max 1"), 1.101 * 230, 1e-9);
}

TEST(DisturbanceAnalyzer, HasNothingWithoutANominalOrWhileDisabled) {
  Bench unset, off, disabled({{"Enable", "off"}});
  unset.input("Nominal", 0);
  off.input("Enable", 0);
  for (Bench* bench : {&unset, &off, &disabled}) {
    bench->feed(5, 5, 5, 10).feed(100, 100, 100, 10);
    EXPECT_FALSE(available(bench->out("State")));
    EXPECT_FALSE(available(bench->out("Duration")));
    EXPECT_EQ(bench->pulses("Start"), 0u);
  }
}

TEST(DisturbanceAnalyzer, LeavesOutSourcesThatAreNotLinked) {
  Bench bench;
  bench.unlink("Source 2");
  bench.input("Source 1", 5);
  bench.input("Source 3", 5);
  bench.unlink("Source 2");
  bench.run(Cadence::half_cycle, {}, 0.01);
  EXPECT_EQ(bench.out("All State"), 1);
}

TEST(DisturbanceAnalyzer, KeepsASourceThatIsMissingAsItWas) {
  Bench bench;
  bench.feed(5, 100, 100, 5);
  bench.input("Source 1", not_available);
  bench.run(Cadence::half_cycle, Instant{}.plus_s(1), 0.01);
  EXPECT_EQ(bench.out("State"), 1);
}

}  // namespace
}  // namespace polyphase::modules::disturbance_analyzer
