#pragma once

#include <string>

#include "base/result.hpp"
#include "sources/simulator/scenario.hpp"

namespace polyphase::lab {

/// The scenario that a meter without any other source watches: examples/scenarios/feeder.toml.
Result<sources::simulator::Scenario> default_scenario();

/// errors  io; invalid_config with file and line
Result<sources::simulator::Scenario> load_scenario(const std::string& path);

/// Writes a scenario as a recording, by the ending of `output`: COMTRADE 2013 FLOAT32 (.cfg and .dat),
/// .csv or .wav (32-bit floats, eight channels). Channels without a signal are left out, but of .wav.
/// errors  io; unsupported: another ending
Result<void> synth(sources::simulator::Scenario scenario, const std::string& output);

}  // namespace polyphase::lab
