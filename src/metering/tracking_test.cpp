// Frequency and boundaries: harmonics, noise, ramps, sags, interruptions, jumps.
#include <gtest/gtest.h>

#include "metering/measured.hpp"

namespace polyphase::metering {
namespace {

/// Mean frequency of the reference between two instants.
double frequency_of(const Measured& run, double from_s, double to_s) {
  const double turned =
      run.chain->phase_cycles_at(to_s * run.rate) - run.chain->phase_cycles_at(from_s * run.rate);
  return turned / (to_s - from_s);
}

/// Farthest that a boundary lies from where the phase a + 2 pi turns(t) puts it, in degrees.
double boundary_error_deg(const Measured& run, const std::function<double(double)>& half_cycles_at,
                          double from_s, double to_s) {
  double worst = 0;
  for (const HalfCycle& half : run.halves) {
    const double t = half.end / run.rate;
    if (t < from_s || t > to_s) continue;
    const double off = half_cycles_at(t);
    worst = std::max(worst, std::abs(off - std::round(off)) * 180);
  }
  return worst;
}

// Half cycles since the upward zero crossing of V1 of a Load.
std::function<double(double)> phase_of(double f) {
  return [f](double t) { return 2 * f * t + 0.4 / pi + 0.5; };
}

// Covers: MEA-017
TEST(Tracking, FollowsTheFrequencyToATenthOfAMillihertzOverAnyHarmonics) {
  for (const double rate : {800.0, 4000.0, 10240.0, 51'200.0})
    for (const double f : {42.5, 49.91, 50.0, 55.0, 60.02, 69.0}) {
      const Load load{.f = f, .harmonics = below(0.45 * rate, f)};
      const Measured run(rate, 1.6, load, f > 55 ? 60 : 50);
      EXPECT_NEAR(frequency_of(run, 0.5, 1.4), f, 1e-4) << rate;
      // Until it is tuned the second harmonic still reaches into the window.
      EXPECT_LT(boundary_error_deg(run, phase_of(f), 0, 2), 0.03) << rate << " " << f;
      EXPECT_LT(boundary_error_deg(run, phase_of(f), 0.25, 2), 0.002) << rate << " " << f;
    }
}

TEST(Tracking, HoldsAMillihertzInTenSecondsUnderNoiseAndInterharmonics) {
  Dice dice(7);
  const Load load{.f = 50.03, .harmonics = rich};
  const Measured run(4000, 11, [&](std::size_t c, double t) {
    // 40 dB below the fundamental, and 2 % at 90 Hz.
    const double noise = 2.3 * std::sqrt(3.0) * dice(-1, 1);
    return load(c, t) + (c < 4 ? noise + 0.02 * 325 * std::cos(2 * pi * 90 * t) : 0.0);
  });
  EXPECT_NEAR(frequency_of(run, 0.5, 10.5), 50.03, 1e-3);
  EXPECT_LT(boundary_error_deg(run, phase_of(50.03), 0.1, 11), 0.35);
}

TEST(Tracking, FollowsARampOfOneHertzASecond) {
  const Measured run(4000, 8, [](std::size_t c, double t) {
    return 325 * std::cos(2 * pi * (46 * t + 0.5 * t * t - static_cast<double>(c % 4) / 3));
  });
  for (const double t : {1.0, 3.0, 5.0, 7.0})
    EXPECT_NEAR(frequency_of(run, t - 0.1, t + 0.1), 46 + t, 2e-3);
  const auto phase = [](double t) { return 2 * (46 * t + 0.5 * t * t) + 0.5; };
  EXPECT_LT(boundary_error_deg(run, phase, 0.5, 8), 1.4);
}

TEST(Tracking, StaysInStepThroughASagToAFifth) {
  const Load load;
  const Measured run(4000, 3, [&](std::size_t c, double t) {
    return load(c, t) * (t > 1 && t < 1.2 ? 0.2 : 1.0);
  });
  EXPECT_LT(boundary_error_deg(run, phase_of(50), 0, 3), 0.7);
}

TEST(Tracking, LosesNoCycleThroughAnInterruptionOrAPhaseJump) {
  const Load load;
  const Measured run(4800, 6, [&](std::size_t c, double t) {
    if (t > 2 && t < 2.6) return 0.0;
    return load(c, t > 4 ? t + 60.0 / 360 / 50 : t);
  });
  const double cycles =
      run.chain->phase_cycles_at(5.8 * 4800) - run.chain->phase_cycles_at(0.2 * 4800);
  EXPECT_NEAR(cycles, 5.6 * 50 + 60.0 / 360, 0.02);
  std::int64_t number = run.halves.front().number;
  bool held = false;
  for (const HalfCycle& half : run.halves) {
    EXPECT_EQ(half.number, number++);
    held |= half.common.has(Quality::frequency_held);
    EXPECT_NEAR((half.end - half.begin) / 48, 1, 0.11);
  }
  EXPECT_TRUE(held);
}

TEST(Tracking, TakesAnotherReferenceWhenTheFirstVoltageIsLost) {
  const Load load;
  const Measured run(4800, 4,
                     [&](std::size_t c, double t) { return c == 0 && t > 2 ? 0.0 : load(c, t); });
  for (const HalfCycle& half : run.halves) {
    EXPECT_FALSE(half.common.has(Quality::frequency_held));
    if (half.begin > 0.2 * 4800 && half.begin < 3.8 * 4800) {
      EXPECT_NEAR((half.end - half.begin) / 48, 1, 0.005);
    }
  }
  EXPECT_NEAR(run.halves.back().rms[1], 230, 0.02);
  EXPECT_NEAR(run.halves.back().rms[0], 0, 1e-3);
}

TEST(Tracking, TakesUpWhateverComesAliveAfterADeadBeginning) {
  for (const std::size_t first_alive : {0u, 1u, 4u, 6u}) {
    const Load load{.f = 51};
    const Measured run(4800, 3, [&](std::size_t c, double t) {
      return t < 1 || c < first_alive ? 0.0 : load(c, t);
    });
    EXPECT_NEAR(frequency_of(run, 1.5, 2.8), 51, 1e-4) << first_alive;
    EXPECT_FALSE(run.halves.back().common.has(Quality::frequency_held)) << first_alive;
  }
}

}  // namespace
}  // namespace polyphase::metering
