#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/samples.hpp"

namespace polyphase::sources::recording {

/// A channel of a recording, as far as its meaning can be told from it.
struct Candidate {
  std::string name, phase, unit;
  bool oscillates = true;  ///< false: computed magnitudes, angles, states
};

/// Which channel of the recording becomes which input.
struct Mapping {
  std::array<int, channel_count> source{-1, -1, -1, -1, -1, -1, -1, -1};
  std::array<double, channel_count> factor{1, 1, 1, 1, 1, 1, 1, 1};  ///< to volts and amperes, with sign
  std::vector<std::string> notes;

  ChannelMask present() const;
};

/// Finds the inputs among the channels: by `map` ("V1=UA,V2=-U21,I1=#5"; #n by number from 1, - inverts,
/// *f scales), else by exact names V1 to I4, else by unit and phase letters or numbers.
///
/// `delta`: V1, V2, V3 are the line voltages ab, bc, ca; else line voltages are never taken for phases.
/// errors  invalid_config: the map names what is not there; invalid_input: two equally good candidates
Result<Mapping> map_channels(const std::vector<Candidate>& candidates, std::string_view map, bool delta);

}  // namespace polyphase::sources::recording
