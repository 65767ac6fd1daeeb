#include <gtest/gtest.h>

#include <memory>

#include "graph/module_bench.hpp"
#include "metering/datasets.hpp"
#include "modules/spectrum_orders/spectrum_orders.hpp"
#include "pq/spectrum_aggregate.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::spectrum_orders {
namespace {

using graph::available;

constexpr graph::ModuleType type{extremes_descriptor, create_extremes};

/// Aggregates of 3 s of a voltage of 230 V at V2.
class Bench : public graph::ModuleBench {
 public:
  explicit Bench(const char* interharmonics = "on") : ModuleBench(type) {
    EXPECT_TRUE(set("Channel", "V2"));
    EXPECT_TRUE(set("Interharmonics", interharmonics));
    EXPECT_TRUE(configure());
    spectrum->order_max = 63;
    spectrum->present = 0xff;
    spectrum->windows = 15;
    spectrum->subgroup[1][1] = 230;
    dataset("Spectrum", spectrum.get());
  }
  /// Percent of the 5th, and of what is above it.
  Bench& aggregate(double fifth, double above = 0) {
    spectrum->subgroup[5][1] = static_cast<float>(2.3 * fifth);
    spectrum->interharmonic[5][1] = static_cast<float>(2.3 * above);
    spectrum->begin = spectrum->end;
    spectrum->end = spectrum->end.plus_s(3);
    return window();
  }
  Bench& window() {
    run(graph::Cadence::window, spectrum->end, 0.2);
    return *this;
  }
  Bench& reset() {
    pulse("Reset");
    return window();
  }
  std::unique_ptr<pq::SpectrumAggregate> spectrum = std::make_unique<pq::SpectrumAggregate>();
};

// Covers: RST-010
TEST(HarmonicExtremes, AreTheLowestAndHighestAggregateOfEachOrderWithItsTime) {
  Bench bench;
  bench.aggregate(4, 0.3).aggregate(6, 0.1).aggregate(5, 0.2);
  EXPECT_NEAR(bench.out("H5 mn"), 4, 1e-5);
  EXPECT_NEAR(bench.out("H5 mx"), 6, 1e-5);
  EXPECT_NEAR(bench.out("IH5 mn"), 0.1, 1e-6);
  EXPECT_NEAR(bench.out("IH5 mx"), 0.3, 1e-6);
  EXPECT_EQ(bench.value("H5 mn").time, Instant{}.plus_s(3));
  EXPECT_EQ(bench.value("H5 mx").time, Instant{}.plus_s(6));
  EXPECT_EQ(bench.out("H63 mx"), 0);
}

TEST(HarmonicExtremes, LeaveOutWhatIsFlaggedAndWhereThereIsNoFundamental) {
  Bench bench;
  bench.aggregate(4);
  bench.spectrum->quality.add(Quality::disturbed);
  bench.aggregate(80);
  bench.spectrum->quality = {};
  bench.spectrum->subgroup[1][1] = 0;
  bench.aggregate(3);
  bench.spectrum->subgroup[1][1] = 230;
  bench.spectrum->present = 0xfd;
  bench.aggregate(2);
  EXPECT_NEAR(bench.out("H5 mx"), 4, 1e-5);
  EXPECT_NEAR(bench.out("H5 mn"), 4, 1e-5);
}

// Covers: RST-010
TEST(HarmonicExtremes, BeginAnewWithWhatWasMeasuredWhollyAfterAReset) {
  Bench bench;
  bench.aggregate(4).aggregate(6).reset();
  EXPECT_FALSE(available(bench.out("H5 mn")));
  EXPECT_FALSE(available(bench.out("H5 mx")));
  bench.window();
  EXPECT_FALSE(available(bench.out("H5 mx"))) << "the aggregate from before";
  bench.spectrum->end = bench.spectrum->end.plus_s(-1);
  bench.aggregate(5);
  EXPECT_FALSE(available(bench.out("H5 mx"))) << "began before the reset";
  bench.aggregate(5.5);
  EXPECT_NEAR(bench.out("H5 mx"), 5.5, 1e-5);
  EXPECT_NEAR(bench.out("H5 mn"), 5.5, 1e-5);
  ASSERT_EQ(bench.events().size(), 1u);
  EXPECT_EQ(bench.events()[0].text, "reset");
}

TEST(HarmonicExtremes, GoOnAfterARestart) {
  Bench before, after;
  before.aggregate(4, 0.3).aggregate(6, 0.1);
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), extremes_descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  after.spectrum->end = before.spectrum->end.plus_s(100);
  after.aggregate(5, 0.2);
  for (const char* name : {"H5 mn", "H5 mx", "IH5 mn", "IH5 mx", "H63 mx"}) {
    EXPECT_EQ(after.out(name), before.out(name)) << name;
    EXPECT_EQ(after.value(name).time, before.value(name).time) << name;
  }
}

TEST(HarmonicExtremes, EndAtTheHighestOrderOfTheMeterAndOfTheSpectrum) {
  Bench bench("off");
  bench.spectrum->order_max = 40;
  bench.aggregate(4, 0.3);
  EXPECT_EQ(bench.out("H40 mx"), 0);
  EXPECT_FALSE(available(bench.out("H41 mx")));
  EXPECT_FALSE(available(bench.out("IH5 mx")));
  EXPECT_TRUE(bench.set("Highest Order", "31"));
  EXPECT_TRUE(bench.configure());
  bench.reset().aggregate(4);
  EXPECT_EQ(bench.out("H31 mx"), 0);
  EXPECT_FALSE(available(bench.out("H32 mx")));
}

TEST(HarmonicExtremes, TakeWindowsWhereThereIsNoAggregate) {
  graph::ModuleBench bench(type);
  auto spectrum = std::make_unique<metering::Window>();
  spectrum->order_max = 63;
  spectrum->subgroup[1][0] = 100;
  metering::WindowData data;
  data.window = spectrum.get();
  data.present = 0xff;
  bench.dataset("Window", &data);
  const auto measure = [&](float fifth, double at_s, Quality quality = {}) {
    spectrum->subgroup[5][0] = fifth;
    bench.run(graph::Cadence::window, Instant{}.plus_s(at_s), 0.2, quality);
  };
  measure(4, 0.2);
  measure(7, 0.4);
  Quality flagged;
  flagged.add(Quality::disturbed);
  measure(9, 0.6, flagged);
  EXPECT_NEAR(bench.out("H5 mn"), 4, 1e-6);
  EXPECT_NEAR(bench.out("H5 mx"), 7, 1e-6);
  spectrum->grouped = true;
  spectrum->harmonic_group[1][0] = 100;
  spectrum->harmonic_group[5][0] = 8;
  measure(7, 0.8);
  EXPECT_NEAR(bench.out("H5 mx"), 8, 1e-6);
}

TEST(HarmonicExtremes, BeginAnewWithAnotherSource) {
  Bench bench;
  bench.aggregate(4);
  bench.unlink("Spectrum");
  bench.window();
  EXPECT_FALSE(available(bench.out("H5 mx")));
}

}  // namespace
}  // namespace polyphase::modules::spectrum_orders
