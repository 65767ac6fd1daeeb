#include "modules/sliding_window_demand/sliding_window_demand.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "module_golden.hpp"

namespace polyphase::modules::sliding_window_demand {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};
constexpr std::int64_t day_s = 1'767'225'600;  // 2026-01-01T00:00:00Z

// Runs once a second; time counts in seconds from midnight.
class Demand : public graph::ModuleBench {
 public:
  explicit Demand(std::initializer_list<std::pair<const char*, const char*>> settings = {},
                  int start_s = 0)
      : ModuleBench(type), now_s_(start_s) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value));
    EXPECT_TRUE(configure());
  }
  void feed(double load, int seconds) {
    for (int i = 0; i < seconds; ++i) second(load, 1);
  }
  void second(double load, double duration_s) {
    input("Source", load);
    ++now_s_;
    run(Cadence::second, Instant{}.plus_s(static_cast<double>(day_s + now_s_)), duration_s);
  }
  void skip(int seconds) { now_s_ += seconds; }
  double demand() const { return out("SWinDemand"); }
  double predicted() const { return out("PredDemand"); }
  int demand_time_s() const {
    return static_cast<int>(value("SWinDemand").time.ns / 1'000'000'000 - day_s);
  }

 private:
  int now_s_;
};

TEST(SlidingWindowDemand, Golden) {
  polyphase::testing::expect_golden(type, "sliding_window_demand", "sliding_window_demand");
}

// Covers: DMD-001, DMD-009
TEST(SlidingWindowDemand, OfABlockIsTheMeanOfTheBlock) {
  Demand block;
  block.feed(10, 300);
  block.feed(40, 599);
  EXPECT_FALSE(available(block.demand()));
  block.feed(40, 1);
  EXPECT_DOUBLE_EQ(block.demand(), (10.0 * 300 + 40.0 * 600) / 900);
  block.feed(7, 899);
  EXPECT_DOUBLE_EQ(block.demand(), 30);
  block.feed(7, 1);
  EXPECT_EQ(block.demand(), 7);
  EXPECT_EQ(block.pulses("Trigger"), 2u);
}

// Covers: MEA-007, DMD-007, DMD-010
TEST(SlidingWindowDemand, RampsInSubIntervalStepsAfterAStepOfTheLoad) {
  Demand rolling({{"Sub Intvl", "300"}, {"#SubIntvls", "3"}});
  rolling.feed(0, 900);
  EXPECT_EQ(rolling.demand(), 0);
  for (const double expected : {30.0, 60.0, 90.0, 90.0}) {
    rolling.feed(90, 300);
    EXPECT_DOUBLE_EQ(rolling.demand(), expected);
  }
}

TEST(SlidingWindowDemand, EndsItsIntervalsWithTheClock) {
  Demand late({}, 400);
  late.feed(10, 500);  // 6:40 to 15:00: a fragment
  EXPECT_FALSE(available(late.demand()));
  late.feed(20, 900);
  EXPECT_EQ(late.demand(), 20);
  EXPECT_EQ(late.demand_time_s(), 1800);
}

TEST(SlidingWindowDemand, WeighsEveryValueWithItsExactDuration) {
  Demand short_one({{"Sub Intvl", "2"}});
  short_one.second(10, 0.98);
  short_one.second(20, 1.01);
  EXPECT_DOUBLE_EQ(short_one.demand(), (10 * 0.98 + 20 * 1.01) / 1.99);
}

TEST(SlidingWindowDemand, NeedsNineTenthsOfASubIntervalAndFlagsWhatIsNotWhole) {
  Demand gaps({{"Sub Intvl", "100"}});
  gaps.feed(10, 92);
  gaps.feed(not_available, 8);
  EXPECT_EQ(gaps.demand(), 10);
  EXPECT_TRUE(gaps.value("SWinDemand").quality.has(Quality::partial));
  gaps.feed(10, 89);
  gaps.feed(not_available, 11);
  EXPECT_FALSE(available(gaps.demand()));
  ASSERT_FALSE(gaps.events().empty());
  EXPECT_EQ(gaps.events().back().event.priority, registers::priority::information);
}

TEST(SlidingWindowDemand, LosesTheWindowInAGapAndFindsBackToTheClock) {
  Demand rolling({{"Sub Intvl", "10"}, {"#SubIntvls", "2"}});
  rolling.feed(4, 25);
  rolling.skip(10);  // to 35: two sub-intervals are fragments
  rolling.feed(4, 15);
  EXPECT_FALSE(available(rolling.demand()));
  rolling.feed(4, 10);
  EXPECT_EQ(rolling.demand(), 4);
  EXPECT_EQ(rolling.demand_time_s(), 60);
}

TEST(SlidingWindowDemand, SurvivesALongGapAndAClockPutBack) {
  Demand rolling({{"Sub Intvl", "10"}, {"#SubIntvls", "15"}});
  rolling.feed(4, 200);
  rolling.skip(1'000'000);
  rolling.feed(4, 1);
  EXPECT_FALSE(available(rolling.demand()));
  rolling.feed(4, 200);
  rolling.skip(-86'000);
  rolling.feed(4, 1);
  EXPECT_FALSE(available(rolling.demand()));
  rolling.feed(5, 200);
  EXPECT_EQ(rolling.demand(), 5);
}

// Covers: MEA-007
TEST(SlidingWindowDemand, FollowsSyncPulsesInsteadOfTheClock) {
  Demand synchronised({{"Sub Intvl", "10"}}, 3);
  synchronised.pulse("Sync");
  synchronised.feed(99, 1);  // the second that ends with the pulse belongs to what was before
  synchronised.feed(4, 9);
  synchronised.pulse("Sync");
  synchronised.feed(4, 1);
  EXPECT_EQ(synchronised.demand(), 4);
  EXPECT_EQ(synchronised.demand_time_s(), 14);
}

TEST(SlidingWindowDemand, CompletesASubIntervalEarlyWhenAPulseComesWithinIt) {
  Demand synchronised({{"Sub Intvl", "10"}});
  synchronised.pulse("Sync");
  synchronised.feed(99, 1);
  synchronised.feed(4, 5);
  synchronised.pulse("Sync");
  synchronised.feed(10, 1);
  EXPECT_DOUBLE_EQ(synchronised.demand(), 5);
  EXPECT_EQ(synchronised.events().back().text, "resynchronised");
}

TEST(SlidingWindowDemand, EndsASubIntervalWithoutAPulseByItselfAndTakesALatePulseForThatEnd) {
  Demand synchronised({{"Sub Intvl", "10"}});
  synchronised.pulse("Sync");
  synchronised.feed(99, 1);
  synchronised.feed(4, 10);
  EXPECT_EQ(synchronised.demand(), 4);
  synchronised.pulse("Sync");
  synchronised.feed(6, 10);  // the pulse is one second late: this sub-interval lasts 11
  EXPECT_EQ(synchronised.demand(), 4);
  synchronised.feed(6, 1);
  EXPECT_EQ(synchronised.demand(), 6);
}

// Covers: DMD-008
TEST(SlidingWindowDemand, PredictsTheFinalDemandOfAConstantLoad) {
  for (const char* count : {"1", "3"}) {
    Demand constant({{"Sub Intvl", "300"}, {"#SubIntvls", count}});
    constant.feed(25, 10);
    EXPECT_DOUBLE_EQ(constant.predicted(), 25);
    constant.feed(25, 900);
    EXPECT_DOUBLE_EQ(constant.predicted(), 25);
  }
}

TEST(SlidingWindowDemand, PredictsFromWhatIsMeasuredAndTheLoadOfTheMoment) {
  Demand quick({{"Sub Intvl", "100"}, {"#SubIntvls", "2"}, {"Pred Resp", "99"}});
  quick.feed(10, 200);
  quick.feed(10, 40);
  quick.feed(60, 10);
  EXPECT_DOUBLE_EQ(quick.predicted(), (10.0 * 100 + 10.0 * 40 + 60.0 * 60) / 200);
  EXPECT_EQ(quick.out("Time Left"), 50);
}

TEST(SlidingWindowDemand, TakesTheResponseAsTheShareOfAChangeWithinASecond) {
  Demand slow({{"Sub Intvl", "100"}, {"Pred Resp", "49"}});
  slow.feed(0, 50);
  slow.feed(80, 2);  // expected load 40, then 60
  EXPECT_DOUBLE_EQ(slow.predicted(), (80.0 * 2 + 60.0 * 48) / 100);
}

TEST(SlidingWindowDemand, SlidesEverySecondWhereAskedTo) {
  Demand sliding({{"Sub Intvl", "10"}, {"#SubIntvls", "2"}, {"Update Rate", "SECOND"}});
  sliding.feed(0, 10);
  sliding.feed(20, 10);
  EXPECT_DOUBLE_EQ(sliding.demand(), 10);
  sliding.feed(20, 5);  // half of the oldest sub-interval has left the window
  EXPECT_DOUBLE_EQ(sliding.demand(), 15);
  sliding.feed(20, 5);
  EXPECT_DOUBLE_EQ(sliding.demand(), 20);
}

TEST(SlidingWindowDemand, HasNothingWhileDisabledAndLosesTheInterval) {
  Demand demand({{"Sub Intvl", "10"}});
  demand.feed(4, 15);
  demand.input("Enable", 0);
  demand.feed(4, 1);
  for (const char* output : {"SWinDemand", "PredDemand", "Time Left"})
    EXPECT_FALSE(available(demand.out(output)));
  demand.input("Enable", 1);
  demand.feed(4, 4);
  EXPECT_FALSE(available(demand.demand()));
  demand.feed(4, 10);
  EXPECT_EQ(demand.demand(), 4);
}

TEST(SlidingWindowDemand, ForgetsItsWindowOnResetAndSaysSo) {
  Demand demand({{"Sub Intvl", "10"}});
  demand.feed(4, 10);
  demand.pulse("Reset");
  demand.feed(4, 1);
  EXPECT_FALSE(available(demand.demand()));
  EXPECT_EQ(demand.events().back().event.priority, registers::priority::reset);
}

TEST(SlidingWindowDemand, GoesOnFromItsRetainedStateWithinTheSubInterval) {
  Demand before({{"Sub Intvl", "100"}, {"#SubIntvls", "2"}});
  before.feed(10, 250);
  Demand after({{"Sub Intvl", "100"}, {"#SubIntvls", "2"}}, 252);  // two seconds without power
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  after.feed(10, 1);
  EXPECT_EQ(after.demand(), 10);
  EXPECT_EQ(after.demand_time_s(), 200);
  after.feed(20, 47);
  EXPECT_DOUBLE_EQ(after.demand(), (10.0 + (10.0 * 51 + 20.0 * 47) / 98) / 2);
}

}  // namespace
}  // namespace polyphase::modules::sliding_window_demand
