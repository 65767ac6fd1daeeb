#pragma once

#include <string>

#include "base/result.hpp"
#include "sources/simulator/scenario.hpp"

namespace polyphase::lab {

/// The scenario that a meter without any other source watches: examples/scenarios/feeder.toml.
Result<sources::simulator::Scenario> default_scenario();

/// errors  io; invalid_config with file and line
Result<sources::simulator::Scenario> load_scenario(const std::string& path);

/// Writes a scenario as a recording, by the ending of `output`: COMTRADE 2013 of 32-bit floats
/// (.cfg and .dat), .csv (with times of the day where the scenario has a start) or .wav (32-bit
/// floats). Channels without a signal are left out, but of .wav, which has all eight. Samples
/// within a gap are marked as missing; .wav, which cannot, has zeros. errors  io; unsupported:
/// another ending; invalid_config: no end, or no whole rate for .wav;
///         limit: more than the format holds
Result<void> synth(sources::simulator::Scenario scenario, const std::string& output);

}  // namespace polyphase::lab
