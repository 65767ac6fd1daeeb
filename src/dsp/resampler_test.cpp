#include "dsp/resampler.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace polyphase::dsp {
namespace {

TEST(Resampler, FindsASineBetweenItsSamplesOnceItsResponseIsTakenOut) {
  Resampler resampler({});
  std::vector<LaneFrame> ring(1024);
  for (const double f : {0.01, 0.1, 0.25, 0.4}) {
    for (std::size_t n = 0; n < ring.size(); ++n)
      ring[n][3] =
          static_cast<float>(std::cos(2 * std::numbers::pi * f * static_cast<double>(n) + 0.3));
    double worst = 0;
    for (double at = 100; at < 900; at += 0.37) {
      LaneFrame out;
      resampler.resample(ring.data(), ring.size() - 1, {&at, 1}, {&out, 1});
      const double exact = std::cos(2 * std::numbers::pi * f * at + 0.3);
      worst =
          std::max(worst, std::abs(static_cast<double>(out[3]) * resampler.correction(f) - exact));
    }
    EXPECT_LT(worst, f < 0.3 ? 6e-5 : 2e-3) << f;  // near the band edge its image comes through
  }
}

TEST(Resampler, TakesAwayWhatLiesAboveTheBandItIsWidenedFor) {
  const Resampler wide({24, 8, 4});
  EXPECT_NEAR(wide.correction(0.08), 1.0, 1e-3);
  EXPECT_GT(std::abs(wide.correction(0.2)), 1e4);
}

}  // namespace
}  // namespace polyphase::dsp
