#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/samples.hpp"

namespace polyphase::sources {

/// A channel of a recording, as far as its meaning can be told from it.
struct Candidate {
  std::string name, phase, unit;
  bool oscillates = true;  ///< false: computed magnitudes, angles, states
  bool flat = false;       ///< all zero where it was looked at
};

/// Which channel of the recording becomes which input.
struct Mapping {
  std::array<int, channel_count> source{-1, -1, -1, -1, -1, -1, -1, -1};
  std::array<double, channel_count> factor{1, 1, 1, 1,
                                           1, 1, 1, 1};  ///< to volts, amperes; with sign
  std::vector<std::string> notes;

  ChannelMask present() const;
};

inline constexpr double map_factor_max = 1e9;

/// Finds the inputs among the channels. `map` ("V1=UA,V2=-U21,I1=#5"; #n by number from 1, -
/// inverts, *f scales, nothing leaves the input out) decides first; for the other inputs exact
/// names V1 to I4, then unit and phase letters or numbers in the name or phase field.
///
/// `delta`: V1, V2, V3 are the line voltages ab, bc, ca; else line voltages are never taken for
/// phases. errors  invalid_config: the map names what is not there; invalid_input: two equally good
/// candidates
///         (with a map: a note)
Result<Mapping> map_channels(const std::vector<Candidate>& candidates, std::string_view map,
                             bool delta);

/// Names for channels that have none, by their number: V1 I1 for 2, V1 V2 V3 for 3, V1 V2 V3 I1 I2
/// I3 for 6, all for 8; empty for other numbers.
std::vector<std::string> names_by_position(std::size_t channels);

}  // namespace polyphase::sources
