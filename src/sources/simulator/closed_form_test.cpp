// The simulator against the slow evaluation of the same formulas.
#include <gtest/gtest.h>

#include "sources/simulator/reference.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::sources::simulator {
namespace {

const char* const busy = R"(
[scenario]
duration_s = 2
[frequency]
points = [{ at_s = 0.2, hz = 50 }, { at_s = 0.5, hz = 51.5 }, { at_s = 0.8, hz = 51.5 }, { at_s = 1, hz = 49 }]
[voltage]
rms_v = 230
negative_percent = 2
dc_v = 1.5
neutral_v = 3
tones = [{ order = 3, percent = 4, angle_deg = 20 }, { order = 7.3, percent = 1 }, { order = 25, percent = 2, angle_deg = -50 }]
[network]
resistance_ohm = 0.05
reactance_ohm = 0.1
[current]
rms_a = 50
power_factor = 0.8
dc_a = -0.5
tones = [{ order = 5, percent = 20 }, { order = 0.4, percent = 3 }]
[[load]]
name = "motor"
rms_a = 30
lag_deg = 50
phase_percent = [100, 80, 120]
[flicker]
percent = 3
frequency_hz = 8.8
)";

const char* const busy_events = R"(
[[event]]
kind = "sag"
phases = "ac"
start_s = 0.3001
duration_s = 0.2
percent = 60
ramp_in_s = 0.05
ramp_out_s = 0.02
angle_deg = -15
[[event]]
kind = "swell"
start_s = 0.42
duration_s = 0.03
repeat_s = 0.11
count = 3
percent = [110, 120, 130]
current_percent = 250
[[event]]
kind = "phase-jump"
start_s = 1.2
angle_deg = 30
phases = "b"
[[event]]
kind = "load-step"
load = "motor"
start_s = 0.6
duration_s = 0.5
percent = 180
ramp_s = 0.1
[[event]]
kind = "frequency"
start_s = 1.1
duration_s = 0.3
change_hz = 1
ramp_s = 0.1
[[event]]
kind = "frequency"
start_s = 1.5
duration_s = 0.1
repeat_s = 0.2
change_hz = -0.7
[[event]]
kind = "mains-signal"
start_s = 0.1
duration_s = 0.4
percent = 3
frequency_hz = 216.6
ramp_s = 0.01
[[event]]
kind = "mains-signal"
start_s = 1.0
percent = 2
order = 4.2
angle_deg = 70
[[event]]
kind = "transient"
start_s = 0.91
percent = 90
frequency_hz = 700
repeat_s = 0.5
)";

Scenario scenario(const std::string& text, double sample_rate_hz) {
  auto parsed = parse_scenario(text, "test.toml");
  EXPECT_TRUE(parsed) << parsed.error().text();
  if (!parsed) return {};
  parsed->sample_rate_hz = sample_rate_hz;
  return *parsed;
}

/// The largest departure from the reference, as a share of the channel's largest value.
double departure(const Scenario& s) {
  Simulator simulator(s);
  reference::Turns turns(s, 0.001);
  std::array<double, channel_count> largest{}, departure{};
  std::uint64_t index = 0;
  for (SampleBlock block; *simulator.next(block);)
    for (const Frame& frame : block.frames) {
      const double t = static_cast<double>(index++) / s.sample_rate_hz;
      const auto expected = reference::frame_at(s, t, turns(t));
      for (std::size_t c = 0; c < channel_count; ++c) {
        largest[c] = std::max(largest[c], std::abs(expected[c]));
        departure[c] =
            std::max(departure[c], std::abs(expected[c] - static_cast<double>(frame.value[c])));
      }
    }
  double worst = 0;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (largest[c] > 0) worst = std::max(worst, departure[c] / largest[c]);
  return worst;
}

constexpr double rates_hz[] = {1'000, 10'240, 12'345.6, 44'100};

TEST(ClosedForm, HoldsAtAnyRateInASteadyState) {
  for (const double rate : rates_hz) EXPECT_LT(departure(scenario(busy, rate)), 1e-6) << rate;
}

TEST(ClosedForm, HoldsAtAnyRateThroughEventsOfEveryKind) {
  for (const double rate : rates_hz)
    EXPECT_LT(departure(scenario(std::string(busy) + busy_events, rate)), 1e-6) << rate;
}

TEST(ClosedForm, HoldsThroughWanderingAndTheEdgesOfDailyCurves) {
  Scenario s = scenario(std::string(busy) +
                            "[life]\nvoltage_percent = 3\nload_percent = 40\nfrequency_hz = 0.1\n"
                            "events_every_s = 0\nfirst_events_within_s = 0\n",
                        4'000);
  s.loads[0].curve = Curve::home;
  s.loads[1].curve = Curve::office;
  s.start = *parse_iso8601("2026-03-02T06:59:59.3Z");
  EXPECT_LT(departure(s), 1e-6);
}

}  // namespace
}  // namespace polyphase::sources::simulator
