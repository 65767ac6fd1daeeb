#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/quality.hpp"
#include "base/time.hpp"

namespace polyphase::registers {

/// Names a register for good: the same module of the same template has the same handles after every
/// start. 10 bits module type, 10 bits instance, 12 bits register (outputs from 0, setup from 0x800).
using Handle = std::uint32_t;

/// Position in the table of this run; cheap, and meaningless to anyone outside.
using Index = std::uint32_t;
inline constexpr Index no_register = std::numeric_limits<Index>::max();

enum class RegisterType : std::uint8_t {
  numeric, numeric_bounded, boolean, enumerated, string, pulse, event, log, waveform, dataset,
};

enum class Role : std::uint8_t { output, setup };

/// How values of a register combine over a longer interval.
enum class Aggregation : std::uint8_t {
  last,           ///< energies, counters, states
  mean,           ///< powers, frequency: weighted with the exact duration
  rms,            ///< magnitudes: root of the mean of squares
  minimum,
  maximum,
};

/// The cadences modules run at, in the order in which coinciding ones are served.
enum class Cadence : std::uint8_t { half_cycle, window, second, none };
inline constexpr std::size_t cadence_count = 3;

/// Not available: a state of its own, neither zero nor off. Inside, a NaN.
inline constexpr double not_available = std::numeric_limits<double>::quiet_NaN();
inline bool available(double value) { return !std::isnan(value); }

struct Value {
  double number = not_available;  ///< pulses: how many since start; booleans 0 and 1; enumerated: index
  Quality quality;
  Instant time;
};

/// What is fixed about a register.
struct RegisterInfo {
  Handle handle = 0;
  std::string label;   ///< as the manual prints it: "kWh del"
  std::string module;  ///< instance: "PM1"
  std::string name;    ///< within its module: "Vln a"
  RegisterType type = RegisterType::numeric;
  Role role = Role::output;
  Cadence cadence = Cadence::none;
  Aggregation aggregation = Aggregation::last;
  std::string unit;
  std::string definition;
  double minimum = -std::numeric_limits<double>::infinity();  ///< of setup registers
  double maximum = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices;                           ///< of enumerated registers; of bounded ones: the only numbers
  double interval_s = 0;  ///< of values that exist for this interval of the clock alone, told at its end
  bool fixed = false;  ///< a setup register that is as its template says, for good
};

}  // namespace polyphase::registers
