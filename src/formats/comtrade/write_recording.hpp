#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace polyphase::formats::comtrade {

/// A channel to be written: primary values in volts or amperes.
struct WrittenChannel {
  std::string name, phase, unit;
};

/// The .cfg text of a FLOAT32 recording by the edition of 2013: lines end with CR LF.
std::string configuration_text(const std::string& station,
                               const std::vector<WrittenChannel>& channels,
                               double line_frequency_hz, double sample_rate_hz,
                               std::uint64_t samples, Instant start);

/// Appends one FLOAT32 record of the .dat part: number from 1, time stamp in microseconds, values.
void append_record(std::string& data, std::uint64_t number, double time_us, const float* values,
                   std::size_t count);

}  // namespace polyphase::formats::comtrade
