#include "dsp/biquad.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace polyphase::dsp {
namespace {

constexpr double rate = 2'048;

double analogue(double frequency_hz) {
  return 2 * rate * std::tan(std::numbers::pi * frequency_hz / rate);
}

TEST(Biquad, HasTheAnalogueResponseAtTheBentFrequency) {
  const std::array<double, 3> n{3, 0.2, 1e-4}, d{5, 0.01, 3e-4};
  const Biquad section = bilinear(n, d, rate);
  for (const double hz : {0.01, 8.8, 100.0, 700.0}) {
    const std::complex<double> s{0, analogue(hz)};
    const auto wanted = (n[0] + s * (n[1] + s * n[2])) / (d[0] + s * (d[1] + s * d[2]));
    EXPECT_NEAR(std::abs(response(section, hz, rate) / wanted - 1.0), 0, 1e-9) << hz;
  }
}

TEST(Biquad, OfTheFirstOrderHasNoPoleThatAZeroHides) {
  const Biquad section = bilinear({0, 1, 0}, {0.3, 1, 0}, rate);
  EXPECT_EQ(section.a2, 0);
  EXPECT_EQ(section.b2, 0);
  const std::complex<double> s{0, analogue(20)};
  EXPECT_NEAR(std::abs(response(section, 20, rate) - s / (0.3 + s)), 0, 1e-12);
}

TEST(Biquad, ButterworthIsThreeDecibelDownAtItsCutOff) {
  for (const double cutoff : {35.0, 42.0, 300.0}) {
    const auto sections = butterworth_6(cutoff, rate);
    const auto gain = [&](double hz) {
      double product = 1;
      for (const Biquad& s : sections) product *= std::abs(response(s, hz, rate));
      return product;
    };
    for (const double hz : {0.001, cutoff / 3, cutoff, 2 * cutoff})
      EXPECT_NEAR(gain(hz), 1 / std::sqrt(1 + std::pow(analogue(hz) / analogue(cutoff), 12)), 1e-9);
  }
}

// The kernel does what response() says: four voltages, sections one after the other.
TEST(Biquad, CascadeHasTheResponseOfItsSections) {
  for (const Kernels& set : kernels_available()) {
    std::vector<Biquad> sections(4, bilinear({1, 0.01, 0}, {1, 0.02, 1e-4}, rate));
    sections.push_back(bilinear({0, 1, 0}, {40, 1, 0}, rate));
    constexpr double hz = 32;
    std::vector<double> state(sections.size() * 8), x;
    for (int n = 0; n < 4'096; ++n)
      for (int l = 0; l < 4; ++l)
        x.push_back((l + 1) * std::cos(2 * std::numbers::pi * hz * n / rate));
    for (std::size_t first = 0; first < 4'096; first += 64)
      set.filters->cascade(sections.data(), sections.size(), state.data(), &x[4 * first], 64);
    std::complex<double> wanted = 1;
    for (const Biquad& s : sections) wanted *= response(s, hz, rate);
    for (std::size_t n = 4'000; n < 4'096; ++n)
      for (std::size_t l = 0; l < 4; ++l)
        EXPECT_NEAR(
            x[4 * n + l] / static_cast<double>(l + 1),
            (wanted * std::polar(1.0, 2 * std::numbers::pi * hz * static_cast<double>(n) / rate))
                .real(),
            1e-9);
  }
}

TEST(Biquad, SquaresAreSummedAndSmoothed) {
  std::vector<float> x;
  for (int n = 0; n < 8 * 35; ++n) x.push_back(static_cast<float>(n % 17 - 8));
  const Biquad section = bilinear({1, 0, 0}, {1, 0.01, 0}, rate);
  for (const Kernels& set : kernels_available()) {
    std::vector<double> out(4 * 5), total(4, 1), state(8), smooth(4);
    const std::vector<double> factor{1, 2, 3, 4};
    set.filters->square_sums(x.data(), 7, 5, factor.data(), out.data(), total.data());
    set.filters->smooth_squares(&section, state.data(), out.data(), 5, smooth.data());
    for (std::size_t l = 0; l < 4; ++l) {
      double all = 1, y = 0, before = 0;
      for (std::size_t n = 0; n < 5; ++n) {
        double sum = 0;
        for (std::size_t i = 0; i < 7; ++i)
          sum += std::pow(static_cast<double>(x[8 * (7 * n + i) + l]), 2);
        all += sum;
        EXPECT_NEAR(out[4 * n + l], factor[l] * sum, 1e-5);
        const double square = std::pow(factor[l] * sum, 2);
        y = section.b0 * square + section.b1 * before - section.a1 * y;
        before = square;
      }
      EXPECT_NEAR(total[l], all, 1e-5);
      EXPECT_NEAR(smooth[l] / y, 1, 1e-12);
    }
  }
}

}  // namespace
}  // namespace polyphase::dsp
