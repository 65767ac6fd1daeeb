#include "modules/one_shot_timer/one_shot_timer.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::one_shot_timer {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(OneShotTimer, Golden) {
  polyphase::testing::expect_golden(type, "one_shot_timer", "one_shot_timer");
}

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(const char* duration) : ModuleBench(type) {
    EXPECT_TRUE(set("Duration", duration));
    EXPECT_TRUE(configure());
    pulse("Start", 0);
  }
  double feed(int half_cycles = 1) {
    for (int i = 0; i < half_cycles; ++i) {
      now_ = now_.plus_ns(10'000'000);
      run(Cadence::half_cycle, now_, 0.01);
    }
    return out("State");
  }

 private:
  Instant now_;
};

TEST(OneShotTimer, IsOnForItsDurationAndPulsesAtTheEnd) {
  Bench timer("0.05");
  EXPECT_EQ(timer.feed(), 0);
  timer.pulse("Start");
  EXPECT_EQ(timer.feed(), 1);
  EXPECT_EQ(timer.feed(4), 1);
  EXPECT_EQ(timer.pulses("Trigger"), 0u);
  EXPECT_EQ(timer.feed(), 0);
  EXPECT_EQ(timer.pulses("Trigger"), 1u);
}

TEST(OneShotTimer, IgnoresAStartWhileItRuns) {
  Bench timer("0.05");
  timer.pulse("Start");
  timer.feed(3);
  timer.pulse("Start");
  EXPECT_EQ(timer.feed(3), 0);
  EXPECT_EQ(timer.feed(10), 0);
  EXPECT_EQ(timer.pulses("Trigger"), 1u);
}

TEST(OneShotTimer, RunsOnWhenDisabledButDoesNotStart) {
  Bench timer("0.05");
  timer.pulse("Start");
  timer.feed();
  timer.input("Enable", 0);
  EXPECT_EQ(timer.feed(4), 1);
  EXPECT_EQ(timer.feed(), 0);
  timer.pulse("Start");
  EXPECT_EQ(timer.feed(), 0);
}

}  // namespace
}  // namespace polyphase::modules::one_shot_timer
