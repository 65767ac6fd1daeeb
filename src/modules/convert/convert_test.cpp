#include "modules/convert/convert.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::convert {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(Convert, Golden) { polyphase::testing::expect_golden(type, "convert", "convert"); }

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(const char* conversion = "NONE") : ModuleBench(type) {
    EXPECT_TRUE(set("N/A Conversion", conversion));
    EXPECT_TRUE(configure());
  }
  Bench& feed(double value) {
    input("Source", value);
    run(Cadence::second, {}, 1);
    return *this;
  }
};

TEST(Convert, TakesAnyNumberButZeroAsOn) {
  Bench convert;
  EXPECT_EQ(convert.feed(-0.5).out("Boolean Out"), 1);
  EXPECT_EQ(convert.out("Numeric Out"), -0.5);
  EXPECT_EQ(convert.feed(0).out("Boolean Out"), 0);
}

TEST(Convert, PulsesAtTheTransitions) {
  Bench convert;
  for (const double value : {1.0, 1.0, 0.0, 7.0, 0.0, not_available, 1.0}) convert.feed(value);
  EXPECT_EQ(convert.pulses("On Pulse"), 1u);
  EXPECT_EQ(convert.pulses("Off Pulse"), 2u);
}

TEST(Convert, ConvertsWhatIsNotAvailableAsToldTo) {
  EXPECT_FALSE(available(Bench("NONE").feed(not_available).out("Numeric Out")));
  EXPECT_EQ(Bench("CONVERT TO 0").feed(not_available).out("Boolean Out"), 0);
  EXPECT_EQ(Bench("CONVERT TO 1").feed(not_available).out("Numeric Out"), 1);
}

TEST(Convert, HasNoOutputsWhileDisabled) {
  Bench convert("CONVERT TO 1");
  convert.input("Enable", 0);
  convert.feed(1);
  EXPECT_FALSE(available(convert.out("Numeric Out")));
  EXPECT_FALSE(available(convert.out("Boolean Out")));
}

}  // namespace
}  // namespace polyphase::modules::convert
