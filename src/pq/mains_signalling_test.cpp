#include "pq/mains_signalling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <memory>
#include <numbers>

#include "fake_window.hpp"

namespace polyphase::pq {
namespace {

/// Bins of ten cycles of 50 Hz with a tone, by the definition of the transform.
std::unique_ptr<testing::FakeWindow> bins_of(double tone_hz, double tone_v) {
  auto bins = std::make_unique<testing::FakeWindow>();
  bins->spectrum.order_max = 20;
  constexpr int samples = 2'000;
  constexpr double pi = std::numbers::pi;
  for (std::size_t k = 1; k < 200; ++k) {
    std::complex<double> sum;
    for (int i = 0; i < samples; ++i) {
      const double t = 0.2 * i / samples;
      const double x = std::numbers::sqrt2 *
                       (230 * std::cos(2 * pi * 50 * t) + tone_v * std::cos(2 * pi * tone_hz * t));
      sum += x * std::polar(1.0, -2 * pi * static_cast<double>(k) * i / samples);
    }
    bins->rms[k] = static_cast<float>(std::abs(sum) * std::numbers::sqrt2 / samples);
  }
  return bins;
}

// The project's facts, section 11: four bins give 11.069 V of 11.5 V, a single one 17 % less.
TEST(MainsSignalling, TakesFourBinsBetweenBins) {
  const auto bins = bins_of(316.67, 11.5);
  EXPECT_NEAR(signalling_rms(bins->data, 0, 316.67, SignallingMethod::four_bins), 11.069, 0.05);
  EXPECT_NEAR(signalling_rms(bins->data, 0, 316.67, SignallingMethod::nearest_bin), 9.523, 0.05);
}

TEST(MainsSignalling, TakesABinAsItIsWhereTheFrequencyIsOnIt) {
  const auto bins = bins_of(175, 11.5);
  EXPECT_NEAR(signalling_rms(bins->data, 0, 175, SignallingMethod::nearest_bin), 11.5, 1e-4);
  EXPECT_NEAR(signalling_rms(bins->data, 0, 175, SignallingMethod::four_bins), 11.5, 1e-3);
}

TEST(MainsSignalling, IsNotThereBeyondTheBins) {
  EXPECT_TRUE(std::isnan(signalling_rms({}, 0, 175, SignallingMethod::four_bins)));
  testing::FakeWindow bins;
  bins.spectrum.order_max = 4;
  EXPECT_TRUE(std::isnan(signalling_rms(bins.data, 0, 200, SignallingMethod::nearest_bin)));
  EXPECT_EQ(signalling_rms(bins.data, 0, 195, SignallingMethod::nearest_bin), 0);
  EXPECT_TRUE(std::isnan(signalling_rms(bins.data, 0, 190, SignallingMethod::four_bins)));
  EXPECT_TRUE(std::isnan(signalling_rms(bins.data, 0, 0, SignallingMethod::nearest_bin)));
  EXPECT_TRUE(std::isnan(signalling_rms(bins.data, 3, 175, SignallingMethod::nearest_bin)))
      << "not there";
}

}  // namespace
}  // namespace polyphase::pq
