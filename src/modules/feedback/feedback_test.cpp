#include "modules/feedback/feedback.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::feedback {
namespace {

constexpr graph::ModuleType type{descriptor, create};

TEST(Feedback, Golden) { polyphase::testing::expect_golden(type, "feedback", "feedback"); }

TEST(Feedback, EchoesEveryPulseOnce) {
  graph::ModuleBench echo(type);
  for (const unsigned received : {1u, 0u, 2u}) {
    const unsigned before = echo.pulses("Pulse Out");
    echo.pulse("Source", received);
    echo.run(graph::Cadence::half_cycle, {}, 0.01);
    EXPECT_EQ(echo.pulses("Pulse Out") - before, received);
  }
}

TEST(Feedback, DropsWhatArrivesWhileDisabled) {
  graph::ModuleBench echo(type);
  echo.input("Enable", 0);
  echo.pulse("Source");
  echo.run(graph::Cadence::half_cycle, {}, 0.01);
  echo.input("Enable", 1);
  echo.run(graph::Cadence::half_cycle, {}, 0.01);
  EXPECT_EQ(echo.pulses("Pulse Out"), 0u);
}

TEST(Feedback, MayCloseALoop) { EXPECT_TRUE(descriptor().breaks_loop); }

}  // namespace
}  // namespace polyphase::modules::feedback
