#include "dsp/edge.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "dsp/kaiser.hpp"

namespace polyphase::dsp {
namespace {

TEST(EdgeWeights, RiseLikeTheIntegralOfAKaiserWindow) {
  const EdgeWeights edge(EdgeWeights::Kind::kaiser_12);
  const auto integral = [](double u) {
    double sum = 0;
    constexpr double step = 1e-4;
    for (double x = -6 + step / 2; x < u; x += step) sum += kaiser(x, 6, 7) * step;
    return sum;
  };
  const double total = integral(6);
  for (const double fraction : {0.0, 0.31, 0.9999}) {
    std::array<float, 12> c;
    edge.step(fraction, c);
    for (std::size_t n = 0; n < c.size(); ++n)
      EXPECT_NEAR(static_cast<double>(c[n]),
                  integral(static_cast<double>(n) - 5 - fraction) / total, 1e-4);
  }
}

TEST(EdgeWeights, MirrorThemselves) {
  for (const auto kind : {EdgeWeights::Kind::kaiser_12, EdgeWeights::Kind::b_spline_4}) {
    const EdgeWeights edge(kind);
    std::vector<float> one(2 * edge.reach()), other(one);
    for (double fraction = 0.0371; fraction < 1; fraction += 0.0371) {
      edge.step(fraction, one);
      edge.step(1 - fraction, other);
      for (std::size_t n = 0; n < one.size(); ++n)
        EXPECT_NEAR(static_cast<double>(one[n] + other[one.size() - 1 - n]), 1, 1e-6);
    }
  }
}

// The weights of an interval add up to its length: what c(u) rises to, less the fraction of the
// edge.
TEST(EdgeWeights, MeasureTheLengthOfAnInterval) {
  const EdgeWeights edge(EdgeWeights::Kind::kaiser_12);
  std::array<float, 12> c;
  for (double fraction = 0; fraction < 1; fraction += 0.0173) {
    edge.step(fraction, c);
    double sum = 0;
    for (const float w : c) sum += static_cast<double>(w);
    EXPECT_NEAR(sum, 6.5 - fraction, 2e-4);
  }
}

}  // namespace
}  // namespace polyphase::dsp
