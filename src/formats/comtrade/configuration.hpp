#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace polyphase::formats::comtrade {

/// Value in `unit` = multiplier * stored + offset; `secondary` values times primary /
/// secondary_rating give the primary side.
struct AnalogChannel {
  std::string name, phase, circuit, unit;
  double multiplier = 1, offset = 0;
  double skew_us = 0;
  double code_min = 0, code_max = 0;
  double primary_rating = 1, secondary_rating = 1;
  bool secondary = false;
};

struct Section {
  double sample_rate_hz = 0;      ///< 0: by time stamps
  std::uint64_t last_sample = 0;  ///< number of its last sample, from 1
};

enum class DataType { ascii, binary, binary32, float32 };

/// The .cfg part of a recording: COMTRADE 1991, 1999 and 2013.
struct Configuration {
  std::string station, device;
  int revision_year = 1991;
  std::vector<AnalogChannel> analogs;
  std::size_t digital_count = 0;
  std::optional<double> line_frequency_hz;
  std::vector<Section> sections;
  std::optional<Instant> start;     ///< of the first sample, as local as the file says
  std::optional<int> utc_offset_s;  ///< 2013: what the file says of its zone
  DataType type = DataType::ascii;
  double time_multiplier = 1;  ///< of the time stamps, in microseconds
  std::vector<std::string> warnings;

  std::uint64_t declared_samples() const {
    return sections.empty() ? 0 : sections.back().last_sample;
  }
  std::size_t status_words() const { return (digital_count + 15) / 16; }
  std::size_t record_size() const {
    return 8 + analogs.size() * (type == DataType::binary ? 2 : 4) + 2 * status_words();
  }
};

inline constexpr std::size_t channels_max = 10'000;
inline constexpr std::size_t sections_max = 100'000;

/// errors  invalid_input, at "name:line"
Result<Configuration> parse_configuration(std::string_view text, std::string_view name);

/// A single-file recording (.cff) cut into its parts; empty where the file has none.
struct CombinedParts {
  std::string_view configuration, data;
};
/// errors  invalid_input: no configuration or no data in it
Result<CombinedParts> split_combined(std::string_view file, std::string_view name);

/// Field text as UTF-8: what is none is taken as Latin-1.
std::string to_utf8(std::string_view text);

}  // namespace polyphase::formats::comtrade
