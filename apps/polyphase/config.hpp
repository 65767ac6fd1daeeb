#pragma once

#include <string>
#include <vector>

#include "lab/session.hpp"

namespace polyphase::app {

/// Where the samples of a meter come from: the first that is named; none: the feeder built in.
struct SamplesConfig {
  std::string scenario;                 ///< file
  std::string stream;                   ///< "eth0:MU01": Sampled Values
  std::vector<std::string> recordings;  ///< played once, at their pace
  std::string map;                      ///< channels of a stream or recording
  double speed = 1;                     ///< times real time; 0: flat out
  double duration_s = 0;                ///< of a scenario; 0: as it says
};

struct MeterConfig {
  std::string name = "main";
  std::string tier = "advanced";
  std::string address;  ///< services listen on it; empty: on all, or on loopback only
  int port_offset = 0;
  SamplesConfig samples;
  lab::Settings settings;  ///< what an empty store begins with
};

struct DaemonConfig {
  int port_offset = 0;
  bool lab = false;  ///< other machines are served while the default password is in use
  std::vector<MeterConfig> meters;
};

inline constexpr std::size_t meters_max = 1'000;

/// docs/formats/configuration.md. Files that it names are relative to its own folder.
/// errors  io; invalid_config, at "file:line", with what is allowed
Result<DaemonConfig> load_config(const std::string& path);

}  // namespace polyphase::app
