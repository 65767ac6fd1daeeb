#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "wire/sv/sv.hpp"

namespace polyphase::wire::sv {

/// What the samples of one stream tell about it as they come by: a capture, or an interface.
struct Observation {
  std::uint64_t samples = 0;
  std::size_t channels = 0;
  std::size_t asdus = 0;  ///< in each frame
  Instant first_arrival, last_arrival;
  std::uint16_t first_count = 0, last_count = 0, count_max = 0;
  std::uint8_t first_synchronised = 0, synchronised = 0;
  std::uint32_t config_revision = 0;  ///< the latest
  bool wrapped = false;               ///< smpCnt began anew
  std::uint64_t places = 0;  ///< samples sent between the first and the last one, as smpCnt tells
  /// Where samples followed each other closely: how many, and in what time.
  std::uint64_t paced_places = 0;
  double paced_s = 0;
  std::optional<std::uint16_t> sample_rate, sample_mode;
  bool simulated = false;

  void add(const Frame& frame, const Asdu& asdu, Instant arrival);
};

/// How smpCnt counts: samples a second, and after how many it begins anew.
struct Pace {
  double sample_rate_hz = 0;
  std::uint32_t wrap = 0;
};

/// From smpRate where the stream carries it, else from where smpCnt begins anew and the times of
/// arrival. Nothing: too short to tell.
std::optional<Pace> pace_of(const Observation& seen);

/// True once pace_of() does not change any more with what comes: smpRate fits the arrivals, smpCnt
/// began anew, or more than a second went by.
bool pace_is_settled(const Observation& seen);

/// 50 or 60 where the profile tells (9-2 LE: 80 or 256 samples a period).
std::optional<double> line_frequency_of(const Observation& seen, const Pace& pace);

/// Time of a sample by smpCnt: the second is the one nearest to the arrival.
Instant time_by_count(std::uint16_t count, double sample_rate_hz, Instant arrival);

}  // namespace polyphase::wire::sv
