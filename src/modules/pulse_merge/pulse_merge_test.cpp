#include "modules/pulse_merge/pulse_merge.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::pulse_merge {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(PulseMerge, Golden) { polyphase::testing::expect_golden(type, "pulse_merge", "pulse_merge"); }

class Bench : public graph::ModuleBench {
 public:
  Bench() : ModuleBench(type) {}
  unsigned feed(unsigned first, unsigned second) {
    const unsigned before = pulses("Pulse Out");
    pulse("Pulse In 1", first);
    pulse("Pulse In 2", second);
    run(Cadence::half_cycle, {}, 0.01);
    return pulses("Pulse Out") - before;
  }
};

TEST(PulseMerge, HandsOnThePulsesOfAllInputs) {
  Bench merge;
  EXPECT_EQ(merge.feed(1, 0), 1u);
  EXPECT_EQ(merge.feed(0, 1), 1u);
  EXPECT_EQ(merge.feed(0, 0), 0u);
  EXPECT_EQ(merge.feed(2, 1), 3u);
}

TEST(PulseMerge, DropsPulsesWhileDisabled) {
  Bench merge;
  merge.input("Enable", 0);
  EXPECT_EQ(merge.feed(1, 1), 0u);
  merge.input("Enable", 1);
  EXPECT_EQ(merge.feed(0, 0), 0u);
}

TEST(PulseMerge, TellsEveryPulseWhereAskedTo) {
  Bench merge;
  merge.feed(1, 0);
  EXPECT_TRUE(merge.events().empty());
  ASSERT_TRUE(merge.set("EvLog Mode", "on"));
  merge.feed(1, 1);
  ASSERT_EQ(merge.events().size(), 2u);
  EXPECT_EQ(merge.events()[0].event.priority, 15);
  EXPECT_NE(merge.events()[0].event.cause, merge.events()[1].event.cause);
}

}  // namespace
}  // namespace polyphase::modules::pulse_merge
