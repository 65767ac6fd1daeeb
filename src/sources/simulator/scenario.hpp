#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/samples.hpp"

namespace polyphase::sources::simulator {

/// One tone beside the fundamental: order (any number above zero), share of the fundamental, and angle
/// of its cosine to `order` times the channel's fundamental.
struct Tone {
  double order = 0, percent = 0, angle_deg = 0;
};

struct ChannelState {
  double rms = 0, angle_deg = 0, dc = 0;
  double noise_percent = 0;  ///< of the rms
  std::vector<Tone> tones;
};

struct Flicker {
  double percent = 0;       ///< delta V / V, peak to peak
  double frequency_hz = 8.8;
  bool rectangular = false;
};

struct FrequencyPoint {
  double at_s = 0, hz = 50;
};

enum class EventKind { sag, swell, interruption, transient, notch, rvc, load_step, phase_jump, mains_signal, gap };

/// A timed change. Which numbers mean something depends on the kind: docs/scenario.md.
struct TimedEvent {
  EventKind kind = EventKind::sag;
  double start_s = 0, duration_s = 0;
  double percent = 0, frequency_hz = 0, angle_deg = 0, ramp_s = 0, repeat_s = 0;
  std::array<bool, 3> phases{true, true, true};
};

/// What makes a feeder worth watching: load by the time of day, slow wandering, events now and then.
struct Life {
  bool on = false;
  double events_every_s = 600;        ///< on average
  double first_events_within_s = 60;  ///< one of each kind to begin with
};

/// A steady state and what changes it (docs/scenario.md).
struct Scenario {
  std::string name, description;
  double sample_rate_hz = 10'240, duration_s = 10;
  Instant start;
  std::uint64_t seed = 1;
  double nominal_voltage_v = 0, nominal_current_a = 0, nominal_frequency_hz = 50;
  std::string wiring = "4w-wye";
  std::array<ChannelState, channel_count> channels{};
  std::vector<FrequencyPoint> frequency{{0, 50}};
  Flicker flicker;
  std::vector<TimedEvent> events;
  Life life;
};

inline constexpr std::size_t tones_max = 200, events_max = 10'000, points_max = 10'000;

/// errors  invalid_config, at "name:line"
Result<Scenario> parse_scenario(std::string_view text, std::string_view name);

}  // namespace polyphase::sources::simulator
