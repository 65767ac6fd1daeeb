#include <gtest/gtest.h>

#include <memory>

#include "graph/module_bench.hpp"
#include "modules/evaluation/evaluation.hpp"
#include "modules/evaluation/limits.hpp"
#include "pq/spectrum_aggregate.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::evaluation {
namespace {

using graph::available;
using graph::Cadence;
using Settings = std::initializer_list<std::pair<const char*, const char*>>;
using Counts = std::vector<double>;

constexpr graph::ModuleType type{harmonics_descriptor, create_harmonics};

/// A voltage of 230 V, or a current of 100 A.
class Bench : public graph::ModuleBench {
 public:
  explicit Bench(Settings settings = {}) : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
    spectrum->order_max = 63;
    spectrum->present = 0x77;
    spectrum->windows = 3'000;
    for (std::size_t c = 0; c < channel_count; ++c) spectrum->subgroup[1][c] = c < 4 ? 230 : 100;
    dataset("Source", spectrum.get());
  }
  /// Percent of 230 V, or of 100 A.
  Bench& harmonic(unsigned order, double percent, Channel c = Channel::v1) {
    const auto i = static_cast<std::size_t>(c);
    spectrum->subgroup[order][i] = static_cast<float>(percent * (i < 4 ? 2.3 : 1));
    return *this;
  }
  Bench& measure(int times = 1) {
    for (int i = 0; i < times; ++i) {
      pulse("Evaluate");
      run(Cadence::window, {}, 0.2);
    }
    return *this;
  }
  Counts counts() const {
    return {out("Num Valid"), out("Num Invalid"), out("Num Exceed 1"), out("Num Exceed 2")};
  }
  std::unique_ptr<pq::SpectrumAggregate> spectrum = std::make_unique<pq::SpectrumAggregate>();
};

// Covers: PQ-061
TEST(HarmonicsEvaluation, CountsIntervalsBeyondTheLimitsOfEn50160) {
  Bench bench;
  bench.harmonic(5, 5.9).measure();
  EXPECT_EQ(bench.counts(), (Counts{1, 0, 0, 0}));
  bench.harmonic(5, 6.1).measure();
  EXPECT_EQ(bench.counts(), (Counts{2, 0, 1, 0}));
  bench.harmonic(5, 0).harmonic(15, 0.6).measure();
  EXPECT_EQ(bench.counts(), (Counts{3, 0, 2, 0}));
  bench.harmonic(15, 0).harmonic(29, 8.1).measure();
  EXPECT_EQ(bench.counts(), (Counts{4, 0, 2, 1})) << "no limit of its own above the 25th";
  bench.harmonic(29, 0).harmonic(41, 9).measure();
  EXPECT_EQ(bench.counts(), (Counts{5, 0, 2, 1})) << "the total counts to the 40th";
  EXPECT_EQ(bench.out("Exceed Ratio 1"), 40);
  EXPECT_EQ(bench.out("Exceed Ratio 2"), 20);
  EXPECT_EQ(bench.pulses("Exceeded"), 3u);
  EXPECT_EQ(bench.events().size(), 3u);
}

// 4 of 100 intervals with a 5th too high, 4 others with a 7th: 8 intervals exceed, and yet each
// order complies by its own percentile.
TEST(HarmonicsEvaluation, JudgesEachOrderByItsOwnPercentile) {
  Bench bench;
  bench.harmonic(5, 7).measure(4).harmonic(5, 0).harmonic(7, 7).measure(4);
  bench.harmonic(7, 0).measure(92);
  EXPECT_EQ(bench.out("Exceed Ratio 1"), 8);
  EXPECT_EQ(bench.out("Worst Ratio"), 4);
  EXPECT_EQ(bench.out("Worst Order"), 5);
  EXPECT_EQ(bench.out("Orders Comply"), 1);
  bench.harmonic(7, 7).measure(2);
  EXPECT_EQ(bench.out("Worst Order"), 7);
  EXPECT_EQ(bench.out("Orders Comply"), 0);
}

// Covers: PQ-063
TEST(HarmonicsEvaluation, RelatesCurrentsToTheDemandAndTakesTheLimitsOfIeee519) {
  Bench bench({{"Channel", "I1"}, {"Limits", "IEEE 519"}, {"Highest Order", "50"}});
  bench.input("Edition", 1);
  bench.input("Bus Voltage", 1);
  bench.input("Short Circuit Current", 3'000);
  bench.harmonic(5, 6.9, Channel::i1);
  bench.measure();
  EXPECT_EQ(bench.counts(), (Counts{0, 1, 0, 0})) << "without the demand current no limits";
  bench.input("Base", 100);
  bench.measure();
  EXPECT_EQ(bench.counts(), (Counts{1, 1, 0, 0})) << "7 % where I_SC is 30 I_L";
  bench.input("Base", 200);  // 3.45 % of it; and 15 I_L
  bench.measure();
  EXPECT_EQ(bench.counts(), (Counts{2, 1, 0, 0}));
  EXPECT_NEAR(bench.out("Total"), 3.45, 1e-6);
  EXPECT_NEAR(bench.out("Load"), 100 * 3.45 / 4, 1e-5);
  bench.harmonic(5, 8.1, Channel::i1).measure();
  EXPECT_EQ(bench.counts(), (Counts{3, 1, 1, 0}));
  bench.harmonic(5, 7, Channel::i1).harmonic(7, 7.9, Channel::i1).measure();
  EXPECT_EQ(bench.counts(), (Counts{4, 1, 1, 1})) << "5 % TDD";
}

TEST(HarmonicsEvaluation, MultipliesEveryLimit) {
  Bench bench({{"Limit Factor", "1.5"}});
  bench.harmonic(5, 8.9).measure().harmonic(5, 9.1).measure();
  EXPECT_EQ(bench.counts(), (Counts{2, 0, 1, 0}));
}

TEST(HarmonicsEvaluation, TakesLimitsFromAListAndInterharmonicsAmongThem) {
  Bench bench({{"Limits", "CUSTOM"}, {"Custom Limits", "5=2; i5=0.5"}, {"Total Limit", "3"}});
  bench.harmonic(7, 2.9).measure();
  EXPECT_EQ(bench.counts(), (Counts{1, 0, 0, 0}));
  bench.spectrum->interharmonic[5][0] = 0.6f * 2.3f;
  bench.measure();
  EXPECT_EQ(bench.counts(), (Counts{2, 0, 1, 0}));
}

TEST(HarmonicsEvaluation, RefusesALimitThatIsNone) {
  for (const char* text : {"5", "5=", "5=x", "1=2", "64=1", "5=-1", "i=1", "5=1,7=2", "5=nan"})
    EXPECT_FALSE(parse_limits(text)) << text;
  EXPECT_TRUE(parse_limits(""));
  EXPECT_TRUE(parse_limits("63=1;i63=1;"));
}

TEST(HarmonicsEvaluation, LeavesOutWhatIsFlaggedOrNotThere) {
  Bench bench, counting({{"Flagged", "COUNT"}}), missing({{"Channel", "V4"}});
  for (Bench* b : {&bench, &counting}) {
    b->spectrum->quality.add(Quality::disturbed);
    b->harmonic(5, 7).measure();
  }
  EXPECT_EQ(bench.counts(), (Counts{0, 1, 0, 0}));
  EXPECT_EQ(counting.counts(), (Counts{1, 0, 1, 0}));
  EXPECT_EQ(missing.measure().counts(), (Counts{0, 1, 0, 0}));
  Bench idle;
  idle.spectrum->subgroup[1][0] = 0;
  EXPECT_EQ(idle.measure().counts(), (Counts{0, 1, 0, 0}));
}

TEST(HarmonicsEvaluation, GivesPercentiles) {
  Bench bench;
  bench.harmonic(5, 3).measure(95).harmonic(5, 5).measure(5);
  EXPECT_NEAR(bench.out("Total Percentile"), 3, 3 * 0.0091);
  EXPECT_NEAR(bench.out("Load Percentile"), 50, 50 * 0.0091);
  EXPECT_EQ(bench.value("Total Percentile").quality, Quality{});
}

// Covers: PQ-062
TEST(HarmonicsEvaluation, GoesOnFromItsRetainedStateAndSaysThatPercentilesDoNot) {
  Bench before, after;
  before.harmonic(5, 7).measure(3);
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), type.descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  after.measure();
  EXPECT_EQ(after.counts(), (Counts{4, 0, 3, 0}));
  EXPECT_EQ(after.out("Worst Order"), 5);
  EXPECT_TRUE(after.value("Total Percentile").quality.has(Quality::partial));
  after.pulse("Reset");
  after.run(Cadence::window, {}, 0.2);
  EXPECT_FALSE(available(after.out("Num Valid")));
  after.measure();
  EXPECT_EQ(after.counts(), (Counts{1, 0, 0, 0}));
  EXPECT_FALSE(after.value("Total Percentile").quality.has(Quality::partial));
}

}  // namespace
}  // namespace polyphase::modules::evaluation
