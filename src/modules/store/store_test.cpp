#include "modules/store/store.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::store {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(Store, Golden) { polyphase::testing::expect_golden(type, "store", "store"); }

Instant at(double seconds) { return Instant{}.plus_s(seconds); }

class Bench : public graph::ModuleBench {
 public:
  Bench() : ModuleBench(type) {}
  void feed(double first, double second, double time_s) {
    input_at("Source 1", first, at(time_s - 0.5));
    input_at("Source 2", second, at(time_s));
    run(Cadence::second, at(time_s), 1);
  }
};

TEST(Store, KeepsTheValuesOfThePulseWithTheTimesOfTheirSources) {
  Bench store;
  store.feed(1, 2, 1);
  EXPECT_FALSE(available(store.out("Source Out 1")));
  store.pulse("Store");
  store.feed(3, 4, 2);
  store.feed(5, 6, 3);
  EXPECT_EQ(store.out("Source Out 1"), 3);
  EXPECT_EQ(store.value("Source Out 1").time, at(1.5));
  EXPECT_EQ(store.out("Source Out 2"), 4);
  EXPECT_EQ(store.value("Source Out 2").time, at(2));
  EXPECT_EQ(store.pulses("Store Complete"), 1u);
}

TEST(Store, KeepsNotAvailableAsWell) {
  Bench store;
  store.pulse("Store");
  store.feed(1, 2, 1);
  store.pulse("Store");
  store.feed(not_available, 4, 2);
  EXPECT_FALSE(available(store.out("Source Out 1")));
  EXPECT_EQ(store.out("Source Out 2"), 4);
}

TEST(Store, IgnoresPulsesWhileDisabledButIsReset) {
  Bench store;
  store.pulse("Store");
  store.feed(1, 2, 1);
  store.input("Enable", 0);
  store.pulse("Store");
  store.feed(3, 4, 2);
  EXPECT_EQ(store.out("Source Out 1"), 1);
  store.pulse("Reset");
  store.feed(3, 4, 3);
  EXPECT_FALSE(available(store.out("Source Out 1")));
  EXPECT_EQ(store.events().at(0).event.priority, registers::priority::reset);
}

TEST(Store, ForgetsAValueWhoseSourceIsAnother) {
  Bench store;
  store.pulse("Store");
  store.feed(1, 2, 1);
  store.relink("Source 1");
  store.run(Cadence::second, at(2), 1);
  EXPECT_FALSE(available(store.out("Source Out 1")));
  EXPECT_EQ(store.out("Source Out 2"), 2);
}

TEST(Store, GoesOnFromItsRetainedStateToTheNanosecond) {
  const Instant exact{1'767'225'600'123'456'789};
  Bench before, after;
  before.input_at("Source 1", 7, exact);
  before.pulse("Store");
  before.run(Cadence::second, exact, 1);
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  after.feed(1, 2, 1);
  EXPECT_EQ(after.out("Source Out 1"), 7);
  EXPECT_EQ(after.value("Source Out 1").time, exact);
}

}  // namespace
}  // namespace polyphase::modules::store
