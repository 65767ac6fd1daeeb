#include "modules/counter/counter.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::counter {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(Counter, Golden) { polyphase::testing::expect_golden(type, "counter", "counter"); }

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
  }
  double feed(unsigned count) {
    pulse("Count", count);
    run(Cadence::second, {}, 1);
    return out("Accumulatr");
  }
};

TEST(Counter, CountsEveryPulseByItsMultiplier) {
  Bench up({{"Multiplier", "2.5"}}), down({{"Count Mode", "DOWN"}, {"Preset", "100"}});
  EXPECT_EQ(up.feed(3), 7.5);
  EXPECT_EQ(down.feed(3), 97);
}

TEST(Counter, ResetsFirstAndThenCounts) {
  Bench counter({{"Preset", "10"}});
  counter.feed(5);
  counter.pulse("Reset");
  EXPECT_EQ(counter.feed(2), 12);
}

TEST(Counter, DropsPulsesWhileDisabledButIsReset) {
  Bench counter;
  counter.feed(5);
  counter.input("Enable", 0);
  EXPECT_EQ(counter.feed(2), 5);
  counter.pulse("Reset");
  EXPECT_EQ(counter.feed(2), 0);
  counter.input("Enable", 1);
  EXPECT_EQ(counter.feed(0), 0);
}

TEST(Counter, RollsOver) {
  Bench counter({{"RollValue", "10"}});
  EXPECT_EQ(counter.feed(13), 3);
  EXPECT_EQ(counter.pulses("Rollover"), 1u);
}

TEST(Counter, GoesOnFromItsRetainedState) {
  Bench counter({{"Preset", "10"}});
  counter.module().retained()[0] = 42;
  EXPECT_EQ(counter.feed(1), 43);
}

}  // namespace
}  // namespace polyphase::modules::counter
