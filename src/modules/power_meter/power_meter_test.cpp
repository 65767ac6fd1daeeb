#include "modules/power_meter/power_meter.hpp"

#include <gtest/gtest.h>

#include "graph/module_bench.hpp"
#include "metering/datasets.hpp"

namespace polyphase::modules::power_meter {
namespace {

metering::IntervalData steady() {
  metering::IntervalData data;
  data.present = 0x77;
  for (std::size_t p = 0; p < 3; ++p) {
    data.means.rms[p] = 230;
    data.means.rms[4 + p] = 10;
    data.means.active_w[p] = data.means.active_fundamental_w[p] = 2000;
    data.means.reactive_fundamental_var[p] = 1000;
  }
  data.means.frequency_hz = 50;
  return data;
}

constexpr graph::ModuleType regular{descriptor, create};

TEST(PowerMeter, ShowsWhatWasMeasuredInKilo) {
  const metering::IntervalData data = steady();
  graph::ModuleBench bench(regular);
  bench.dataset("Interval", &data);
  bench.run(graph::Cadence::second, Instant{1'000'000'000}, 1);
  EXPECT_DOUBLE_EQ(bench.out("Vln a"), 230);
  EXPECT_DOUBLE_EQ(bench.out("kW tot"), 6);
  EXPECT_DOUBLE_EQ(bench.out("kVAR tot"), 3);
  EXPECT_DOUBLE_EQ(bench.out("Freq"), 50);
  EXPECT_FALSE(graph::available(bench.out("V4")));
}

// Covers: CMS-020, CMS-012
TEST(PowerMeter, ObeysItsSetupWithinItsBounds) {
  const metering::IntervalData data = steady();
  graph::ModuleBench bench(regular);
  ASSERT_TRUE(bench.set("Volts Mode", "SINGLE"));
  ASSERT_TRUE(bench.set("PF Sign", "IEC"));
  for (const auto& [name, value] : {std::pair{"PT Prim", "0"}, {"PT Prim", "1000000"}, {"CT Sec", "-1"}, {"Volts Mode", "STAR"}, {"PhaseOrder", "BCA"}})
    EXPECT_FALSE(bench.set(name, value)) << name << " " << value;
  bench.dataset("Interval", &data);
  bench.run(graph::Cadence::second, Instant{1'000'000'000}, 1);
  EXPECT_FALSE(graph::available(bench.out("Vln c")));
  EXPECT_DOUBLE_EQ(bench.out("kW tot"), 4);
  EXPECT_GT(bench.out("PF sign tot"), 0);
}

TEST(PowerMeter, HandsOnTheDoubtsAboutAChannelToWhatDependsOnIt) {
  metering::IntervalData data = steady();
  data.quality[4].add(Quality::clipped);
  graph::ModuleBench bench(regular);
  bench.dataset("Interval", &data);
  bench.run(graph::Cadence::second, Instant{1'000'000'000}, 1);
  EXPECT_TRUE(bench.value("I a").quality.has(Quality::clipped));
  EXPECT_TRUE(bench.value("kW tot").quality.has(Quality::clipped));
  EXPECT_FALSE(bench.value("I b").quality.has(Quality::clipped));
  EXPECT_FALSE(bench.value("Vln a").quality.has(Quality::clipped));
}

}  // namespace
}  // namespace polyphase::modules::power_meter
