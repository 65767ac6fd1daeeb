#pragma once

#include "graph/descriptor.hpp"

namespace polyphase::modules::sag_swell {

/// Positions in the descriptor.
enum Input : std::size_t {
  half_cycle,
  nominal,
  nominal_current,
  nominal_frequency,
  volts_mode,
  enable,
  reset,
  sliding_reference,
  rvc_enable
};

enum Setting : std::size_t {
  sag_limit,
  swell_limit,
  interruption_limit,
  hysteresis,
  change_critical,
  rvc_limit,
  rvc_hysteresis,
  i_sag_pickup,
  i_sag_dropout,
  i_swell_pickup,
  i_swell_dropout,
  priority,
  current_priority,
  reference,
};

inline constexpr std::size_t phase_count = 3;
inline constexpr std::size_t profile_outputs = 4;  ///< minimum, maximum, average, energy
inline constexpr std::size_t sub_outputs = 6;      ///< trigger, duration and a profile
inline constexpr std::size_t kind_outputs =
    3 + 2 * phase_count;  ///< end, duration and extreme of all, of V1, V2, V3

enum Output : std::size_t {
  dist_state,
  dist_start,
  dist_end,
  dist_duration,
  dist_nominal,
  dist_count,
  dist_profile,  ///< V1 min, max, avg, engy, V2 min, ...
  sub_profile =
      dist_profile + phase_count * profile_outputs,  ///< V1 trig, dur, min, ..., V2 trig, ...
  rvc_trigger = sub_profile + phase_count * sub_outputs,
  delta_umax,
  delta_uss,
  rvc_duration,
  i_sag_state,  ///< I1, I2, I3
  i_swell_state = i_sag_state + phase_count,
  i_sag_hysteresis = i_swell_state + phase_count,
  i_swell_hysteresis,
  first_kind,  ///< sag, swell, interruption
};

graph::ModuleDescriptor describe_sag_swell();

}  // namespace polyphase::modules::sag_swell
