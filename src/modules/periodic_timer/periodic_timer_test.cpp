#include "modules/periodic_timer/periodic_timer.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::periodic_timer {
namespace {

using graph::Cadence;

constexpr graph::ModuleType type{descriptor, create};

class Timer : public graph::ModuleBench {
 public:
  explicit Timer(std::initializer_list<std::pair<const char*, const char*>> settings,
                 double start_s = 0)
      : ModuleBench(type), now_s(start_s) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
  }
  /// The times of the pulses of the next seconds.
  std::vector<double> pulses_in(int seconds) {
    std::vector<double> times;
    for (int i = 0; i < seconds; ++i) {
      const unsigned before = pulses("Trigger");
      now_s += 1;
      run(Cadence::second, Instant{}.plus_s(now_s), 1);
      for (unsigned n = before; n < pulses("Trigger"); ++n)
        times.push_back(static_cast<double>(value("Trigger").time.ns) / 1e9);
    }
    return times;
  }
  double now_s;
};
using Times = std::vector<double>;

TEST(PeriodicTimer, Golden) {
  polyphase::testing::expect_golden(type, "periodic_timer", "periodic_timer");
}

TEST(PeriodicTimer, PulsesAtMultiplesOfItsPeriod) {
  Timer timer({{"Period", "900"}}, 100);
  EXPECT_EQ(timer.pulses_in(2000), (Times{900, 1800}));
  EXPECT_EQ(timer.out("Time Left"), 600);
}

TEST(PeriodicTimer, PulsesAtTheVeryFirstSecondThatIsDue) {
  Timer timer({{"Period", "10"}}, 19);
  EXPECT_EQ(timer.pulses_in(3), (Times{20}));
}

TEST(PeriodicTimer, WorksBefore1970) {
  Timer timer({{"Period", "10"}}, -25);
  EXPECT_EQ(timer.pulses_in(26), (Times{-20, -10, 0}));
}

TEST(PeriodicTimer, CountsFromSyncWhereThatIsLinked) {
  Timer timer({{"Period", "10"}}, 3);
  timer.pulse("Sync");
  EXPECT_EQ(timer.pulses_in(25), (Times{4, 14, 24}));
}

TEST(PeriodicTimer, DoesNotPulseAtSyncWhereToldNotTo) {
  Timer timer({{"Period", "10"}, {"Sync Mode", "NO TRIG ON SYNC"}}, 3);
  timer.pulse("Sync");
  EXPECT_EQ(timer.pulses_in(15), (Times{14}));
}

TEST(PeriodicTimer, PulsesOnceWhenTheClockIsPutForwardAndGoesOnWhenItIsPutBack) {
  Timer timer({{"Period", "10"}});
  timer.pulses_in(5);
  timer.now_s += 100;
  EXPECT_EQ(timer.pulses_in(5), (Times{10, 110}));
  timer.now_s -= 60;
  EXPECT_EQ(timer.pulses_in(11), (Times{60}));
}

TEST(PeriodicTimer, IsSilentWhileDisabled) {
  Timer timer({{"Period", "10"}});
  timer.input("Enable", 0);
  EXPECT_TRUE(timer.pulses_in(30).empty());
  timer.input("Enable", 1);
  EXPECT_EQ(timer.pulses_in(10), (Times{40}));
}

TEST(PeriodicTimer, PulsesOnceMoreOneRunAfterEachTriggerWithItsTime) {
  Timer timer({{"Period", "10"}});
  timer.pulses_in(10);
  EXPECT_EQ(timer.pulses("After Trigger"), 0u);
  timer.pulses_in(1);
  EXPECT_EQ(timer.pulses("After Trigger"), 1u);
  EXPECT_EQ(timer.value("After Trigger").time, Instant{}.plus_s(10));
  timer.pulses_in(9);
  EXPECT_EQ(timer.pulses("After Trigger"), 1u);
}

TEST(PeriodicTimer, OwesThePulseAfterATriggerThroughARestart) {
  Timer before({{"Period", "10"}}), after({{"Period", "10"}}, 13);
  before.pulses_in(10);
  ASSERT_EQ(before.module().retained().size(), descriptor().retained.size());
  after.module().retained()[0] = before.module().retained()[0];
  EXPECT_EQ(after.pulses_in(1), Times{});
  EXPECT_EQ(after.pulses("After Trigger"), 1u);
  EXPECT_EQ(after.value("After Trigger").time, Instant{}.plus_s(13));
  EXPECT_EQ(before.pulses("Begin"), 1u);
  EXPECT_EQ(after.pulses("Begin"), 1u) << "nothing tells whether it took effect";
  EXPECT_EQ(after.pulses_in(8), Times{20});
  EXPECT_EQ(after.pulses("Begin"), 2u);
}

}  // namespace
}  // namespace polyphase::modules::periodic_timer
