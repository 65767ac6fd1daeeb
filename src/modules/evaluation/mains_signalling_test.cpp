#include "pq/mains_signalling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "fake_window.hpp"
#include "graph/module_bench.hpp"
#include "modules/evaluation/evaluation.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::evaluation {
namespace {

using graph::available;
using graph::Cadence;
using Counts = std::vector<double>;

constexpr graph::ModuleType type{mains_signalling_descriptor, create_mains_signalling};

/// 175 Hz on V1 of 230 V, window by window; 15 windows are an interval.
class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    EXPECT_TRUE(set("Frequency", "175"));
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
    input("Nominal", 230);
    dataset("Source", &bins->data);
  }
  Bench& feed(double percent, int windows = 15, Quality quality = {}) {
    bins->rms[35] = static_cast<float>(percent * 2.3);
    for (int i = 0; i < windows; ++i) {
      if (++windows_ % 15 == 0) pulse("Evaluate");
      run(Cadence::window, Instant{}.plus_s(0.2 * windows_), 0.2, quality);
    }
    return *this;
  }
  Counts counts() const { return {out("Num Valid"), out("Num Invalid"), out("Num Exceed")}; }
  std::unique_ptr<testing::FakeWindow> bins = std::make_unique<testing::FakeWindow>();

 private:
  int windows_ = 0;
};

TEST(MainsSignallingEvaluation, CountsIntervalsAboveTheCurve) {
  Bench bench;
  bench.feed(8.9).feed(9.1);
  EXPECT_EQ(bench.counts(), (Counts{2, 0, 1}));
  EXPECT_NEAR(bench.out("Magnitude"), 9.1, 1e-5);
  EXPECT_NEAR(bench.out("Highest"), 9.1, 1e-5);
  EXPECT_EQ(bench.out("Exceed Ratio"), 50);
  EXPECT_EQ(bench.out("Complies"), 0);
}

TEST(MainsSignallingEvaluation, TakesTheMeanOfTheSquaresOfItsWindows) {
  Bench bench({{"Limit", "4"}});
  bench.feed(3, 10).feed(6, 5);
  EXPECT_NEAR(bench.out("Magnitude"), std::sqrt((10 * 9 + 5 * 36) / 15.0), 1e-5);
  EXPECT_EQ(bench.counts(), (Counts{1, 0, 1}));
}

TEST(MainsSignallingEvaluation, LeavesOutFlaggedIntervalsAndThoseWithoutBins) {
  Bench bench;
  bench.feed(9.1, 14).feed(9.1, 1, {Quality::disturbed});
  EXPECT_EQ(bench.counts(), (Counts{0, 1, 0}));
  bench.input("Flag", 1);
  bench.feed(9.1);
  bench.input("Flag", 0);
  EXPECT_EQ(bench.counts(), (Counts{0, 2, 0}));
  bench.bins->spectrum.order_max = 2;
  bench.feed(9.1);
  EXPECT_EQ(bench.counts(), (Counts{0, 3, 0}));
  EXPECT_FALSE(available(bench.out("Magnitude")));
}

TEST(MainsSignallingEvaluation, MarksTheMagnitudeOfAnIntervalThatWasDisturbed) {
  Bench bench;
  bench.feed(3, 7, {Quality::disturbed}).feed(3, 8);
  EXPECT_TRUE(bench.value("Magnitude").quality.has(Quality::disturbed));
  bench.feed(3);
  EXPECT_FALSE(bench.value("Magnitude").quality.has(Quality::disturbed));
}

TEST(MainsSignallingEvaluation, TellsASignalAsADisturbance) {
  Bench bench({{"Record Threshold", "2"}, {"Signal EvPriority", "50"}});
  bench.feed(1, 5).feed(3, 8);
  EXPECT_EQ(bench.out("Signal"), 1);
  bench.feed(4, 2).feed(1, 10);
  EXPECT_EQ(bench.out("Signal"), 0);
  ASSERT_EQ(bench.disturbances().size(), 1u);
  const auto& told = bench.disturbances()[0];
  EXPECT_EQ(told.type, "mains-signal");
  EXPECT_NEAR(seconds_between({}, told.time), 1, 1e-9);
  EXPECT_NEAR(seconds_between({}, told.end), 3, 1e-9) << "the begin of the window that released it";
  EXPECT_NEAR(told.extreme, 9.2, 1e-5);
  EXPECT_TRUE(told.per_channel[0].affected);
}

TEST(MainsSignallingEvaluation, TellsALongSignalOnce) {
  Bench bench({{"Record Threshold", "2"}, {"Record Duration", "2"}, {"Signal EvPriority", "50"}});
  bench.feed(3, 100).feed(1, 1).feed(3, 2);
  bench.finish();
  ASSERT_EQ(bench.disturbances().size(), 2u);
  EXPECT_NEAR(seconds_between(bench.disturbances()[0].time, bench.disturbances()[0].end), 2, 1e-9);
  EXPECT_TRUE(bench.disturbances()[1].open);
}

// Covers: PQ-062
TEST(MainsSignallingEvaluation, GoesOnFromItsRetainedState) {
  Bench before, after;
  before.feed(9.1).feed(1);
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), type.descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  EXPECT_EQ(after.feed(1).counts(), (Counts{3, 0, 1}));
  EXPECT_NEAR(after.out("Highest"), 9.1, 1e-5);
  after.pulse("Reset");
  after.feed(1, 1);
  EXPECT_FALSE(available(after.out("Num Valid")));
}

}  // namespace
}  // namespace polyphase::modules::evaluation
