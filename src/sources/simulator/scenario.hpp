#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/samples.hpp"

namespace polyphase::sources::simulator {

/// One tone beside the fundamental: order (any number above zero), share of the fundamental, and
/// angle of its cosine to `order` times the angle of the channel's own fundamental.
struct Tone {
  double order = 0, percent = 0, angle_deg = 0;
};

struct ChannelState {
  double rms = 0, angle_deg = 0, dc = 0;  ///< rms of the fundamental; angle of its cosine
  double noise_percent = 0;               ///< rms of white noise, of the fundamental's
  std::vector<Tone> tones;
};

enum class Wiring { wye, wye_three_wire, delta, single };
/// How a load goes with the time of day; `steady`: not at all.
enum class Curve { steady, home, office, industry };

/// Currents of a name, in the order of the phases; [current] is the first of them.
struct Load {
  std::string name;
  std::array<ChannelState, 4> phases;  ///< a, b, c and, of [current] alone, the neutral conductor
  Curve curve = Curve::steady;
};

struct Flicker {
  double percent = 0;  ///< delta V / V, peak to peak
  double frequency_hz = 8.8;
  bool rectangular = false;
  std::array<bool, 3> phases{true, true, true};
};

struct FrequencyPoint {
  double at_s = 0, hz = 50;
};

enum class EventKind {
  sag,
  swell,
  interruption,
  rvc,
  unbalance,
  load_step,
  phase_jump,
  frequency,
  transient,
  impulse,
  notch,
  mains_signal,
  gap
};
inline constexpr double lasting = std::numeric_limits<double>::infinity();

/// A timed change, from start_s for duration_s, every repeat_s where that is not zero. Ramps lie
/// within the duration. Every kind uses the effects that it has; the others change nothing.
struct TimedEvent {
  EventKind kind = EventKind::sag;
  double start_s = 0, duration_s = 0, repeat_s = 0;
  std::uint64_t count = 0;  ///< of repetitions; 0: without end
  double ramp_in_s = 0, ramp_out_s = 0;
  std::array<bool, 3> phases{true, true, true};

  std::array<double, 3> voltage_factor{1, 1, 1};
  std::array<double, 3> current_factor{1, 1, 1};  ///< of all loads
  double load_factor = 1;                         ///< of one load, or all
  int load = -1;                                  ///< place in Scenario::loads; -1: all
  double angle_deg = 0;  ///< jump of voltages and currents; of a signal or notch, its angle
  double change_hz = 0;
  double percent = 0;       ///< of the phase's rms: size of what is added, depth of notches
  double frequency_hz = 0;  ///< of what is added; 0: by `order`
  double order = 0;
  double rise_s = 0, decay_s = 0, width_s = 0;
  double per_cycle = 0;
  bool bridged = true;  ///< of a gap: stood in for, else left out
};

/// What makes a feeder worth watching: slow wandering, load by the time of day (Load::curve),
/// events now and then.
struct Life {
  bool on = false;
  double voltage_percent = 0, load_percent = 0, frequency_hz = 0;  ///< at most so far from the mean
  double events_every_s = 0;                                       ///< on average; 0: none
  double first_events_within_s = 0;  ///< one of each kind to begin with; 0: none
  int utc_offset_s = 0;
};

/// A steady state and what changes it (docs/scenario.md).
struct Scenario {
  std::string name, description;
  double sample_rate_hz = 10'240;
  double duration_s = 10;  ///< 0: without end
  Instant start;
  std::uint64_t seed = 1;
  double nominal_voltage_v = 0, nominal_current_a = 0, nominal_frequency_hz = 50;
  std::string wiring = "4w-wye";
  Wiring wired = Wiring::wye;
  double full_scale_v = 0, full_scale_a = 0;  ///< where inputs clip; 0: nowhere
  std::array<ChannelState, 4> voltages;       ///< a, b, c to the neutral, and the neutral to earth
  std::vector<Load> loads;
  double current_noise_percent = 0;  ///< of the sum of the loads' rms
  bool neutral_is_sum = false;       ///< I4 is the sum of the phase currents
  double network_resistance_ohm = 0, network_reactance_ohm = 0;  ///< per phase, before the meter
  std::vector<FrequencyPoint> frequency{{0, 50}};
  Flicker flicker;
  std::vector<TimedEvent> events;
  Life life;
};

inline constexpr std::size_t tones_max = 200, events_max = 1'000, points_max = 10'000,
                             loads_max = 16;

/// errors  invalid_config, at "name:line"
Result<Scenario> parse_scenario(std::string_view text, std::string_view name);

}  // namespace polyphase::sources::simulator
