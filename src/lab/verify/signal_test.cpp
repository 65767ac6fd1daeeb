#include "lab/verify/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sources/simulator/simulator.hpp"

namespace polyphase::lab::verify {
namespace {

/// One second of a signal, as the simulator gives it.
std::vector<Frame> samples(Signal signal) {
  signal.duration_s = 1;
  auto scenario = sources::simulator::parse_scenario(scenario_text(signal), "test.toml");
  EXPECT_TRUE(scenario) << scenario.error().text();
  sources::simulator::Simulator simulator(*scenario);
  std::vector<Frame> all;
  for (SampleBlock b; *simulator.next(b);) all.insert(all.end(), b.frames.begin(), b.frames.end());
  return all;
}

template <class Of>
double mean(const std::vector<Frame>& frames, Of of) {
  double sum = 0;
  for (const Frame& frame : frames) sum += of(frame);
  return sum / static_cast<double>(frames.size());
}

double value(const Frame& frame, std::size_t channel) {
  return static_cast<double>(frame.value[channel]);
}

Signal uneven() {
  Signal signal = balanced(230, 5, 25);
  signal.v[1].rms = 200;
  signal.i[2].rms = 1;
  add_tones(signal.v, {{3, 5, 20}, {5, 10, 400}, {7.5, 4, 0}});
  add_tones(signal.i, {{5, 40, 100}, {11, 8, 0}});
  return signal;
}

TEST(Signal, SaysWhatTheSamplesOfItsScenarioHold) {
  const Signal signal = uneven();
  // 7.5 times 50 Hz and all else have whole cycles in a second.
  const auto frames = samples(signal);
  constexpr double share = 1e-6;
  for (std::size_t p = 0; p < 3; ++p) {
    const std::size_t q = (p + 1) % 3;
    const auto square = [&](double x) { return x * x; };
    EXPECT_NEAR(
        std::sqrt(mean(frames, [&](auto& f) { return square(value(f, p)); })) / rms(signal.v[p]), 1,
        share);
    EXPECT_NEAR(
        std::sqrt(mean(frames, [&](auto& f) { return square(value(f, p) - value(f, q)); })) /
            rms_of_difference(signal.v[p], signal.v[q]),
        1, share);
    EXPECT_NEAR(mean(frames, [&](auto& f) { return value(f, p) * value(f, 4 + p); }) /
                    active(signal.v[p], signal.i[p]),
                1, share);
  }
  EXPECT_NEAR(std::sqrt(mean(frames, [&](auto& f) { return value(f, 7) * value(f, 7); })) /
                  rms_of_sum(signal.i),
              1, share);
}

TEST(Signal, KnowsTheWorkedVectorOfUnbalance) {
  Signal signal = balanced(230, 5);
  signal.v[1].rms = 220;
  signal.v[2].rms = 235;
  signal.v[1].angle_deg = signal.v[0].angle_deg - 118;
  signal.v[2].angle_deg = signal.v[0].angle_deg + 121;
  EXPECT_NEAR(unbalance(signal.v).u2_percent, 2.7699, 1e-4);
  EXPECT_NEAR(unbalance(signal.v).u0_percent, 1.3375, 1e-4);
}

TEST(Signal, KnowsTheWorkedVectorOfPowers) {
  Signal signal;
  signal.v = {{{120, 0, {}}, {115, -122, {}}, {118, 121, {}}}};
  signal.i = {{{50, -30, {}}, {30, -150, {}}, {10, 100, {}}}};
  EXPECT_NEAR(totals(signal).p_w, 9343.947, 1e-3);
  EXPECT_NEAR(totals(signal).q_var, 5042.551, 1e-3);
  EXPECT_NEAR(totals(signal).s_va, 10617.752, 1e-3);
  EXPECT_NEAR(rms_of_sum(signal.i), 33.9411, 1e-4);
}

TEST(Signal, DistortionIsOfHarmonicsAlone) {
  const Signal signal = uneven();
  EXPECT_NEAR(thd_percent(signal.v[0]), std::hypot(5, 10), 1e-12);
}

TEST(Signal, AnInputWithNothingOnItIsStillWired) {
  Signal signal = balanced(230, 5);
  signal.i[1].rms = 0;
  auto scenario = sources::simulator::parse_scenario(scenario_text(signal), "test.toml");
  ASSERT_TRUE(scenario);
  EXPECT_EQ(sources::simulator::Simulator(*scenario).info().channels_present, 0xf7);
}

}  // namespace
}  // namespace polyphase::lab::verify
