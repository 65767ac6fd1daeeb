#include "modules/and_or/and_or.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::and_or {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(AndOr, Golden) { polyphase::testing::expect_golden(type, "and_or", "and_or"); }

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings)
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
  }
  double feed(double first, double second) {
    input("Source 1", first);
    input("Source 2", second);
    run(Cadence::second, {}, 1);
    return out("Result");
  }
};

TEST(AndOr, HasItsFourTruthTables) {
  struct Case {
    const char* mode;
    double none, one, both;
  };
  for (const auto& c :
       {Case{"AND", 0, 0, 1}, Case{"OR", 0, 1, 1}, Case{"NAND", 1, 1, 0}, Case{"NOR", 1, 0, 0}}) {
    Bench bench({{"Mode", c.mode}});
    EXPECT_EQ(bench.feed(0, 0), c.none) << c.mode;
    EXPECT_EQ(bench.feed(1, 0), c.one) << c.mode;
    EXPECT_EQ(bench.feed(0, 1), c.one) << c.mode;
    EXPECT_EQ(bench.feed(1, 1), c.both) << c.mode;
  }
}

TEST(AndOr, IsNotAvailableWhenASourceIsNot) {
  Bench bench({{"Mode", "OR"}});
  EXPECT_FALSE(available(bench.feed(1, not_available)));
}

TEST(AndOr, PulsesWhenItsResultComesOn) {
  Bench bench({{"Mode", "AND"}});
  bench.feed(1, 0);
  bench.feed(1, 1);
  bench.feed(1, 1);
  EXPECT_EQ(bench.pulses("Trigger"), 1u);
}

TEST(AndOr, LatchesUntilItIsReset) {
  Bench bench({{"Mode", "OR"}, {"UpdateMode", "LATCHING"}});
  EXPECT_EQ(bench.feed(0, 1), 1);
  EXPECT_EQ(bench.feed(0, 0), 1);
  bench.pulse("LatchReset");
  EXPECT_EQ(bench.feed(0, 0), 0);
  EXPECT_EQ(bench.out("PrevLatchResult"), 1);
  bench.feed(1, 0);
  bench.pulse("LatchReset");
  EXPECT_EQ(bench.feed(1, 0), 1) << "still on";
}

TEST(AndOr, TellsChangesOfItsSourcesWhereAskedTo) {
  Bench quiet({{"EvLog Mode", "off"}}), telling({{"EvLog Mode", "on"}});
  for (Bench* bench : {&quiet, &telling}) {
    bench->feed(0, 1);
    bench->feed(1, 1);
  }
  EXPECT_TRUE(quiet.events().empty());
  ASSERT_EQ(telling.events().size(), 1u);
  EXPECT_EQ(telling.events()[0].event.priority, 15);
  EXPECT_EQ(telling.events()[0].event.cause_value, 1);
}

}  // namespace
}  // namespace polyphase::modules::and_or
