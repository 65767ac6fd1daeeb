#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "formats/pcap/pcap.hpp"
#include "wire/sv/sv.hpp"

namespace polyphase::sources::recording {

inline constexpr std::size_t streams_max = 1'024;

/// One stream of Sampled Values, as a look through the whole capture shows it.
struct SvStream {
  std::string sv_id;
  std::uint16_t app_id = 0;
  std::size_t channels = 0;
  std::size_t asdus = 0;  ///< in each frame
  std::uint64_t samples = 0;
  Instant first_arrival, last_arrival;
  std::uint16_t first_count = 0;
  std::uint8_t first_synchronised = 0;
  std::uint16_t count_max = 0;
  bool wrapped = false;      ///< smpCnt began anew
  std::uint64_t places = 0;  ///< samples sent between the first and the last one, as smpCnt tells
  /// Where samples followed each other closely: how many, and in what time.
  std::uint64_t paced_places = 0;
  double paced_s = 0;
  std::optional<std::uint16_t> sample_rate, sample_mode;
  bool simulated = false;

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
/// one. errors  invalid_input: there is none; invalid_config: none of that name, or several
Result<SvStream> choose_stream(const SvSurvey& survey, const std::string& wanted,
                               const std::string& file);

/// How smpCnt counts: samples a second, and after how many it begins anew.
struct SvPace {
  double sample_rate_hz = 0;
  std::uint32_t wrap = 0;
};
/// From smpRate where the stream carries it, else from where smpCnt begins anew and the times of
/// arrival. errors  invalid_input: too short to tell
Result<SvPace> pace_of(const SvStream& stream, const std::string& file);

/// 50 or 60 where the profile tells (9-2 LE: 80 or 256 samples a period).
std::optional<double> line_frequency_of(const SvStream& stream, const SvPace& pace);

/// Time of a sample by smpCnt: the second is the one nearest to the arrival.
Instant time_by_count(std::uint16_t count, double sample_rate_hz, Instant arrival);

}  // namespace polyphase::sources::recording
