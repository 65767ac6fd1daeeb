// The numbers that the design asks for, against closed forms.
#include <gtest/gtest.h>

#include "metering/measured.hpp"

namespace polyphase::metering {
namespace {

// Power factors 1, 0.5 lagging and 0.25 leading, currents of 0.1, 100 and 200 % of 5 A.
Load points(double f, double rate) {
  return {.f = f,
          .voltage = 230,
          .current = {0.005, 5, 10},
          .lag = {0, std::acos(0.5), -std::acos(0.25)},
          .harmonics = below(0.45 * rate, f)};
}

// A tenth of class 0.2S is 0.02 %: met with a hundredth of it.
// Covers: MEA-012, MEA-015, PWR-001
TEST(Accuracy, OfPowersAndRmsIsATenthOfTheClassOrBetter) {
  for (const double rate : {2000.0, 4000.0, 4800.0, 10240.0, 14400.0, 44100.0, 51200.0})
    for (const double f : {42.5, 50.0, 57.5, 69.0}) {
      const Load load = points(f, rate);
      const Measured run(rate, 1.2, load, f > 55 ? 60 : 50);
      ASSERT_GT(run.halves.size(), 80u) << rate << " " << f;
      const Means means = run.means();
      const double limit = rate < 4000 ? 4e-5 : 1e-5;
      for (std::size_t p = 0; p < 3; ++p) {
        const double current = load.current[p];
        EXPECT_NEAR(means.rms[p] / 230 / load.rms_ratio(), 1, limit) << rate << " " << f;
        EXPECT_NEAR(means.rms[4 + p] / current / load.rms_ratio(), 1, limit) << rate << " " << f;
        EXPECT_NEAR(means.active_w[p] / load.active_w(p), 1, 5 * limit) << rate << " " << f;
        EXPECT_NEAR((means.reactive_fundamental_var[p] - load.reactive_var(p)) / (230 * current), 0,
                    2 * limit)
            << rate << " " << f;
      }
    }
}

// Covers: MEA-010
TEST(Accuracy, OfEveryHalfCyclesRmsIsAHundredthOfAPercent) {
  for (const double rate : {4000.0, 10240.0, 14400.0})
    for (const double f : {42.5, 49.7, 57.5, 69.0}) {
      const Load load = points(f, rate);
      const Measured run(rate, 0.8, load, f > 55 ? 60 : 50);
      for (std::size_t p = 0; p < 3; ++p) {
        std::size_t told = 0;
        for (const HalfCycle& half : run.halves) {
          if (std::isnan(half.rms[p])) continue;
          ++told;
          EXPECT_NEAR(half.rms[p] / 230 / load.rms_ratio(), 1, 1e-4) << rate << " " << f;
        }
        EXPECT_GT(told, 50u);
      }
    }
}

// Covers: MEA-020, MEA-021
TEST(Accuracy, OfHarmonicsOffNominalIsATenthOfAPercent) {
  const std::vector<Harmonic> set{
      {2, 1, 0.3}, {5, 6, 1}, {25, 1.5, 2}, {50, 0.5, 0.7}, {63, 0.3, -1}};
  for (const double rate : {4800.0, 10240.0, 14400.0, 25600.0, 44100.0, 51200.0})
    for (const double f : {42.5, 50.03, 57.3, 69.0}) {
      std::vector<Harmonic> carried;
      for (const Harmonic& h : set)
        if (h.order * f < 0.45 * rate) carried.push_back(h);
      const Measured run(rate, 1.2, Load{.f = f, .harmonics = carried}, f > 55 ? 60 : 50);
      ASSERT_GE(run.windows.size(), 4u);
      const Window& window = run.windows[2];
      EXPECT_NEAR(window.frequency_hz, f, 1e-4);
      EXPECT_NEAR(static_cast<double>(window.subgroup[1][0]) / 230, 1, 1e-5);
      for (const Harmonic& h : carried) {
        const auto order = static_cast<std::size_t>(h.order);
        ASSERT_GE(window.order_max, order);
        EXPECT_NEAR(static_cast<double>(window.subgroup[order][0]) / (2.3 * h.percent), 1, 1e-3)
            << rate << " " << f << " " << order;
        const double angle = std::arg(std::complex<double>(window.phasor[order][0])) -
                             h.order * std::arg(std::complex<double>(window.phasor[1][0]));
        EXPECT_NEAR(std::remainder(angle - h.angle, 2 * pi) * 180 / pi, 0, 0.1)
            << rate << " " << f << " " << order;
      }
      for (unsigned h = 1; h < window.order_max; ++h)
        EXPECT_LT(window.interharmonic[h][0], 230 * 3e-5f) << rate << " " << f << " " << h;
    }
}

TEST(Accuracy, OfTheFirstWindowIsThatOfTheOthers) {
  for (const double start : {0.0, 0.004, 0.011, 0.016}) {
    const Load load{.f = 50.07, .harmonics = {{5, 6, 1}}};
    const Measured run(10240, 1, [&](std::size_t c, double t) { return load(c, t + start); });
    ASSERT_FALSE(run.windows.empty());
    EXPECT_NEAR(run.windows[0].frequency_hz, 50.07, 1e-4) << start;
    EXPECT_NEAR(static_cast<double>(run.windows[0].subgroup[5][0]) / 13.8, 1, 1e-4) << start;
  }
}

// Covers: MEA-022
TEST(Accuracy, OfAnInterharmonicOnABinIsATenthOfAPercent) {
  const Load load;
  const Measured run(10240, 1.2, [&](std::size_t c, double t) {
    return load(c, t) + std::numbers::sqrt2 * 2.3 * std::cos(2 * pi * 175 * t + 1);
  });
  EXPECT_NEAR(static_cast<double>(run.windows[2].interharmonic[3][0]), 2.3, 2.3e-3);
  EXPECT_LT(run.windows[2].interharmonic[4][0], 0.001f);
}

// Tones of 11.5, 4.6, 2.3 and 1.15 V on the 5th order and one, three and a half order's bins above:
// at 50 Hz 250, 255, 265 and 275 Hz. Groups by hand: the last bin of the 5th is shared with the
// 6th. Covers: MEA-022
TEST(Accuracy, OfGroupsIsThatOfTheBinsTheyHold) {
  for (const unsigned cycles : {10u, 12u}) {
    const double f = cycles == 10 ? 50 : 60, bin = f / cycles;
    const std::array<std::pair<double, double>, 4> tones{
        {{5 * f, 11.5}, {5 * f + bin, 4.6}, {5 * f + 3 * bin, 2.3}, {5.5 * f, 1.15}}};
    Measured run(usual_config(10'240, f));
    run.chain->measure_groups(true);
    run.feed(1.2, [&](std::size_t c, double t) {
      double x = Load{.f = f}(c, t);
      for (const auto& [hz, rms] : tones)
        x += std::numbers::sqrt2 * rms * std::cos(2 * pi * hz * t + hz);
      return x;
    });
    run.finish();
    const Window& window = run.windows[2];
    const auto square = [](double x) { return x * x; };
    ASSERT_TRUE(window.grouped);
    EXPECT_NEAR(static_cast<double>(window.harmonics()[5][0]),
                std::sqrt(square(11.5) + square(4.6) + square(2.3) + square(1.15) / 2), 0.005);
    EXPECT_NEAR(static_cast<double>(window.harmonics()[6][0]), 1.15 / std::numbers::sqrt2, 0.005);
    EXPECT_NEAR(static_cast<double>(window.between()[5][0]),
                std::sqrt(square(4.6) + square(2.3) + square(1.15)), 0.005);
    EXPECT_NEAR(static_cast<double>(window.subgroup[5][0]), std::hypot(11.5, 4.6), 0.005);
    EXPECT_NEAR(static_cast<double>(window.interharmonic[5][0]), std::hypot(2.3, 1.15), 0.005);
    if (cycles == 10) {  // the figures of the standards notes
      EXPECT_NEAR(static_cast<double>(window.harmonics()[5][0]), 12.62384, 0.005);
      EXPECT_NEAR(static_cast<double>(window.between()[5][0]), 5.26996, 0.005);
    }
    EXPECT_NEAR(static_cast<double>(window.harmonics()[1][0]), 230, 0.01);
    EXPECT_LT(window.harmonics()[63][0], 0.01f) << "half of its highest bin lies in the 64th";
  }
}

// Every bin of the spectrum is in one interharmonic group or is an order's own; harmonic groups
// hold all of them from half way to the first order on: squares add up to that of the rms.
TEST(Accuracy, OfGroupsAddsUpToTheRms) {
  constexpr double rate = 12'800;
  constexpr int window_samples = 2'560;
  Dice dice(7);
  Load load;
  for (int n = 0; n < 40; ++n)
    load.harmonics.push_back({std::round(dice(7, 600)) / 10, dice(0.1, 2), dice(-3, 3)});
  double square = 0;
  for (int n = 0; n < window_samples; ++n)
    square += load(0, n / rate) * load(0, n / rate) / window_samples;
  Measured run(usual_config(rate));
  run.chain->measure_groups(true);
  run.feed(1.2, load);
  run.finish();
  const Window& window = run.windows[2];
  double harmonic = 0, between = 0;
  for (unsigned h = 0; h <= window.order_max; ++h) {
    const auto of = [&](const auto& orders) { return static_cast<double>(orders[h][0]); };
    harmonic += of(window.harmonics()) * of(window.harmonics());
    between += of(window.between()) * of(window.between());
    if (h > 0) between += static_cast<double>(std::norm(window.phasor[h][0]));
  }
  EXPECT_NEAR(std::sqrt(harmonic), std::sqrt(square), 0.01);
  EXPECT_NEAR(std::sqrt(between), std::sqrt(square), 0.01);
}

TEST(Accuracy, OfHarmonicsIsKeptWhileTheFrequencyMoves) {
  const Measured run(10240, 3, [](std::size_t c, double t) {
    const double turns = 49 * t + 0.5 * t * t;  // 1 Hz a second
    const double a = 2 * pi * (turns - static_cast<double>(c % 4) / 3);
    return 325 * (std::cos(a) + 0.005 * std::cos(50 * a));
  });
  ASSERT_GT(run.windows.size(), 10u);
  for (std::size_t w = 2; w + 2 < run.windows.size(); ++w)
    EXPECT_NEAR(static_cast<double>(run.windows[w].subgroup[50][0]) /
                    static_cast<double>(run.windows[w].subgroup[1][0]),
                0.005, 2e-5);
}

// A recording's worth of half cycles against one sum over everything, edges weighted the same.
TEST(Accuracy, OfSumsIsNotLostOverAnHour) {
  constexpr double rate = 4000;
  constexpr std::size_t period = 5000;  // 1.25 s: 62 cycles of 49.6 Hz
  const Load load{.f = 49.6, .harmonics = below(1800, 49.6)};
  std::vector<Frame> table(period);
  for (std::size_t n = 0; n < period; ++n)
    for (std::size_t c = 0; c < channel_count; ++c)
      table[n].value[c] = static_cast<float>(load(c, static_cast<double>(n) / rate));
  auto chain = Chain::create(usual_config(rate)).value();
  Sums sums;
  double begin = -1, end = 0;
  constexpr std::size_t rounds = 2880;
  for (std::size_t round = 0; round < rounds; ++round)
    for (std::span<const Frame> left = table; !left.empty();) {
      left = left.subspan(chain->push(left, {}));
      for (Chain::Ready ready; (ready = chain->next()) != Chain::Ready::none;) {
        if (ready != Chain::Ready::half_cycle) continue;
        sums += chain->half_cycle().sums;
        if (begin < 0) begin = chain->half_cycle().begin;
        end = chain->half_cycle().end;
      }
    }
  EXPECT_NEAR(sums.length_samples / (end - begin), 1, 1e-9);
  EXPECT_NEAR(sums.product[0] / (end - begin) / load.active_w(0), 1, 1e-7);
  EXPECT_NEAR(sums.square[4] / (end - begin) / std::pow(100 * load.rms_ratio(), 2), 1, 1e-7);
}

TEST(Accuracy, ActivePowerNeverExceedsApparentPower) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    Dice dice(seed);
    Load load{.f = dice(42.5, 69), .voltage = dice(1, 1000)};
    for (std::size_t p = 0; p < 3; ++p) {
      load.current[p] = dice(0.001, 1000);
      load.lag[p] = dice(-pi, pi);
    }
    for (int h = 0; h < 4; ++h)
      load.harmonics.push_back({std::floor(dice(2, 20)), dice(0, 30), dice(-pi, pi)});
    const Measured run(4800, 0.6, load, load.f > 55 ? 60 : 50);
    for (const HalfCycle& half : run.halves)
      for (std::size_t p = 0; p < 3; ++p) {
        const double apparent = std::sqrt(half.sums.square[p] * half.sums.square[4 + p]);
        EXPECT_LE(std::abs(half.sums.product[p]), apparent * (1 + 1e-6)) << "seed " << seed;
      }
  }
}

// Outside of what is followed nothing is related to a fundamental that is none, and says so.
TEST(Accuracy, HasNoSpectrumAtFrequenciesThatCannotBeFollowed) {
  for (const double hz : {20.0, 30.0, 37.0, 75.0, 90.0, 100.0}) {
    const Measured run(10'240, 2, [&](std::size_t c, double t) {
      return 325 * std::cos(2 * pi * hz * t - static_cast<double>(c));
    });
    ASSERT_GT(run.windows.size(), 5u) << hz;
    EXPECT_EQ(run.windows.back().order_max, 0u) << hz;
    // At twice the nominal frequency the windows see next to nothing of it.
    for (const auto& half : run.halves)
      EXPECT_TRUE(half.common.has(Quality::frequency_held) || hz == 100)
          << hz << " Hz, " << half.number;
  }
}

// What lies above the orders that are told does not come back onto them, at the ends of the bands
// of rates that share a grid or a kernel.
TEST(Accuracy, OfOrdersIsNotTouchedByWhatLiesAboveThem) {
  for (const double rate :
       {7'200.0, 10'240.0, 13'200.0, 14'400.0, 16'000.0, 16'300.0, 30'720.0, 48'000.0})
    for (const double hz : {46.0, 50.0})
      for (const double share : {0.3, 0.38, 0.43, 0.46}) {
        const double order = std::floor(share * rate / hz);
        if (order < 66) continue;
        const Measured run(rate, 0.8, [&](std::size_t, double t) {
          const double angle = 2 * pi * hz * t;
          return 325 * (std::sin(angle) + 0.05 * std::sin(order * angle + 0.3));
        });
        ASSERT_FALSE(run.windows.empty());
        const Window& window = run.windows.back();
        const double limit = 1e-4 * static_cast<double>(window.subgroup[1][0]);
        for (unsigned h = 2; h <= window.order_max; ++h)
          EXPECT_LT(static_cast<double>(window.subgroup[h][0]), limit)
              << rate << " a second, " << hz << " Hz, order " << order << " onto " << h;
      }
}

}  // namespace
}  // namespace polyphase::metering
