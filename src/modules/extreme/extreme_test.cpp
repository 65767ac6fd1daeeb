#include "modules/extreme/extreme.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::extreme {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType minimum{minimum_descriptor, create_minimum};
constexpr graph::ModuleType maximum{maximum_descriptor, create_maximum};

Instant at(double seconds) { return Instant{}.plus_s(seconds); }

class Bench : public graph::ModuleBench {
 public:
  using ModuleBench::ModuleBench;
  void feed(double value, double time_s) { feed_measured(value, time_s, time_s); }
  void feed_measured(double value, double measured_s, double time_s) {
    input_at("Source", value, at(measured_s));
    run(Cadence::second, at(time_s), 1);
  }
};

TEST(Extreme, GoldenOfMinimum) { polyphase::testing::expect_golden(minimum, "extreme", "minimum"); }
TEST(Extreme, GoldenOfMaximum) { polyphase::testing::expect_golden(maximum, "extreme", "maximum"); }

// Covers: DMD-006
TEST(Extreme, IgnoresAResetUntilItsLockoutIsOver) {
  constexpr double day_s = 86'400;
  Bench peak(maximum);
  ASSERT_TRUE(peak.set("Reset Lockout", "25"));
  ASSERT_TRUE(peak.configure());
  peak.feed(9, 1);
  peak.pulse("Reset");
  peak.feed(9, 2);
  peak.feed(5, 3);
  EXPECT_EQ(peak.out("Maximum"), 5) << "the first one is taken";
  peak.pulse("Reset");
  peak.feed(4, 1 + 25 * day_s);
  EXPECT_EQ(peak.out("Maximum"), 5);
  EXPECT_EQ(peak.events().back().text, "reset ignored: too soon");
  peak.pulse("Reset");
  peak.feed(4, 2 + 25 * day_s);
  peak.feed(3, 3 + 25 * day_s);
  EXPECT_EQ(peak.out("Maximum"), 3);
}

TEST(Extreme, CountsItsLockoutThroughARestart) {
  Bench before(maximum), after(maximum);
  for (Bench* peak : {&before, &after}) {
    ASSERT_TRUE(peak->set("Reset Lockout", "1"));
    ASSERT_TRUE(peak->configure());
  }
  before.feed(9, 1);
  before.pulse("Reset");
  before.feed(9, 2);
  before.feed(5, 3);
  const auto state = before.module().retained();
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  after.feed(4, 10);
  after.pulse("Reset");
  after.feed(3, 11);
  EXPECT_EQ(after.out("Maximum"), 5);
}

TEST(Extreme, HasTheUnitOfItsSource) {
  graph::ModuleBench highest(maximum);
  EXPECT_EQ(highest.unit("Maximum", {"kW"}), "kW");
  EXPECT_EQ(highest.unit("Trigger", {"kW"}), "");
}

// Covers: MEA-029
TEST(Extreme, KeepsTheExtremeWithTheTimeOfItsSource) {
  Bench low(minimum), high(maximum);
  for (Bench* bench : {&low, &high}) {
    bench->feed(5, 1);
    bench->feed_measured(7, 1.9, 2);
    bench->feed_measured(3, 2.9, 3);
    bench->feed(5, 4);
  }
  EXPECT_EQ(low.out("Minimum"), 3);
  EXPECT_EQ(low.value("Minimum").time, at(2.9));
  EXPECT_EQ(high.out("Maximum"), 7);
  EXPECT_EQ(high.value("Maximum").time, at(1.9));
  EXPECT_EQ(high.pulses("Trigger"), 2u);
}

TEST(Extreme, KeepsItsValueWhileTheSourceIsNotThereOrEnableIsOff) {
  Bench high(maximum);
  high.feed(5, 1);
  high.feed(not_available, 2);
  high.input("Enable", 0);
  high.feed(9, 3);
  EXPECT_EQ(high.out("Maximum"), 5);
}

TEST(Extreme, IsResetEvenWhileDisabled) {
  Bench high(maximum);
  high.feed(5, 1);
  high.input("Enable", 0);
  high.pulse("Reset");
  high.feed(5, 2);
  EXPECT_FALSE(available(high.out("Maximum")));
  ASSERT_EQ(high.events().size(), 1u);
  EXPECT_EQ(high.events()[0].event.priority, registers::priority::reset);
}

TEST(Extreme, DoesNotTakeUpAValueFromBeforeTheReset) {
  Bench peak(maximum);
  peak.feed_measured(100, 900, 900);  // a demand, which stands until 1800
  peak.pulse("Reset");
  peak.feed_measured(100, 900, 1000);
  peak.feed_measured(100, 900, 1001);
  EXPECT_FALSE(available(peak.out("Maximum")));
  peak.feed_measured(40, 1800, 1800);
  EXPECT_EQ(peak.out("Maximum"), 40);
}

TEST(Extreme, BeginsAnewWithANewSource) {
  Bench high(maximum);
  high.feed(5, 1);
  high.relink("Source");
  high.run(Cadence::second, at(2), 1);
  EXPECT_FALSE(available(high.out("Maximum")));
  high.feed(3, 3);
  EXPECT_EQ(high.out("Maximum"), 3);
}

// A source that counts up at full nanoseconds of this century.
TEST(Extreme, GoesOnFromItsRetainedStateToTheNanosecond) {
  const Instant exact{1'767'225'600'123'456'789};
  Bench before(maximum), after(maximum);
  before.input_at("Source", 7, exact);
  before.run(Cadence::second, exact, 1);
  const auto state = before.module().retained();
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  after.input_at("Source", 6, exact.plus_s(60));
  after.run(Cadence::second, exact.plus_s(60), 1);
  EXPECT_EQ(after.out("Maximum"), 7);
  EXPECT_EQ(after.value("Maximum").time, exact);
}

}  // namespace
}  // namespace polyphase::modules::extreme
