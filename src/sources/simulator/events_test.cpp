// What every kind of event does to the samples; all begin at 0.4 s, sample 2 000.
#include <numbers>

#include "sources/simulator/scenario_vocabulary.hpp"

namespace polyphase::sources::simulator {
namespace {

using std::numbers::pi;
using std::numbers::sqrt2;

std::vector<Frame> with(const std::string& kind, const std::string& keys) {
  return samples(scenario(clean + event(kind, keys)));
}

/// First and last sample of a channel that an event changed; {size, 0}: none.
std::pair<std::size_t, std::size_t> changed(const std::vector<Frame>& frames, std::size_t channel) {
  const auto before = samples(scenario(clean));
  std::pair<std::size_t, std::size_t> range{frames.size(), 0};
  for (std::size_t n = 0; n < frames.size(); ++n) {
    if (std::abs(value(frames[n], channel) - value(before[n], channel)) < 1e-3) continue;
    range.first = std::min(range.first, n);
    range.second = n;
  }
  return range;
}
using Range = std::pair<std::size_t, std::size_t>;

/// Amplitude of a frequency in a channel, by correlation.
double amplitude(const std::vector<Frame>& frames, std::size_t channel, double hz, std::size_t from,
                 std::size_t to) {
  double re = 0, im = 0;
  for (std::size_t n = from; n < to; ++n) {
    const double a = 2 * pi * hz * static_cast<double>(n) / 5'000;
    re += value(frames[n], channel) * std::cos(a);
    im += value(frames[n], channel) * std::sin(a);
  }
  return 2 * std::hypot(re, im) / static_cast<double>(to - from);
}

TEST(Events, BeginAndEndAtTheSampleAskedFor) {
  const auto frames = with("sag", "duration_s = 0.2\npercent = 60\nphases = \"b\"");
  EXPECT_EQ(changed(frames, 1), (Range{2'000, 2'999}));
  EXPECT_EQ(changed(frames, 0), (Range{5'000, 0}));
  EXPECT_NEAR(rms(frames, 1, 2'000, 3'000), 138, 1e-3);
}

TEST(Events, RepeatAsOftenAsTold) {
  const auto frames =
      with("sag", "duration_s = 0.02\nrepeat_s = 0.1\ncount = 3\npercent = 50\nphases = \"a\"");
  for (std::size_t n = 0; n < 5; ++n) {
    const double expected = n < 3 ? 115 : 230;
    EXPECT_NEAR(rms(frames, 0, 2'000 + 500 * n, 2'100 + 500 * n), expected, 1e-3) << n;
    EXPECT_NEAR(rms(frames, 0, 2'100 + 500 * n, 2'200 + 500 * n), 230, 1e-3) << n;
  }
}

TEST(Events, RampAlongALine) {
  const auto frames =
      with("sag", "duration_s = 0.4\npercent = 0\nramp_in_s = 0.2\nramp_out_s = 0.1");
  const auto before = samples(scenario(clean));
  for (std::size_t n = 2'000; n < 3'000; n += 17)
    EXPECT_NEAR(value(frames[n], 0),
                value(before[n], 0) * (1 - static_cast<double>(n - 2'000) / 1'000), 1e-4);
  for (std::size_t n = 3'500; n < 4'000; n += 17)
    EXPECT_NEAR(value(frames[n], 0), value(before[n], 0) * static_cast<double>(n - 3'500) / 500,
                1e-4);
}

TEST(Events, CurrentsFollowTheVoltageUnlessTold) {
  EXPECT_NEAR(rms(with("sag", "duration_s = 0.2\npercent = 60"), 4, 2'000, 3'000), 6, 1e-4);
  EXPECT_NEAR(
      rms(with("sag", "duration_s = 0.2\npercent = 60\ncurrent_percent = 100"), 4, 2'000, 3'000),
      10, 1e-4);
  EXPECT_NEAR(
      rms(with("sag", "duration_s = 0.2\npercent = 60\ncurrent_percent = 450"), 4, 2'000, 3'000),
      45, 1e-3);
}

TEST(Events, InterruptBoth) {
  const auto frames = with("interruption", "duration_s = 0.2");
  EXPECT_EQ(rms(frames, 0, 2'000, 3'000), 0);
  EXPECT_EQ(rms(frames, 6, 2'000, 3'000), 0);
}

TEST(Events, SwellOnePhaseAndUnbalanceThree) {
  EXPECT_NEAR(
      rms(with("swell", "duration_s = 0.2\npercent = 120\nphases = \"c\""), 2, 2'000, 3'000), 276,
      1e-3);
  const auto frames = with("unbalance", "percent = [100, 90, 105]");
  EXPECT_NEAR(rms(frames, 0, 2'000, 5'000), 230, 1e-3);
  EXPECT_NEAR(rms(frames, 1, 2'000, 5'000), 207, 1e-3);
  EXPECT_NEAR(rms(frames, 2, 2'000, 5'000), 241.5, 1e-3);
}

TEST(Events, ChangeTheVoltageForGoodWhereNoDurationIsSaid) {
  const auto frames = with("rvc", "percent = -4");
  EXPECT_NEAR(rms(frames, 0, 1'000, 2'000), 230, 1e-3);
  EXPECT_NEAR(rms(frames, 0, 2'000, 5'000), 220.8, 1e-3);
}

TEST(Events, StepALoadByItsName) {
  const auto frames =
      samples(scenario(clean + "[[load]]\nname = \"pump\"\nrms_a = 4\nlag_deg = 60\n" +
                       event("load-step", "load = \"pump\"\npercent = 0")));
  EXPECT_NEAR(rms(frames, 4, 0, 2'000), 14, 1e-4);
  EXPECT_NEAR(rms(frames, 4, 2'000, 5'000), 10, 1e-4);
  EXPECT_NEAR(rms(frames, 0, 2'000, 5'000), 230, 1e-3);
}

TEST(Events, JumpThePhaseOfVoltageAndCurrent) {
  const auto frames = with("phase-jump", "angle_deg = 90\nphases = \"a\"");
  EXPECT_NEAR(value(frames[2'000], 0), 0, 1e-3);
  EXPECT_NEAR(value(frames[2'000], 4), sqrt2 * 10 * std::cos(pi / 2 - pi / 3), 1e-4);
  EXPECT_EQ(changed(frames, 1), (Range{5'000, 0}));
}

TEST(Events, StepTheFrequencyWithoutAJumpOfPhase) {
  const auto frames = with("frequency", "change_hz = 5");
  for (std::size_t n = 2'000; n < 5'000; n += 13) {
    const double since = static_cast<double>(n - 2'000) / 5'000;
    EXPECT_NEAR(value(frames[n], 0), sqrt2 * 230 * std::cos(2 * pi * 55 * since), 1e-3) << n;
  }
}

TEST(Events, TurnAsManyCyclesAsARampSays) {
  // From 50 to 52 Hz within 0.2 s and at 52 Hz for 0.3 s: 10.2 + 15.6 cycles.
  const auto frames = samples(scenario(
      clean + "[frequency]\npoints = [{ at_s = 0.4, hz = 50 }, { at_s = 0.6, hz = 52 }]\n"));
  EXPECT_NEAR(value(frames[4'500], 0), sqrt2 * 230 * std::cos(2 * pi * 25.8), 1e-3);
}

TEST(Events, RingLikeATransient) {
  const auto frames =
      with("transient", "percent = 50\nfrequency_hz = 500\ndecay_s = 0.003\nphases = \"a\"");
  const auto before = samples(scenario(clean));
  for (std::size_t n = 2'000; n < 2'300; ++n) {
    const double since = static_cast<double>(n - 2'000) / 5'000;
    const double expected = sqrt2 * 115 * std::exp(-since / 0.003) * std::sin(2 * pi * 500 * since);
    EXPECT_NEAR(value(frames[n], 0) - value(before[n], 0), expected, 1e-4);
  }
  EXPECT_EQ(changed(frames, 1), (Range{5'000, 0}));
}

TEST(Events, AnImpulseReachesItsPeak) {
  Scenario s = scenario(clean + event("impulse", "percent = 200\nphases = \"a\""));
  s.sample_rate_hz = 1'000'000;
  s.duration_s = 0.401;
  const auto frames = samples(s);
  Scenario quiet = s;
  quiet.events.clear();
  const auto before = samples(quiet);
  double peak = 0;
  for (std::size_t n = 400'000; n < frames.size(); ++n)
    peak = std::max(peak, value(frames[n], 0) - value(before[n], 0));
  EXPECT_NEAR(peak, sqrt2 * 460, 0.01 * sqrt2 * 460);
}

TEST(Events, CutNotchesIntoEveryCycle) {
  // 4 notches of 1 ms and 40 % in each cycle of 20 ms: 5 samples each, the first on the crest.
  const auto frames =
      with("notch", "percent = 40\nwidth_s = 0.000999\nper_cycle = 4\nphases = \"a\"");
  const auto before = samples(scenario(clean));
  std::size_t notched = 0;
  for (std::size_t n = 2'000; n < 5'000; ++n) {
    const bool inside = (n - 2'000) % 25 < 5;
    EXPECT_NEAR(value(frames[n], 0), value(before[n], 0) * (inside ? 0.6 : 1.0), 1e-3) << n;
    notched += inside;
  }
  EXPECT_EQ(notched, 600u);
}

TEST(Events, SendASignalOverTheMains) {
  const auto frames = with("mains-signal", "percent = 2\nfrequency_hz = 215\nphases = \"b\"");
  EXPECT_NEAR(amplitude(frames, 1, 215, 0, 2'000), 0, 1e-3);
  EXPECT_NEAR(amplitude(frames, 1, 215, 2'000, 5'000), sqrt2 * 4.6, 1e-3);
  EXPECT_NEAR(amplitude(with("mains-signal", "percent = 2\norder = 4.5"), 0, 225, 3'000, 5'000),
              sqrt2 * 4.6, 1e-3);
}

TEST(Events, AGapHoldsTheLastSampleAndSaysSo) {
  Simulator simulator(scenario(clean + event("gap", "duration_s = 0.1")), 300);
  const auto before = samples(scenario(clean));
  std::size_t at = 0;
  for (SampleBlock block; *simulator.next(block);) {
    EXPECT_FALSE(block.after_gap);
    for (const Frame& frame : block.frames) {
      const bool inside = at >= 2'000 && at < 2'500;
      ASSERT_EQ(block.bridged, inside) << at;
      ASSERT_NEAR(value(frame, 0), value(before[inside ? 1'999 : at], 0), 1e-4) << at;
      ++at;
    }
  }
  EXPECT_EQ(at, 5'000u);
}

TEST(Events, AGapThatIsNotBridgedIsLeftOut) {
  Simulator simulator(scenario(clean + event("gap", "duration_s = 0.1\nbridged = false")), 300);
  const auto before = samples(scenario(clean));
  std::size_t count = 0, gaps = 0;
  for (SampleBlock block; *simulator.next(block);) {
    const auto first = static_cast<std::size_t>(
        std::llround(seconds_between(Instant{}, block.time_first) * 5'000));
    EXPECT_FALSE(block.bridged);
    if (block.after_gap) {
      EXPECT_EQ(first, 2'500u);
      ++gaps;
    }
    EXPECT_NEAR(value(block.frames[0], 0), value(before[first], 0), 1e-4);
    count += block.frames.size();
  }
  EXPECT_EQ(gaps, 1u);
  EXPECT_EQ(count, 4'500u);
}

}  // namespace
}  // namespace polyphase::sources::simulator
