#pragma once

#include <cstddef>
#include <string_view>

#include "base/samples.hpp"
#include "sources/mapping.hpp"
#include "wire/sv/sv.hpp"

namespace polyphase::sources {

/// A sample of a stream of Sampled Values as it came, in volts and amperes.
struct SvSample {
  Frame frame;
  Instant arrival;
  std::uint16_t count = 0;  ///< smpCnt
  bool synchronised = false;
  char marks = 0;  ///< of bridge.hpp: an input in use is invalid, questionable or beyond its range
};

/// Which channels of a data set become which inputs. Eight are Ia Ib Ic In Va Vb Vc Vn as 9-2 LE
/// has them, six Ia Ib Ic Va Vb Vc; other numbers say nothing and need `map` with #n. Factors are
/// to volts and amperes: 10 mV and 1 mA a step, times what the map says.
///
/// errors  those of map_channels(); invalid_config: no input is found
Result<Mapping> map_sv_channels(std::size_t channels, std::string_view map, bool delta);

/// needs  asdu has the channels that the mapping was made for
void convert(const wire::sv::Asdu& asdu, const Mapping& mapping, Instant arrival, SvSample& sample);

}  // namespace polyphase::sources
