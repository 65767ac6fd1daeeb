#include "metering/chain.hpp"

#include <gtest/gtest.h>

#include "metering/measured.hpp"

namespace polyphase::metering {
namespace {

TEST(Chain, BeginsMeasuringAtTheFirstCycleOfTheSamples) {
  const Measured run(4800, 1, Load{});
  ASSERT_FALSE(run.halves.empty());
  EXPECT_LT(run.halves.front().begin, 4800 * 0.025);
  EXPECT_NEAR(run.halves[3].rms[0], 230, 0.01);
}

// The dip vector: 5 cycles to 70 % from a zero crossing of the voltage itself. The exact value of
// the windows that hold an edge is sqrt((1 + 0.7^2) / 2).
void expect_dip_vector(const Measured& run, std::size_t p, double tolerance) {
  std::vector<double> seen;
  for (const HalfCycle& half : run.halves)
    if (half.rms[p] < 229) seen.push_back(half.rms[p] / 230);
  ASSERT_EQ(seen.size(), 11u) << p;
  EXPECT_NEAR(seen.front(), 0.863134, tolerance) << p;
  for (std::size_t i = 1; i < 10; ++i) EXPECT_NEAR(seen[i], 0.7, tolerance) << p;
  EXPECT_NEAR(seen.back(), 0.863134, tolerance) << p;
}

// An upward zero crossing of phase p of a Load.
double crossing_s(std::size_t p) {
  return 0.5 + (static_cast<double>(p) / 3 - 0.25 - 0.4 / (2 * pi)) / 50;
}

// Covers: MEA-010
TEST(Chain, SeesADipOnEachPhasesOwnZeroCrossings) {
  for (std::size_t p = 0; p < 3; ++p) {
    const double edge = crossing_s(p);
    const Measured run(10240, 1.2, [&](std::size_t c, double t) {
      return Load{}(c, t) * (c == p && t >= edge && t < edge + 0.1 ? 0.7 : 1.0);
    });
    expect_dip_vector(run, p, 3e-5);
  }
}

TEST(Chain, SeesADipOfAllPhasesAtOnce) {
  const Measured run(10240, 1.2, [&](std::size_t c, double t) {
    const double edge = crossing_s(c % 4);
    return Load{}(c, t) * (c < 4 && t >= edge && t < edge + 0.1 ? 0.7 : 1.0);
  });
  for (std::size_t p = 0; p < 3; ++p) expect_dip_vector(run, p, 1e-4);
}

// A jump of the phase draws boundaries together or apart for some cycles: values stay those of
// whole cycles, of the length that the network has.
TEST(Chain, KeepsTheRmsOfEachCycleRightWhileThePhaseJumps) {
  constexpr double jump_s = 0.7031, cycle_s = 1.0 / 50;
  for (const double degrees : {-20.0, 3.0, 60.0, 180.0})
    for (const std::size_t jumping : {1u, 3u})  // phases
      for (const double rate : {4'000.0, 10'240.0}) {
        const auto voltage = [&](std::size_t p, double t) {
          const double turned = t >= jump_s && p < jumping ? degrees / 360 / 50 : 0;
          return Load{}(p, t + turned) * (t >= jump_s ? 0.5 : 1);
        };
        const Measured run(rate, 1.5, [&](std::size_t c, double t) {
          return c < 3 ? voltage(c, t) : Load{}(c, t);
        });
        for (const HalfCycle& half : run.halves)
          for (std::size_t p = 0; p < 3; ++p) {
            if (std::isnan(half.rms[p])) continue;
            const double begin = half.rms_begin[p] / rate;
            constexpr int steps = 2'000;
            double square = 0;
            for (int n = 0; n < steps; ++n) {
              const double x = voltage(p, begin + (n + 0.5) / steps * cycle_s);
              square += x * x / steps;
            }
            // A tenth of what class A permits; more where an edge of the cycle lies in the jump.
            const bool holds_jump = begin < jump_s + 0.002 && begin + cycle_s > jump_s - 0.002;
            EXPECT_NEAR(half.rms[p], std::sqrt(square), holds_jump ? 1.0 : 0.046)
                << degrees << " degrees, " << jumping << " phases, " << rate << " a second, V"
                << p + 1 << ", from " << begin << " s";
          }
      }
}

TEST(Chain, MeasuresCurrentsWithoutAnyVoltage) {
  const Load load;
  const Measured run(4800, 1.5, [&](std::size_t c, double t) { return c < 4 ? 0.0 : load(c, t); });
  EXPECT_NEAR(run.means().rms[4], 100, 0.01);
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

TEST(Chain, RefusesARateItCannotMeasureWith) {
  for (const double rate : {100.0, 399.0, 200'001.0, std::nan("")})
    EXPECT_FALSE(Chain::create(usual_config(rate))) << rate;
}

// Covers: MEA-011, MEA-015
TEST(Chain, TakesDeltaPowersAgainstTheVirtualNeutral) {
  const Load load{.current = {100, 50, 20}, .lag = {0.2, -0.5, 1}};
  ChainConfig config = usual_config(4800);
  config.connection = Connection::delta;
  Measured run(config);
  run.feed(1.5, [&](std::size_t c, double t) {
    return c < 3 ? load(c, t) - load((c + 1) % 3, t) : load(c, t);
  });
  const Means means = run.means();
  for (std::size_t p = 0; p < 3; ++p) {
    EXPECT_NEAR(means.active_w[p], load.active_w(p), 0.3);
    EXPECT_NEAR(means.reactive_fundamental_var[p], load.reactive_var(p), 0.3);
    EXPECT_NEAR(means.line_rms[p], 230 * std::sqrt(3.0), 0.01);
  }
}

TEST(Chain, DerivesTheThirdVoltageAndCurrentOfAThreeWireSystem) {
  const Load load;
  ChainConfig config = usual_config(4800);
  config.present = 0x55;  // V1, V3, I1, I3
  config.derived = 0x22;  // V2, I2
  config.full_scale.fill(1000);
  config.full_scale[0] = 300;
  Measured run(config);
  run.feed(1.5, [&](std::size_t c, double t) { return (0x55 >> c & 1) != 0 ? load(c, t) : 0.0; });
  const Means means = run.means();
  EXPECT_NEAR(means.rms[1], 230, 0.01);
  EXPECT_NEAR(means.active_w[1], load.active_w(1), 1);
  const PerChannel<Quality>& quality = run.halves.back().quality;
  EXPECT_TRUE(quality[0].has(Quality::clipped));
  EXPECT_TRUE(quality[1].has(Quality::clipped));
  EXPECT_FALSE(quality[2].has(Quality::clipped));
  EXPECT_FALSE(quality[5].has(Quality::clipped));
}

TEST(Chain, AppliesRatioAndPolarityAtTheEntrance) {
  ChainConfig config = usual_config(4800);
  config.scale[4] = -40;
  Measured run(config);
  run.feed(1, Load{});
  EXPECT_NEAR(run.means().rms[4], 4000, 0.2);
  EXPECT_NEAR(run.means().active_w[0] / Load{}.active_w(0), -40, 0.001);
}

TEST(Chain, MeasuresAConstantAsItsMean) {
  const Measured run(4800, 1.5, [](std::size_t c, double t) {
    return c == 0 ? 100.0 : Load{}(c, t) + (c == 5 ? 7 : 0);
  });
  EXPECT_NEAR(run.means().dc[0], 100, 1e-4);
  EXPECT_NEAR(run.means().rms[0], 100, 1e-4);
  EXPECT_NEAR(run.means().dc[5], 7, 1e-3);
  EXPECT_NEAR(static_cast<double>(run.windows.back().phasor[0][5].real()), 7, 1e-3);
}

TEST(Chain, SurvivesInputsThatAreNothingLikeANetwork) {
  for (const double rate : {400.0, 800.0, 4800.0, 20'000.0})
    for (const std::uint32_t seed : {1u, 2u, 3u}) {
      Dice dice(seed);
      double level = 1;
      const Measured run(rate, 3, [&](std::size_t, double) {
        if (dice(0, 1) < 1e-3) level = std::pow(10, dice(-6, 6));
        return dice(0, 1) < 1e-4 ? double{INFINITY} : level * dice(-1, 1);
      });
      EXPECT_GT(run.halves.size(), 200u) << rate << " seed " << seed;
      for (const HalfCycle& half : run.halves) {
        EXPECT_TRUE(std::isfinite(half.sums.product[0]));
        EXPECT_GT(half.end, half.begin);
      }
    }
}

TEST(Chain, SpansNoGapAndCountsOnBehindIt) {
  Measured run(usual_config(4800));
  run.feed(1, Load{});
  run.chain->finish();
  run.push({});
  const std::size_t before = run.halves.size(), windows_before = run.windows.size();
  run.chain->restart();
  run.feed(1, Load{.f = 51});
  run.finish();
  ASSERT_GT(run.halves.size(), before + 90);
  EXPECT_GE(run.halves[before].begin, 4800);
  EXPECT_GT(run.halves[before].number, run.halves[before - 1].number + 1);
  EXPECT_FALSE(run.halves[before].cycle_complete);
  EXPECT_TRUE(std::isnan(run.halves[before].rms[0]));
  EXPECT_GE(run.windows[windows_before].begin, 4800);
  EXPECT_NEAR(run.windows.back().frequency_hz, 51, 1e-4);
}

TEST(Chain, TellsNoWindowThatTheSamplesEndTooSoonBehind) {
  for (const double rate : {1'000.0, 4'000.0, 10'240.0, 51'200.0})
    for (int beyond = 0; beyond <= 60; beyond += 3) {
      const Measured run(rate, 0.8 + beyond / rate, Load{});
      ASSERT_FALSE(run.windows.empty());
      for (const Window& window : run.windows)
        for (unsigned h = 2; h <= std::min(window.order_max, 10u); ++h)
          EXPECT_LT(window.subgroup[h][0], 0.01) << rate << " " << beyond << " order " << h;
    }
}

TEST(Chain, KnowsThePhaseUpToTwoCyclesAgoAndNotBeforeTheBeginning) {
  Measured run(usual_config(4800));
  EXPECT_TRUE(std::isnan(run.chain->aligned_until()));
  run.feed(1, Load{});
  EXPECT_GT(run.chain->aligned_until(), 4800 - 3.5 * 96);
  EXPECT_TRUE(std::isnan(run.chain->phase_cycles_at(4800)));
  EXPECT_FALSE(std::isnan(run.chain->phase_cycles_at(run.chain->aligned_until())));
}

// A sag, a jump and a lost reference, so that the paths that seldom run are run.
double eventful(std::size_t c, double t) {
  const Load load{.f = 49.93, .harmonics = rich};
  if (c == 0 && t > 1.2) return 0;
  return load(c, t > 0.9 ? t + 0.002 : t) * (c == 1 && t > 0.6 && t < 0.7 ? 0.6 : 1.0);
}

TEST(Chain, GivesTheSameBitsForAnySizeOfBlocks) {
  const auto digest = [](std::size_t block) {
    Measured run(usual_config(10240));
    run.feed(1.8, eventful, block);
    run.finish();
    return run.digest();
  };
  const std::uint64_t expected = digest(1000);
  for (const std::size_t block : {1u, 7u, 333u, 50'000u})
    EXPECT_EQ(digest(block), expected) << block;
}

/// After how many samples each half cycle is there, and in how many portions they were pushed.
struct Portions {
  std::vector<std::int64_t> there_after;
  std::size_t pushed = 0;
};
Portions portions(const Load& load, bool as_wanted) {
  constexpr double rate = 4'000;
  Measured run(usual_config(rate));
  Portions out;
  std::vector<Frame> frames;
  for (std::int64_t n = 0; n < 8'000; ++out.pushed) {
    frames.resize(as_wanted ? run.chain->samples_wanted() : 1);
    for (Frame& frame : frames) {
      for (std::size_t c = 0; c < channel_count; ++c)
        frame.value[c] = static_cast<float>(load(c, static_cast<double>(n) / rate));
      ++n;
    }
    EXPECT_EQ(run.chain->push(frames, {}), frames.size());
    for (auto ready = run.chain->next(); ready != Chain::Ready::none; ready = run.chain->next())
      if (ready == Chain::Ready::half_cycle) out.there_after.push_back(n);
  }
  return out;
}

TEST(Chain, SaysHowManySamplesTheNextHalfCycleTakes) {
  for (const double f : {49.0, 50.0, 50.7}) {
    const Load load{.f = f, .harmonics = below(2'000, f)};
    const Portions one_by_one = portions(load, false), wanted = portions(load, true);
    const std::size_t halves = one_by_one.there_after.size();
    ASSERT_GE(halves, 190u);
    ASSERT_GE(wanted.there_after.size(), halves);
    for (std::size_t i = 0; i < halves; ++i)
      ASSERT_EQ(wanted.there_after[i], one_by_one.there_after[i]) << f << ": it comes no later";
    const std::size_t locking = static_cast<std::size_t>(one_by_one.there_after.front());
    EXPECT_LE(wanted.pushed, locking + 2 * wanted.there_after.size()) << f;
  }
}

TEST(Chain, GivesTheSameBitsWithEverySetOfInstructions) {
  const auto digest = [](const dsp::Kernels& kernels) {
    ChainConfig config = usual_config(10240);
    config.kernels = &kernels;
    Measured run(config);
    run.feed(1.8, eventful);
    run.finish();
    return run.digest();
  };
  const std::uint64_t expected = digest(dsp::kernels_available().front());
  for (const dsp::Kernels& kernels : dsp::kernels_available())
    EXPECT_EQ(digest(kernels), expected) << kernels.instruction_set;
}

}  // namespace
}  // namespace polyphase::metering
