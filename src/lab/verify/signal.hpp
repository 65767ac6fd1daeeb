#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

namespace polyphase::lab::verify {

/// One tone beside the fundamental, as docs/scenario.md has it.
struct Tone {
  double order = 0, percent = 0, angle_deg = 0;
};

/// One input at rest: fundamental and tones.
struct Input {
  double rms = 0, angle_deg = 0;
  std::vector<Tone> tones;
};

/// A test signal: what a scenario says, and what its true values follow from.
struct Signal {
  double rate_hz = 10'240, duration_s = 3, nominal_hz = 50, hz = 50;
  std::string start = "1970-01-01T00:00:00Z";
  std::array<Input, 3> v, i;
  std::string more;  ///< further tables of the scenario: flicker, events

  double window_s() const { return 10 / 50.0 * nominal_hz / hz; }
};

inline constexpr double nominal_v = 230, nominal_a = 5;
/// Of V1: no zero crossing lies on a tick of the clock or on a sample.
inline constexpr double angle_v1_deg = 37;

/// Three balanced phases; currents lag by `lag_deg`.
Signal balanced(double volts, double amperes, double lag_deg = 0);
/// The same tones on all voltages, or on all currents.
void add_tones(std::array<Input, 3>& inputs, const std::vector<Tone>& tones);

/// The signal as a scenario in TOML.
std::string scenario_text(const Signal& signal);

// True values, in closed form: tones of different order do not multiply.
double rms(const Input& input);
double rms_of_sum(std::span<const Input> inputs);
/// Of a - b.
double rms_of_difference(const Input& a, const Input& b);
double active(const Input& v, const Input& i);
double reactive_fundamental(const Input& v, const Input& i);
/// In percent of the fundamental, harmonics of order 2 to 50.
double thd_percent(const Input& input);

struct Unbalance {
  double u2_percent = 0, u0_percent = 0;
};
/// Of the fundamentals.
Unbalance unbalance(const std::array<Input, 3>& inputs);

struct Totals {
  double p_w = 0, q_var = 0, s_va = 0;  ///< s: vector sum, with non-active power signed as Q
};
Totals totals(const Signal& signal);

}  // namespace polyphase::lab::verify
