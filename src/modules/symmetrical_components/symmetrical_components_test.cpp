#include "modules/symmetrical_components/symmetrical_components.hpp"

#include <gtest/gtest.h>

#include <numbers>

#include "graph/module_bench.hpp"
#include "metering/datasets.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::symmetrical_components {
namespace {

using graph::available;

constexpr graph::ModuleType type{descriptor, create};

std::complex<double> at(double size, double degrees) {
  return std::polar(size, degrees * std::numbers::pi / 180);
}

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(const char* quantity = "VOLTAGE") : ModuleBench(type) {
    EXPECT_TRUE(set("Quantity", quantity));
    EXPECT_TRUE(configure());
    interval.present = 0xff;
    // V1 does not lie at zero: angles are to it.
    interval.means.fundamental = {at(230, 30), at(220, -88), at(235, 151), 0,
                                  at(5, 10),   at(4, -100),  at(6, 140),   0};
    dataset("Interval", &interval);
  }
  Bench& measure() {
    run(graph::Cadence::window, {}, 0.2);
    return *this;
  }
  metering::IntervalData interval;
};

// Covers: MEA-018
TEST(SymmetricalComponentsModule, GivesSequencesAndUnbalanceOfTheVoltages) {
  Bench bench;
  bench.measure();
  EXPECT_NEAR(bench.out("PosSeqMag"), 228.3105, 5e-5);
  EXPECT_NEAR(bench.out("NegSeqMag"), 6.3240, 5e-5);
  EXPECT_NEAR(bench.out("ZeroSeqMag"), 3.0537, 5e-5);
  EXPECT_NEAR(bench.out("u2"), 2.7699, 5e-5);
  EXPECT_NEAR(bench.out("u0"), 1.3375, 5e-5);
}

TEST(SymmetricalComponentsModule, MeasuresAnglesFromV1) {
  Bench bench;
  const auto turn = at(1, 120);
  const auto v1 = at(100, 77);
  for (std::size_t p = 0; p < 3; ++p) {
    const auto back = p == 0 ? 1.0 : p == 1 ? std::conj(turn) : turn;
    bench.interval.means.fundamental[p] = v1 * back;
  }
  bench.measure();
  EXPECT_NEAR(bench.out("PosSeqPhs"), 0, 1e-9);
}

TEST(SymmetricalComponentsModule, TakesTheCurrentsWhereToldSo) {
  Bench bench("CURRENT");
  for (std::size_t p = 0; p < 3; ++p)
    bench.interval.means.fundamental[4 + p] = at(10, 30 - 20 - 120.0 * static_cast<double>(p));
  bench.measure();
  EXPECT_NEAR(bench.out("PosSeqMag"), 10, 1e-12);
  EXPECT_NEAR(bench.out("PosSeqPhs"), -20, 1e-9) << "lags V1 by 20 degrees";
  EXPECT_NEAR(bench.out("u2"), 0, 1e-12);
  EXPECT_EQ(bench.unit("PosSeqMag", {}), "A");
}

TEST(SymmetricalComponentsModule, FollowsThePhaseOrder) {
  Bench bench;
  bench.input("PhaseOrder", 1);
  bench.measure();
  EXPECT_NEAR(bench.out("NegSeqMag"), 228.3105, 5e-5);
}

TEST(SymmetricalComponentsModule, HasNoZeroSequenceOfLineVoltages) {
  Bench bench;
  bench.interval.connection = metering::Connection::delta;
  bench.measure();
  EXPECT_TRUE(available(bench.out("u2")));
  for (const char* output : {"ZeroSeqMag", "ZeroSeqPhs", "u0"})
    EXPECT_FALSE(available(bench.out(output)));
}

TEST(SymmetricalComponentsModule, HasNothingWithoutThreePhases) {
  Bench missing, single;
  missing.interval.present = 0xfb;
  single.input("Volts Mode", 3);
  for (Bench* bench : {&missing, &single}) {
    bench->measure();
    for (const auto& output : descriptor().outputs)
      EXPECT_FALSE(available(bench->out(output.name))) << output.name;
  }
}

TEST(SymmetricalComponentsModule, HandsOnTheQualityOfItsChannels) {
  Bench bench;
  bench.interval.quality[1].add(Quality::clipped);
  bench.interval.quality[4].add(Quality::bridged);
  bench.measure();
  EXPECT_TRUE(bench.value("u2").quality.has(Quality::clipped));
  EXPECT_FALSE(bench.value("u2").quality.has(Quality::bridged));
}

}  // namespace
}  // namespace polyphase::modules::symmetrical_components
