#include <gtest/gtest.h>

#include "module_golden.hpp"
#include "modules/evaluation/evaluation.hpp"

namespace polyphase::modules::evaluation {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{signal_limit_descriptor, create_signal_limit};

TEST(SignalLimitEvaluation, Golden) {
  polyphase::testing::expect_golden(type, "evaluation", "signal_limit");
}

/// Limits of the supply voltage, in percent of 230 V.
class Bench : public graph::ModuleBench {
 public:
  explicit Bench(const char* flagged = "EXCLUDE") : ModuleBench(type) {
    for (const auto& [name, value] : {std::pair{"Upper Limit", "110"},
                                      {"Lower Limit", "90"},
                                      {"Eval Mode", "PERCENTAGE"},
                                      {"Flagged", flagged}})
      EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
    input("Nominal", 230);
  }
  Bench& feed(double volts, Quality quality = {}) {
    input("Source", volts, quality);
    pulse("Evaluate");
    run(Cadence::window, at_, 0.2);
    at_ = at_.plus_s(600);
    return *this;
  }
  std::vector<double> counts() const {
    return {out("Num Valid"), out("Num Invalid"), out("Num Exceed")};
  }

 private:
  Instant at_;
};
using Counts = std::vector<double>;

TEST(SignalLimitEvaluation, CountsValidValuesBeyondItsLimits) {
  Bench bench;
  bench.feed(230).feed(253).feed(253.1).feed(207).feed(206.9);
  EXPECT_EQ(bench.counts(), (Counts{5, 0, 2})) << "a value on a limit does not exceed";
  EXPECT_EQ(bench.out("Exceed Ratio"), 40);
  EXPECT_EQ(bench.out("Complies"), 0);
  EXPECT_EQ(bench.pulses("Exceeded"), 2u);
  EXPECT_EQ(bench.events().at(0).event.priority, 50);
  EXPECT_EQ(bench.out("Lowest"), 206.9);
  EXPECT_EQ(bench.out("Highest"), 253.1);
  EXPECT_NEAR(bench.out("Mean"), 230, 1e-12);
}

TEST(SignalLimitEvaluation, LeavesOutFlaggedAndIncompleteAndMissingValues) {
  Bench bench;
  bench.feed(100, {Quality::disturbed}).feed(100, {Quality::partial}).feed(not_available);
  EXPECT_EQ(bench.counts(), (Counts{0, 3, 0}));
  EXPECT_FALSE(available(bench.out("Complies")));
  bench.feed(230, {Quality::clock_unsynchronised});
  EXPECT_EQ(bench.counts(), (Counts{1, 3, 0}));
  EXPECT_EQ(bench.value("Num Valid").quality, Quality{}) << "a count is not flagged";
  EXPECT_EQ(Bench("COUNT").feed(100, {Quality::disturbed}).counts(), (Counts{1, 0, 1}));
}

// Covers: PQ-002
TEST(SignalLimitEvaluation, CannotJudgeWithoutANominalVoltage) {
  Bench bench;
  bench.input("Nominal", 0);
  bench.feed(230);
  bench.unlink("Nominal");
  bench.feed(230);
  EXPECT_EQ(bench.counts(), (Counts{0, 2, 0}));
}

TEST(SignalLimitEvaluation, ForgetsAtAResetAndIsNotThereUntilTheNextEvaluation) {
  Bench bench;
  bench.feed(300).pulse("Reset");
  bench.run(Cadence::window, {}, 0.2);
  EXPECT_FALSE(available(bench.out("Num Valid")));
  EXPECT_EQ(bench.feed(230).counts(), (Counts{1, 0, 0}));
  EXPECT_EQ(bench.out("Highest"), 230);
}

// Covers: PQ-062
TEST(SignalLimitEvaluation, GoesOnFromItsRetainedState) {
  Bench before, after;
  before.feed(300).feed(230).feed(230, {Quality::disturbed});
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), type.descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  after.run(Cadence::window, {}, 0.2);
  EXPECT_EQ(after.counts(), (Counts{2, 1, 1}));
  after.feed(100);
  EXPECT_EQ(after.counts(), (Counts{3, 1, 2}));
  EXPECT_EQ(after.out("Lowest"), 100);
  EXPECT_NEAR(after.out("Mean"), 210, 1e-12);
}

TEST(SignalLimitEvaluation, RefusesLimitsTheWrongWayRound) {
  Bench bench;
  EXPECT_TRUE(bench.set("Lower Limit", "111"));
  EXPECT_FALSE(bench.configure());
}

TEST(SignalLimitEvaluation, GivesValuesInTheUnitOfItsSource) {
  EXPECT_EQ(Bench().unit("Highest", {"V", "", "", "", "", ""}), "V");
  EXPECT_EQ(Bench().unit("Num Valid", {"V", "", "", "", "", ""}), "");
}

}  // namespace
}  // namespace polyphase::modules::evaluation
