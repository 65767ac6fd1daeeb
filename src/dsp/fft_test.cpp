#include "dsp/fft.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

namespace polyphase::dsp {
namespace {

float pseudo_random(std::size_t n) {
  return static_cast<float>(std::sin(static_cast<double>(n * n % 9973) * 1.7) +
                            0.3 * std::cos(static_cast<double>(n)));
}

TEST(RealFft, EqualsTheSlowTransformForEveryLengthInUse) {
  for (const std::size_t length :
       {2u, 4u, 6u, 10u, 24u, 60u, 1280u, 1536u, 1600u, 1920u, 2000u, 2400u, 2560u, 2880u, 3072u}) {
    std::vector<LaneFrame> x(length);
    for (std::size_t n = 0; n < length; ++n)
      for (std::size_t l = 0; l < lanes; ++l) x[n][l] = pseudo_random(n * lanes + l);
    RealFft fft(length);
    std::vector<LaneComplex> spectrum(length / 2);
    fft.transform(x, spectrum);
    for (std::size_t k = 0; k < length / 2; k += std::max<std::size_t>(1, length / 61))
      for (const std::size_t l : {std::size_t{0}, lanes - 1}) {
        std::complex<double> exact = 0;
        for (std::size_t n = 0; n < length; ++n)
          exact += static_cast<double>(x[n][l]) *
                   std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k * n % length) /
                                       static_cast<double>(length));
        const double tolerance = 2e-6 * std::sqrt(static_cast<double>(length)) * 4;
        EXPECT_NEAR(static_cast<double>(spectrum[k].re[l]), exact.real(), tolerance)
            << length << " " << k;
        EXPECT_NEAR(static_cast<double>(spectrum[k].im[l]), exact.imag(), tolerance)
            << length << " " << k;
      }
  }
}

}  // namespace
}  // namespace polyphase::dsp
