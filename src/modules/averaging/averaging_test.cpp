#include "modules/averaging/averaging.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::averaging {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(Averaging, Golden) { polyphase::testing::expect_golden(type, "averaging", "averaging"); }

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
    pulse("Reset", 0);
  }
  double feed(double value, double duration_s = 1) {
    input("Source 1", value);
    run(Cadence::second, Instant{}.plus_s(now_s += duration_s), duration_s);
    return out("Average 1");
  }
  double now_s = 0;
};

TEST(Averaging, WeighsWithTheDurationOfEachInterval) {
  Bench mean;
  mean.feed(10, 1);
  EXPECT_EQ(mean.feed(40, 0.5), 20);
}

TEST(Averaging, TakesTheRootOfTheMeanOfSquaresWhereToldTo) {
  Bench mean({{"Calc Mode", "RMS"}});
  mean.feed(6);
  EXPECT_DOUBLE_EQ(mean.feed(8), std::sqrt(50));
}

TEST(Averaging, BeginsAnewWithTheValueOfTheRunInWhichItIsReset) {
  Bench mean;
  mean.feed(10);
  mean.pulse("Reset");
  EXPECT_EQ(mean.feed(4), 4);
  EXPECT_EQ(mean.feed(6), 5);
}

TEST(Averaging, BeginsAnewOrGoesOnWhereTheSourceIsNotAvailable) {
  Bench anew, on({{"N/A Behavior", "IGNORE N/A IN CALCULATION"}});
  for (Bench* mean : {&anew, &on}) mean->feed(10);
  EXPECT_FALSE(available(anew.feed(not_available)));
  EXPECT_EQ(on.feed(not_available), 10);
  EXPECT_EQ(anew.feed(20), 20);
  EXPECT_EQ(on.feed(20), 15);
}

TEST(Averaging, ShowsItsMeansOnlyAtOperateNowWhereThatIsLinked) {
  Bench mean;
  mean.pulse("Operate Now");
  EXPECT_EQ(mean.feed(10), 10);
  EXPECT_EQ(mean.feed(30), 10);
  mean.pulse("Operate Now");
  EXPECT_EQ(mean.feed(20), 20);
}

TEST(Averaging, GoesOnFromItsRetainedState) {
  Bench before, after;
  before.feed(10, 3);
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  EXPECT_EQ(after.feed(20, 2), 14);
}

TEST(Averaging, HasTheUnitsOfItsSources) { EXPECT_EQ(Bench().unit("Average 2", {"V", "A"}), "A"); }

}  // namespace
}  // namespace polyphase::modules::averaging
