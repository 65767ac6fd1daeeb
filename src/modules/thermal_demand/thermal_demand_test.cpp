#include "modules/thermal_demand/thermal_demand.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::thermal_demand {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(ThermalDemand, Golden) {
  polyphase::testing::expect_golden(type, "thermal_demand", "thermal_demand");
}

class Bench : public graph::ModuleBench {
 public:
  Bench() : ModuleBench(type) {}
  double feed(double load, int seconds) {
    input("Source", load);
    for (int i = 0; i < seconds; ++i) run(Cadence::second, {}, 1);
    return out("ThrmDemand");
  }
};

// Percentages of the project's facts, section 7.1.
TEST(ThermalDemand, FollowsAStepTo90PercentWithinItsInterval) {
  Bench thermal;
  EXPECT_NEAR(thermal.feed(100, 60), 14.23, 5e-3);
  EXPECT_NEAR(thermal.feed(100, 240), 53.58, 5e-3);
  EXPECT_NEAR(thermal.feed(100, 300), 78.46, 5e-3);
  EXPECT_NEAR(thermal.feed(100, 300), 90, 1e-9);
  EXPECT_NEAR(thermal.feed(100, 900), 99, 1e-9);
}

TEST(ThermalDemand, DependsOnTheDurationAndNotOnTheNumberOfValues) {
  Bench fine, coarse;
  fine.feed(100, 60);
  coarse.input("Source", 100);
  coarse.run(Cadence::second, {}, 60);
  EXPECT_NEAR(fine.out("ThrmDemand"), coarse.out("ThrmDemand"), 1e-10);
}

TEST(ThermalDemand, DecaysWhileDisabledAndStaysWithoutASource) {
  Bench thermal;
  thermal.feed(100, 900);
  thermal.feed(not_available, 900);
  EXPECT_NEAR(thermal.out("ThrmDemand"), 90, 1e-9);
  thermal.input("Enable", 0);
  EXPECT_NEAR(thermal.feed(100, 900), 9, 1e-9);
}

TEST(ThermalDemand, IsZeroAfterAReset) {
  Bench thermal;
  thermal.feed(100, 900);
  thermal.input("Enable", 0);
  thermal.pulse("Reset");
  EXPECT_EQ(thermal.feed(100, 1), 0);
}

TEST(ThermalDemand, GoesOnFromItsRetainedState) {
  Bench thermal;
  thermal.module().retained()[0] = 50;
  EXPECT_NEAR(thermal.feed(50, 10), 50, 1e-12);
}

}  // namespace
}  // namespace polyphase::modules::thermal_demand
