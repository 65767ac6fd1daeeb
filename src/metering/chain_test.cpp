#include "metering/chain.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

namespace polyphase::metering {
namespace {

using std::numbers::pi;
using Wave = std::function<double(std::size_t channel, double time_s)>;

struct Harmonic {
  double order, percent, angle;
};
const std::vector<Harmonic> rich{{2, 1, 0.4},  {3, 4, 1},  {5, 6, 2},    {7, 3, -1},
                                 {11, 2, 0.2}, {25, 1, 3}, {40, 0.5, -2}};

// Three voltages, three currents lagging by `lag`, with harmonics up to a share of the sample rate.
struct Load {
  double f = 50, voltage = 230, current = 100, lag = pi / 6;
  std::vector<Harmonic> harmonics = {};
  double operator()(std::size_t c, double t) const {
    if (c == 3 || c == 7) return 0;
    const double a = 2 * pi * (f * t - static_cast<double>(c % 4) / 3) + 0.4 - (c >= 4 ? lag : 0.0);
    double x = std::cos(a);
    for (const Harmonic& h : harmonics) x += h.percent / 100 * std::cos(h.order * a + h.angle);
    return std::numbers::sqrt2 * (c < 4 ? voltage : current) * x;
  }
};

std::vector<Harmonic> below(double frequency_hz, double f) {
  std::vector<Harmonic> kept;
  for (const Harmonic& h : rich)
    if (h.order * f < frequency_hz) kept.push_back(h);
  return kept;
}

// Feeds a wave and collects what the chain tells.
struct Measured {
  std::vector<HalfCycle> halves;
  std::vector<Window> windows;
  std::unique_ptr<Chain> chain;

  Measured(double rate, double seconds, const Wave& wave, double nominal = 50,
           std::size_t block = 1000, Connection connection = Connection::wye) {
    ChainConfig config;
    config.sample_rate_hz = rate;
    config.frequency_nominal_hz = nominal;
    config.connection = connection;
    config.present = 0x77;
    config.scale.fill(1);
    auto made = Chain::create(config);
    EXPECT_TRUE(made);
    chain = std::move(*made);
    std::vector<Frame> frames;
    const auto total = static_cast<std::size_t>(seconds * rate);
    for (std::size_t n = 0; n < total;) {
      frames.clear();
      for (std::size_t i = 0; i < block && n < total; ++i, ++n) {
        Frame frame;
        for (std::size_t c = 0; c < channel_count; ++c)
          frame.value[c] = static_cast<float>(wave(c, static_cast<double>(n) / rate));
        frames.push_back(frame);
      }
      for (std::span<const Frame> left = frames; !left.empty();) {
        left = left.subspan(chain->push(left, {}));
        drain();
      }
    }
    chain->finish();
    drain();
  }
  void drain() {
    for (;;) {
      const auto ready = chain->next();
      if (ready == Chain::Ready::none) return;
      if (ready == Chain::Ready::half_cycle)
        halves.push_back(chain->half_cycle());
      else
        windows.push_back(chain->window());
    }
  }
  // Means over the cycles from `from` on.
  Means means(double rate, std::size_t skip = 4) const {
    Sums sums;
    FundamentalPower power;
    for (std::size_t i = skip; i + 1 < halves.size(); ++i)
      if (halves[i].number % 2 != 0 && halves[i + 1].cycle_complete) {
        sums += halves[i].sums;
        sums += halves[i + 1].sums;
        power += halves[i + 1].power;
      }
    return means_of(sums, power, rate);
  }
};

// Covers: MEA-010, PWR-001, PWR-005
TEST(Chain, MeasuresRmsAndPowerAtEveryRateAndFrequency) {
  for (const double rate : {2000.0, 4000.0, 4800.0, 10240.0, 14400.0, 44100.0, 100000.0})
    for (const double f : {42.5, 47.3, 50.0, 57.5, 60.0, 69.0}) {
      const Load load{.f = f, .harmonics = below(0.45 * rate, f)};
      const Measured run(rate, 1.2, load, f > 55 ? 60 : 50);
      ASSERT_GT(run.halves.size(), 80u) << rate << " " << f;
      const Means means = run.means(rate);
      double square = 1, active = std::cos(load.lag);
      for (const Harmonic& h : load.harmonics) {
        square += h.percent * h.percent / 1e4;
        active += h.percent * h.percent / 1e4 * std::cos(h.order * load.lag);
      }
      const double limit = rate < 4000 ? 4e-5 : 1e-5;
      for (std::size_t p = 0; p < 3; ++p) {
        EXPECT_NEAR(means.rms[p] / (230 * std::sqrt(square)), 1, limit) << rate << " " << f;
        EXPECT_NEAR(means.rms[4 + p] / (100 * std::sqrt(square)), 1, limit) << rate << " " << f;
        EXPECT_NEAR(means.active_w[p] / (23000 * active), 1, 2 * limit) << rate << " " << f;
        EXPECT_NEAR(means.reactive_fundamental_var[p] / (23000 * std::sin(load.lag)), 1, 2 * limit)
            << rate << " " << f;
      }
      EXPECT_NEAR(means.line_rms[1] / 398.3717, 1, 0.02) << rate << " " << f;
    }
}

TEST(Chain, FollowsTheFrequencyToATenthOfAMillihertz) {
  for (const double f : {42.5, 49.91, 50.0, 55.0, 60.02, 69.0}) {
    const Measured run(10240, 2, Load{.f = f, .harmonics = rich}, f > 55 ? 60 : 50);
    const double turned = run.chain->phase_cycles_at(15000) - run.chain->phase_cycles_at(5000);
    EXPECT_NEAR(turned / 10000 * 10240, f, 1e-4) << f;
  }
}

TEST(Chain, BeginsMeasuringAtTheFirstCycleOfTheSamples) {
  const Measured run(4800, 1, Load{});
  ASSERT_FALSE(run.halves.empty());
  EXPECT_LT(run.halves.front().begin, 4800 * 0.025);
  EXPECT_NEAR(run.halves[3].rms[0], 230, 0.01);
}

// The dip vector: 5 cycles to 70 % from a zero crossing of the channel's own voltage.
TEST(Chain, SeesADipOnEachPhasesOwnZeroCrossings) {
  for (std::size_t p = 0; p < 3; ++p) {
    const double crossing = 0.5 + (static_cast<double>(p) / 3 - 0.25 - 0.4 / (2 * pi)) / 50;
    const Load load;
    const Measured run(10240, 1.2, [&](std::size_t c, double t) {
      return load(c, t) * (c == p && t >= crossing && t < crossing + 0.1 ? 0.7 : 1.0);
    });
    std::vector<double> seen;
    for (const HalfCycle& half : run.halves)
      if (half.rms[p] < 229) seen.push_back(half.rms[p] / 230);
    ASSERT_EQ(seen.size(), 11u) << p;
    EXPECT_NEAR(seen.front(), 0.8631, 2e-3) << p;
    for (std::size_t i = 1; i < 10; ++i) EXPECT_NEAR(seen[i], 0.7, 5e-4) << p;
    EXPECT_NEAR(seen.back(), 0.8631, 2e-3) << p;
  }
}

TEST(Chain, FindsHarmonicsOffNominalWithinATenthOfAPercent) {
  for (const double rate : {10240.0, 12800.0, 14400.0, 25600.0, 44100.0, 51200.0})
    for (const double f : {45.0, 50.03, 57.3, 64.0}) {
      std::vector<Harmonic> set{{5, 6, 1}, {25, 1.5, 2}, {50, 0.5, 0.7}};
      const Measured run(rate, 1.5, Load{.f = f, .harmonics = set}, f > 55 ? 60 : 50);
      ASSERT_GE(run.windows.size(), 4u);
      const Window& window = run.windows[2];
      EXPECT_NEAR(window.frequency_hz, f, 1e-4);
      for (const Harmonic& h : set) {
        const auto order = static_cast<std::size_t>(h.order);
        if (window.order_max < order) continue;
        EXPECT_NEAR(static_cast<double>(window.subgroup[order][0]) / (2.3 * h.percent), 1, 1e-3)
            << rate << " " << f << " " << order;
        const double angle = std::arg(std::complex<double>(window.phasor[order][0])) -
                             h.order * std::arg(std::complex<double>(window.phasor[1][0]));
        EXPECT_NEAR(std::cos(angle - h.angle), 1, 1e-4);
      }
      EXPECT_LT(window.interharmonic[7][0], 0.001f);
    }
}

TEST(Chain, MeasuresTheFirstWindowAsWellAsTheOthers) {
  for (const double start : {0.0, 0.004, 0.011, 0.016}) {
    const Load load{.f = 50.07, .harmonics = {{5, 6, 1}}};
    const Measured run(10240, 1, [&](std::size_t c, double t) { return load(c, t + start); });
    ASSERT_FALSE(run.windows.empty());
    EXPECT_NEAR(run.windows[0].frequency_hz, 50.07, 1e-4) << start;
    EXPECT_NEAR(static_cast<double>(run.windows[0].subgroup[5][0]) / 13.8, 1, 1e-4) << start;
  }
}

TEST(Chain, KeepsItsHarmonicsWhileTheFrequencyMoves) {
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

TEST(Chain, LosesNoCycleThroughAnInterruptionOrAPhaseJump) {
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

TEST(Chain, TakesAnotherReferenceWhenTheFirstVoltageIsLost) {
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

TEST(Chain, MeasuresCurrentsWithoutAnyVoltage) {
  const Load load;
  const Measured run(4800, 1.5, [&](std::size_t c, double t) { return c < 4 ? 0.0 : load(c, t); });
  EXPECT_NEAR(run.means(4800).rms[4], 100, 0.01);
}

TEST(Chain, RunsAtTheNominalFrequencyOnDeadInputs) {
  const Measured run(4800, 2, [](std::size_t, double) { return 0.0; });
  EXPECT_NEAR(static_cast<double>(run.halves.size()), 196, 6);
  EXPECT_TRUE(run.halves.back().common.has(Quality::frequency_held));
  EXPECT_EQ(run.halves.back().rms[0], 0);
}

TEST(Chain, TakesSamplesThatAreNoNumbersAsBridged) {
  const Load load;
  const Measured run(4800, 1.5, [&](std::size_t c, double t) {
    return c == 1 && t > 0.7 && t < 0.7005 ? std::nan("") : load(c, t);
  });
  int bridged = 0;
  for (const HalfCycle& half : run.halves) bridged += half.common.has(Quality::bridged);
  EXPECT_GE(bridged, 1);
  EXPECT_LE(bridged, 2);
  EXPECT_NEAR(run.halves.back().rms[1], 230, 0.01);
}

TEST(Chain, SumsOfHalfCyclesAddUpToTheWhole) {
  const Measured run(4800, 20, Load{.f = 49.7, .harmonics = rich});
  double product = 0, length = 0;
  for (const HalfCycle& half : run.halves) {
    product += half.sums.product[0];
    length += half.sums.length_samples;
  }
  EXPECT_NEAR(length / (run.halves.back().end - run.halves.front().begin), 1, 1e-7);
  double direct = 0;
  const Load load{.f = 49.7, .harmonics = rich};
  const auto first = static_cast<std::int64_t>(run.halves.front().begin);
  for (std::int64_t i = first; i <= static_cast<std::int64_t>(run.halves.back().end); ++i)
    direct += load(0, static_cast<double>(i) / 4800) * load(4, static_cast<double>(i) / 4800);
  EXPECT_NEAR(product / direct, 1, 1e-4);  // the ends differ by a sample's product
}

TEST(Chain, RefusesARateItCannotMeasureWith) {
  ChainConfig config;
  config.sample_rate_hz = 100;
  EXPECT_FALSE(Chain::create(config));
}

TEST(Chain, TakesDeltaPowersAgainstTheVirtualNeutral) {
  const Load load;
  const Measured run(
      4800, 1.5,
      [&](std::size_t c, double t) {
        return c < 3 ? load(c, t) - load((c + 1) % 3, t) : load(c, t);
      },
      50, 1000, Connection::delta);
  const Means means = run.means(4800);
  EXPECT_NEAR(means.active_w[0] + means.active_w[1] + means.active_w[2],
              3 * 23000 * std::cos(load.lag), 1);
  EXPECT_NEAR(means.reactive_fundamental_var[0] * 3, 3 * 23000 * std::sin(load.lag), 1);
  EXPECT_NEAR(means.line_rms[0], 230 * std::sqrt(3.0), 0.01);
}

}  // namespace
}  // namespace polyphase::metering
