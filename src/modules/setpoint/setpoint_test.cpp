#include "modules/setpoint/setpoint.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::setpoint {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings,
                 double period_s = 1)
      : ModuleBench(type), period_ns_(static_cast<std::int64_t>(period_s * 1e9)) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
  }
  double feed(double value, int runs = 1) {
    input("Source", value);
    for (int i = 0; i < runs; ++i) {
      now = now.plus_ns(period_ns_);
      run(period_ns_ < 1'000'000'000 ? Cadence::half_cycle : Cadence::second, now,
          static_cast<double>(period_ns_) * 1e-9);
    }
    return out("Status");
  }
  /// The time of the first run from now on after which Status is `state`.
  double seconds_until(double state, double value) {
    const Instant begin = now;
    while (feed(value) != state) EXPECT_LT(seconds_between(begin, now), 100);
    return seconds_between(begin, now);
  }
  std::vector<std::string> told() const {
    std::vector<std::string> texts;
    for (const auto& seen : events()) texts.push_back(seen.text);
    return texts;
  }
  Instant now;

 private:
  std::int64_t period_ns_;
};

TEST(Setpoint, Golden) { polyphase::testing::expect_golden(type, "setpoint", "setpoint"); }

// Covers: ALM-010, ALM-011
TEST(Setpoint, OverComesOnAfterTheFirstDelayAndGoesOffAfterTheSecond) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}, {"SusUntlON", "5"}, {"SusUntlOFF", "3"}});
  over.feed(80, 4);
  // The first value beyond is that of 1 s later.
  EXPECT_EQ(over.seconds_until(1, 101), 1 + 5);
  EXPECT_EQ(over.feed(95, 20), 1) << "between the limits nothing changes";
  EXPECT_EQ(over.seconds_until(0, 89), 1 + 3);
  EXPECT_EQ(over.pulses("Trigger"), 1u);
}

// Covers: ALM-010, ALM-012
TEST(Setpoint, UnderIsTheMirrorOfOver) {
  Bench under({{"Low Limit", "90"},
               {"High Limit", "100"},
               {"Eval Mode", "LESSTHAN"},
               {"SusUntlON", "2"},
               {"SusUntlOFF", "4"}});
  EXPECT_EQ(under.feed(95, 5), 0);
  EXPECT_EQ(under.seconds_until(1, 89), 1 + 2);
  EXPECT_EQ(under.feed(100, 9), 1);
  EXPECT_EQ(under.seconds_until(0, 101), 1 + 4);
}

TEST(Setpoint, TakesAValueAtTheLimitAsNotBeyond) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}});
  EXPECT_EQ(over.feed(100), 0);
  EXPECT_EQ(over.feed(100.1), 1);
  EXPECT_EQ(over.feed(90), 1);
  EXPECT_EQ(over.feed(89.9), 0);
}

TEST(Setpoint, StartsADelayAnewWhenTheSourceComesBackMeanwhile) {
  Bench over({{"High Limit", "100"}, {"SusUntlON", "3"}});
  over.feed(101, 3);
  over.feed(99);
  EXPECT_EQ(over.seconds_until(1, 101), 1 + 3);
}

TEST(Setpoint, TellsWhatWasDoubtfulAboutTheValuesOfAnEvent) {
  constexpr Quality bridged{Quality::bridged};
  Bench over({{"High Limit", "100"}, {"Low Limit", "100"}, {"SusUntlON", "2"}});
  const auto feed_bridged = [&](double value) {
    over.input("Source", value, bridged);
    over.now = over.now.plus_s(1);
    over.run(Cadence::second, over.now, 1);
  };
  over.feed(99, 3);
  feed_bridged(99);
  over.feed(101, 5);
  over.feed(99, 3);
  feed_bridged(101);  // while the delay runs
  over.feed(101, 5);
  over.feed(99, 3);
  ASSERT_EQ(over.disturbances().size(), 2u);
  EXPECT_EQ(over.disturbances()[0].quality, Quality{}) << "doubtful before it began";
  EXPECT_EQ(over.disturbances()[1].quality, bridged);
}

// Covers: ALM-006
TEST(Setpoint, CatchesAnExcursionOfOneSecondWithoutDelay) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "100"}});
  over.feed(99, 5);
  EXPECT_EQ(over.feed(101), 1);
  EXPECT_EQ(over.feed(99), 0);
}

// Covers: ALM-007
TEST(Setpoint, RunsAtTheHalfCyclesOfAHighSpeedSource) {
  Bench fast({{"High Limit", "100"}, {"Low Limit", "90"}, {"SusUntlON", "0.01"}}, 0.01);
  fast.feed(50, 7);
  const Instant before = fast.now;
  EXPECT_EQ(fast.feed(101, 2), 1);
  EXPECT_EQ(fast.events().at(0).event.time, before.plus_ns(20'000'000));
}

TEST(Setpoint, CountsDelaysInExactSecondsAlsoWhereWholeCyclesAreShorter) {
  Bench over({{"High Limit", "100"}, {"SusUntlON", "5"}});
  Instant now;
  int runs = 0;
  for (over.input("Source", 101); over.out("Status") != 1; ++runs) {
    now = now.plus_s(1);
    over.run(Cadence::second, now, 0.98);  // 49 cycles of 20 ms ended in this second
  }
  EXPECT_EQ(runs, 1 + 5);
}

TEST(Setpoint, CountsOnlyWhatWasMeasuredWhenTheClockIsPutForward) {
  Bench over({{"High Limit", "100"}, {"SusUntlON", "5"}});
  over.feed(101, 2);
  over.now = over.now.plus_s(3600);
  EXPECT_EQ(over.seconds_until(1, 101), 4);
}

TEST(Setpoint, IgnoresTheSignInAbsoluteMode) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}, {"Input Mode", "ABSOLUTE"}});
  EXPECT_EQ(over.feed(-101), 1);
}

TEST(Setpoint, TakesABooleanAsOneAndZero) {
  Bench open({{"High Limit", "0.5"}, {"Low Limit", "0.5"}});
  EXPECT_EQ(open.feed(0), 0);
  EXPECT_EQ(open.feed(1), 1);
  EXPECT_EQ(open.feed(0), 0);
}

TEST(Setpoint, IsOnAtTheLimitAndOnlyThereInEqualMode) {
  Bench equal({{"High Limit", "3"}, {"Eval Mode", "EQUAL"}});
  EXPECT_EQ(equal.feed(2), 0);
  EXPECT_EQ(equal.feed(3), 1);
  EXPECT_EQ(equal.feed(4), 0);
}

TEST(Setpoint, TellsStartAndEndWithItsPriorityAndCause) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}, {"EvPriority", "200"}});
  over.feed(120);
  over.feed(80);
  EXPECT_EQ(over.told(), (std::vector<std::string>{"condition started", "condition ended"}));
  const auto& start = over.events()[0].event;
  EXPECT_EQ(start.priority, 200);
  EXPECT_EQ(start.cause_value, 120);
  EXPECT_EQ(start.effect, over.index_of("Status"));
  EXPECT_EQ(start.effect_value, 1);
  EXPECT_EQ(over.events()[1].event.effect_value, 0);
}

// Covers: EVT-008
TEST(Setpoint, TellsNothingAtPriorityZero) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}, {"EvPriority", "0"}});
  over.feed(120);
  over.feed(80);
  EXPECT_TRUE(over.events().empty());
  EXPECT_TRUE(over.disturbances().empty());
}

TEST(Setpoint, TellsASetupChangeWhileOn) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}});
  over.feed(120);
  ASSERT_TRUE(over.set("High Limit", "110"));
  ASSERT_TRUE(over.configure());
  EXPECT_EQ(over.feed(120), 1);
  EXPECT_EQ(over.told().back(), "setup changed while ON");
}

TEST(Setpoint, IsNotAvailableWhileDisabledAndTellsWhenThatWasWhileOn) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}});
  over.feed(120);
  over.input("Enable", 0);
  EXPECT_FALSE(available(over.feed(120)));
  EXPECT_EQ(over.told().back(), "disabled while ON");
  over.input("Enable", 1);
  EXPECT_EQ(over.feed(120), 1);
}

TEST(Setpoint, IsDisabledByItsSetupWhateverTheInputSays) {
  Bench over({{"High Limit", "100"}, {"Enable", "off"}});
  over.input("Enable", 1);
  EXPECT_FALSE(available(over.feed(120)));
}

TEST(Setpoint, EndsWhenItsSourceIsNoLongerAvailable) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}});
  over.feed(120);
  EXPECT_FALSE(available(over.feed(not_available)));
  EXPECT_EQ(over.told().back(), "condition ended");
  EXPECT_EQ(over.feed(120), 1) << "and comes on again";
}

TEST(Setpoint, IsResetByAPulse) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}, {"SusUntlON", "2"}});
  over.feed(120, 5);
  over.pulse("Reset");
  EXPECT_EQ(over.feed(120), 0);
  EXPECT_EQ(over.seconds_until(1, 120), 2);
}

TEST(Setpoint, TellsOneDisturbanceWithItsExtreme) {
  Bench over({{"High Limit", "100"}, {"Low Limit", "90"}, {"SusUntlON", "1"}});
  over.feed(130);
  over.feed(110, 3);
  over.feed(80);
  ASSERT_EQ(over.disturbances().size(), 1u);
  const auto& told = over.disturbances()[0];
  EXPECT_EQ(told.setpoint, over.index_of("Status"));
  EXPECT_EQ(told.time, Instant{}.plus_s(2));
  EXPECT_EQ(told.end, Instant{}.plus_s(5));
  EXPECT_EQ(told.extreme, 130);
  EXPECT_FALSE(told.open);
}

TEST(Setpoint, TellsWhatIsStillOpenWhenTheSamplesEnd) {
  Bench under({{"Low Limit", "90"}, {"High Limit", "95"}, {"Eval Mode", "LESSTHAN"}});
  under.feed(80);
  under.feed(70);
  under.finish();
  ASSERT_EQ(under.disturbances().size(), 1u);
  EXPECT_TRUE(under.disturbances()[0].open);
  EXPECT_EQ(under.disturbances()[0].extreme, 70);
}

}  // namespace
}  // namespace polyphase::modules::setpoint
