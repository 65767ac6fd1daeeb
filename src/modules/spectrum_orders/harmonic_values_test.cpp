#include <gtest/gtest.h>

#include <memory>

#include "graph/module_bench.hpp"
#include "modules/spectrum_orders/spectrum_orders.hpp"
#include "pq/spectrum_aggregate.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::spectrum_orders {
namespace {

using graph::available;

constexpr graph::ModuleType type{values_descriptor, create_values};

/// An aggregate of a current of 50 A at I2.
class Bench : public graph::ModuleBench {
 public:
  Bench() : ModuleBench(type) {
    EXPECT_TRUE(set("Channel", "I2"));
    EXPECT_TRUE(configure());
    spectrum->order_max = 63;
    spectrum->present = 0xff;
    spectrum->windows = 3'000;
    spectrum->end = Instant{}.plus_s(600);
    spectrum->subgroup[1][i2] = 50;
    spectrum->subgroup[7][i2] = 4;
    spectrum->interharmonic[2][i2] = 1;
    dataset("Spectrum", spectrum.get());
  }
  Bench& window() {
    run(graph::Cadence::window, Instant{}.plus_s(600.1), 0.2);
    return *this;
  }
  static constexpr std::size_t i2 = static_cast<std::size_t>(Channel::i2);
  std::unique_ptr<pq::SpectrumAggregate> spectrum = std::make_unique<pq::SpectrumAggregate>();
};

TEST(HarmonicValues, AreThoseOfTheAggregateWithItsTimeAndItsFlag) {
  Bench bench;
  bench.spectrum->quality.add(Quality::disturbed);
  bench.window();
  EXPECT_EQ(bench.out("H1 mag"), 50);
  EXPECT_EQ(bench.out("H7 mag"), 4);
  EXPECT_EQ(bench.out("H50 mag"), 0);
  EXPECT_EQ(bench.out("IH2"), 2);
  EXPECT_EQ(bench.out("IH0"), 0);
  EXPECT_EQ(bench.value("H7 mag").time, Instant{}.plus_s(600));
  EXPECT_TRUE(bench.value("H7 mag").quality.has(Quality::disturbed));
  EXPECT_EQ(bench.unit("H7 mag", {}), "A");
}

TEST(HarmonicValues, StandUntilTheNextAggregate) {
  Bench bench;
  bench.window();
  bench.spectrum->subgroup[7][Bench::i2] = 5;
  EXPECT_EQ(bench.window().out("H7 mag"), 4);
  bench.spectrum->end = bench.spectrum->end.plus_s(600);
  EXPECT_EQ(bench.window().out("H7 mag"), 5);
}

TEST(HarmonicValues, AreNotAvailableWhereNothingWasMeasured) {
  Bench bench;
  bench.spectrum->order_max = 40;
  bench.window();
  EXPECT_EQ(bench.out("H40 mag"), 0);
  EXPECT_FALSE(available(bench.out("H41 mag")));
  EXPECT_FALSE(available(bench.out("IH41")));
  bench.spectrum->end = bench.spectrum->end.plus_s(600);
  bench.spectrum->subgroup[1][Bench::i2] = 0;
  bench.window();
  EXPECT_EQ(bench.out("H7 mag"), 4);
  EXPECT_FALSE(available(bench.out("IH2"))) << "percent of no fundamental";
  bench.spectrum->end = bench.spectrum->end.plus_s(600);
  bench.spectrum->present = 0x0f;
  EXPECT_FALSE(available(bench.window().out("H7 mag")));
}

}  // namespace
}  // namespace polyphase::modules::spectrum_orders
