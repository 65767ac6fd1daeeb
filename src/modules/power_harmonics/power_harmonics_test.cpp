#include "modules/power_harmonics/power_harmonics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>

#include "graph/module_bench.hpp"
#include "metering/datasets.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::power_harmonics {
namespace {

using graph::available;

constexpr graph::ModuleType type{descriptor, create};

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(const char* order = "5") : ModuleBench(type) {
    EXPECT_TRUE(set("Harmonic Number", order));
    EXPECT_TRUE(configure());
    spectrum->order_max = 40;
    data.window = spectrum.get();
    data.present = 0x77;
    dataset("Window", &data);
  }
  Bench& phasor(unsigned order, std::size_t channel, double rms, double degrees) {
    spectrum->phasor[order][channel] =
        std::complex<float>(std::polar(rms, degrees * std::numbers::pi / 180));
    return *this;
  }
  Bench& measure() {
    run(graph::Cadence::window, {}, 0.2);
    return *this;
  }
  std::unique_ptr<metering::Window> spectrum = std::make_unique<metering::Window>();
  metering::WindowData data;
};

TEST(PowerHarmonics, GivesThePowersOfOneOrder) {
  Bench bench;
  bench.phasor(1, 0, 230, 10).phasor(5, 0, 10, 80).phasor(5, 4, 2, 20).measure();
  EXPECT_NEAR(bench.out("V1"), 10, 1e-5);
  EXPECT_NEAR(bench.out("I1"), 2, 1e-6);
  EXPECT_NEAR(bench.out("kW 1"), 0.010, 1e-7) << "20 VA at 60 degrees";
  EXPECT_NEAR(bench.out("kVAR 1"), 0.020 * std::sqrt(3) / 2, 1e-7);
  EXPECT_NEAR(bench.out("kVA 1"), 0.020, 1e-7);
  EXPECT_NEAR(bench.out("V1 Ang"), 30, 1e-4) << "80 less five times 10 degrees";
  EXPECT_NEAR(bench.out("I1 Ang"), -30, 1e-4);
  EXPECT_NEAR(bench.out("Phase Ang 1"), 60, 1e-4);
}

TEST(PowerHarmonics, AddsUpThePhases) {
  Bench bench("7");
  for (std::size_t p = 0; p < 3; ++p)
    bench.phasor(7, p, 10, 0).phasor(7, 4 + p, 2, p == 2 ? 180 : 0);
  bench.measure();
  EXPECT_NEAR(bench.out("kW Total"), 0.020, 1e-7) << "one phase takes what another gives";
  EXPECT_NEAR(bench.out("kVA Total"), 0.020, 1e-7);
}

TEST(PowerHarmonics, TakesLineVoltagesAgainstTheirVirtualNeutral) {
  Bench bench;
  bench.data.connection = metering::Connection::delta;
  const double line = 10 * std::sqrt(3);
  for (std::size_t p = 0; p < 3; ++p) {
    const double a =
        -120.0 * static_cast<double>(p);  // of the phase voltage; that to the next leads by 30
    bench.phasor(5, p, line, a + 30).phasor(5, 4 + p, 2, a);
  }
  bench.measure();
  EXPECT_NEAR(bench.out("V1"), line, 1e-5) << "what is measured";
  EXPECT_NEAR(bench.out("kW Total"), 3 * 0.020, 1e-6);
  EXPECT_NEAR(bench.out("kVAR Total"), 0, 1e-6);
}

TEST(PowerHarmonics, HasNothingBeyondWhatTheRateCarriesOrIsThere) {
  Bench beyond("41");
  beyond.measure();
  EXPECT_FALSE(available(beyond.out("kW Total")));
  Bench bench;
  bench.data.present = 0x73;  // no V3
  bench.phasor(5, 0, 1, 0).phasor(5, 4, 1, 0).measure();
  EXPECT_TRUE(available(bench.out("kW 1")));
  EXPECT_FALSE(available(bench.out("kW 3")));
  EXPECT_FALSE(available(bench.out("kW Total")));
}

}  // namespace
}  // namespace polyphase::modules::power_harmonics
