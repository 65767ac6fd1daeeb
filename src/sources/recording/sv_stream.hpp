#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "formats/pcap/pcap.hpp"
#include "wire/sv/observation.hpp"

namespace polyphase::sources::recording {

inline constexpr std::size_t streams_max = 1'024;

/// One stream of Sampled Values, as a look through the whole capture shows it.
struct SvStream {
  std::string sv_id;
  std::uint16_t app_id = 0;
  wire::sv::Observation seen;

  bool matches(const wire::sv::Frame& frame, const wire::sv::Asdu& asdu) const {
    return frame.app_id == app_id && asdu.sv_id == sv_id;
  }
  std::string title() const;  ///< "MU01@4000"
};

struct SvSurvey {
  std::vector<SvStream> streams;
  std::uint64_t packets = 0, malformed = 0;
  std::string first_malformed;  ///< what was wrong with it
  bool too_many_streams = false;
};
SvSurvey survey(formats::pcap::Reader& reader);

/// The stream to be read: the one that `wanted` names by svID or svID@APPID; with no name the only
/// one. errors  invalid_input: there is none, or several fit; invalid_config: none of that name
Result<SvStream> choose_stream(const SvSurvey& survey, const std::string& wanted,
                               const std::string& file);

}  // namespace polyphase::sources::recording
