#include "modules/integrator/integrator.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "module_golden.hpp"

namespace polyphase::modules::integrator {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

// An integrator that is run once a second unless told otherwise.
class Energy : public graph::ModuleBench {
 public:
  explicit Energy(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value));
    EXPECT_TRUE(configure());
  }
  void feed(double integrand, int runs = 1, double duration_s = 1) {
    input("Integrand", integrand);
    for (int i = 0; i < runs; ++i) {
      now_ = now_.plus_s(duration_s);
      run(Cadence::second, now_, duration_s);
    }
  }
  double result() const { return out("Result"); }

 private:
  Instant now_;
};

TEST(Integrator, Golden) { polyphase::testing::expect_golden(type, "integrator", "integrator"); }

// Covers: MEA-005
TEST(Integrator, IntegratesAnyQuantityForAnHour) {
  Energy frequency;
  frequency.feed(50, 3600);
  EXPECT_NEAR(frequency.result(), 50, 1e-12);
}

// Covers: MEA-004
TEST(Integrator, MakesAmpereSquaredHoursOfAmperesSquared) {
  Energy squares;
  squares.feed(10.0 * 10.0, 3600);
  EXPECT_NEAR(squares.result(), 100, 1e-11);
}

// Covers: MEA-002, MEA-003
TEST(Integrator, SplitsDeliveredReceivedTotalAndNetByTheSign) {
  Energy del({{"Int Mode", "FORWARD"}}), rec({{"Int Mode", "REVERSE"}}),
      total({{"Int Mode", "ABSOLUTE"}}), net({{"Int Mode", "NET"}});
  double del_kj = 0, rec_kj = 0;
  for (int s = 0; s < 500; ++s) {
    const double kw = 7.3 * std::sin(0.05 * s);
    (kw > 0 ? del_kj : rec_kj) += std::abs(kw);
    for (Energy* e : {&del, &rec, &total, &net}) e->feed(kw);
    EXPECT_NEAR(net.result(), del.result() - rec.result(), 1e-15);
    EXPECT_NEAR(total.result(), del.result() + rec.result(), 1e-15);
  }
  EXPECT_NEAR(del.result(), del_kj / 3600, 1e-12);
  EXPECT_NEAR(rec.result(), rec_kj / 3600, 1e-12);
}

TEST(Integrator, CountsInTheUnitOfItsIntegrandTimesThatOfItsDivisor) {
  Energy hours, seconds({{"Divisor", "1"}}), odd({{"Divisor", "900"}});
  EXPECT_EQ(hours.unit("Result", {"kW"}), "kWh");
  EXPECT_EQ(hours.unit("Result", {"V^2"}), "V^2h");
  EXPECT_EQ(seconds.unit("Result", {"A"}), "As");
  EXPECT_EQ(odd.unit("Result", {"kW"}), "") << "a quarter of an hour is no unit";
  EXPECT_EQ(hours.unit("Result", {}), "");
  EXPECT_EQ(hours.unit("Trigger Count", {"kW"}), "");
}

TEST(Integrator, CountsTheExactDurationOfEveryInterval) {
  Energy energy({{"Divisor", "1"}});
  energy.feed(2, 1, 0.98);
  energy.feed(2, 1, 1.0004);
  EXPECT_DOUBLE_EQ(energy.result(), 2 * (0.98 + 1.0004));
}

TEST(Integrator, DoesNotDriftInAMonthOfSeconds) {
  constexpr int seconds = 30 * 86'400;
  constexpr double kw = 0.1;  // no binary fraction: a plain sum would be off by 1e-9 of its value
  Energy energy({{"Divisor", "1"}});
  energy.feed(kw, seconds);
  EXPECT_NEAR(energy.result(), kw * seconds, 1e-10);
}

TEST(Integrator, HoldsItsResultWhileDisabledOrWithoutAnIntegrand) {
  Energy energy({{"Divisor", "1"}});
  energy.feed(5);
  energy.feed(not_available, 3);
  EXPECT_EQ(energy.result(), 5);
  energy.input("Enable", 0);
  energy.feed(5, 3);
  EXPECT_EQ(energy.result(), 5);
  energy.input("Enable", 1);
  energy.feed(5);
  EXPECT_EQ(energy.result(), 10);
}

TEST(Integrator, HasNoResultBeforeThereWasAnIntegrand) {
  Energy energy;
  energy.feed(not_available, 3);
  EXPECT_FALSE(available(energy.result()));
}

TEST(Integrator, IsResetEvenWhileDisabledAndSaysSo) {
  Energy energy({{"Divisor", "1"}});
  energy.feed(5);
  energy.input("Enable", 0);
  energy.pulse("Reset");
  energy.feed(5);
  EXPECT_EQ(energy.result(), 0);
  ASSERT_EQ(energy.events().size(), 1u);
  EXPECT_EQ(energy.events()[0].event.priority, registers::priority::reset);
}

TEST(Integrator, StartsANewSumWithANewSource) {
  Energy energy({{"Divisor", "1"}});
  energy.feed(5);
  energy.relink("Integrand");
  energy.feed(3);
  EXPECT_EQ(energy.result(), 3);
}

TEST(Integrator, RollsOverAndKeepsWhatIsBeyond) {
  Energy energy({{"Divisor", "1"}, {"RollValue", "10"}});
  energy.feed(4, 3);
  EXPECT_EQ(energy.result(), 2);
  EXPECT_EQ(energy.out("Rollover Count"), 1);
  EXPECT_EQ(energy.pulses("Rollover"), 1u);
  energy.feed(-4, 1);
  EXPECT_EQ(energy.result(), 2);
}

TEST(Integrator, PulsesOncePerQuantumAndCarriesTheRemainderOverAnIntervalReset) {
  Energy energy({{"Divisor", "1"}, {"Trigger Value", "10"}});
  energy.feed(25);
  EXPECT_EQ(energy.pulses("Trigger"), 2u);
  EXPECT_EQ(energy.out("Trigger Count"), 2);
  energy.pulse("Interval Reset");
  energy.feed(4);
  EXPECT_EQ(energy.result(), 4);
  EXPECT_EQ(energy.out("Trigger Count"), 0);
  energy.feed(1);  // 5 + 4 + 1
  EXPECT_EQ(energy.pulses("Trigger"), 3u);
}

TEST(Integrator, UpdatesItsOutputsOnlyOnPulsesWhereThatIsLinked) {
  Energy energy({{"Divisor", "1"}});
  energy.pulse("Update Outputs");
  energy.feed(1);
  energy.feed(1, 5);
  EXPECT_EQ(energy.result(), 1);
  energy.pulse("Update Outputs");
  energy.feed(1);
  EXPECT_EQ(energy.result(), 7);
}

TEST(Integrator, GoesOnFromItsRetainedState) {
  Energy before({{"Divisor", "1"}, {"Trigger Value", "10"}}),
      after({{"Divisor", "1"}, {"Trigger Value", "10"}});
  before.feed(0.1, 77);
  const auto state = before.module().retained();
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  ASSERT_EQ(state.size(), descriptor().retained.size());
  after.feed(not_available);
  EXPECT_EQ(after.result(), before.result());
  after.feed(2.5);
  EXPECT_EQ(after.pulses("Trigger"), 1u);
}

}  // namespace
}  // namespace polyphase::modules::integrator
