#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

/// COMTRADE recordings: IEEE C37.111-1991, -1999, -2013 (IEC 60255-24). The clause texts were not
/// read; the layout is that of docs/formats/comtrade.md, checked against files of other makers.
namespace polyphase::formats::comtrade {

inline constexpr std::size_t config_bytes_max = 16u << 20;  ///< ten thousand channels need 1 MB
inline constexpr std::size_t channels_max = 20'000;         ///< of one kind in one file
inline constexpr std::size_t sections_max = 100'000;        ///< sampling sections in one file

enum class DataKind { ascii, binary, binary32, float32 };

/// value = a * code + b, in `unit`.
struct AnalogChannel {
  int number = 0;
  std::string name, phase, component, unit;
  double a = 1, b = 0;
  double skew_us = 0;  ///< the sample was taken this much after the instant of its row
  double code_min = 0, code_max = 0;
  double primary = 1, secondary = 1;
  bool in_secondary = false;  ///< marked S: values are those of the transformer's secondary side
};

struct DigitalChannel {
  int number = 0;
  std::string name, phase, component;
  bool normal_state = false;
};

/// Rows up to and including row `last` (from 1) come at this rate.
struct SamplingSection {
  double rate_hz = 0;  ///< 0: only the time stamps of the rows tell
  std::uint64_t last = 0;
};

struct Config {
  std::string station, device;
  int revision = 1991;
  std::vector<AnalogChannel> analogs;
  std::vector<DigitalChannel> digitals;
  double line_frequency_hz = 0;           ///< 0: not said
  std::vector<SamplingSection> sections;  ///< at least one
  std::optional<Instant> start, trigger;  ///< as printed, zone not taken off
  std::optional<int> utc_offset_s;        ///< of those two, where the file says it (2013)
  /// Of the recorder's clock, where the file says it (2013): 0 locked; 1 to 11 not locked, the time
  /// within 10^(n - 10) s; 15 the clock has failed.
  std::optional<int> time_quality;
  bool leap_second = false;  ///< one was inserted or left out while the recording lasted (2013)
  DataKind kind = DataKind::ascii;
  double time_multiplier = 1;
  bool nanosecond_stamps = false;     ///< stamps count nanoseconds instead of microseconds
  std::vector<std::string> warnings;  ///< what was wrong and how it was understood

  /// The rows came at rates that the header names (else: by time stamps).
  bool rates_known() const { return !sections.empty() && sections.front().rate_hz > 0; }
  std::uint64_t declared_rows() const { return sections.empty() ? 0 : sections.back().last; }
  /// How far the times may be off; nullopt: by any amount. 0 as well where the file says nothing.
  std::optional<double> clock_error_s() const;
  /// Seconds that one unit of a row's time stamp stands for.
  double stamp_unit_s() const { return (nanosecond_stamps ? 1e-9 : 1e-6) * time_multiplier; }
};

/// Reads the text of a .cfg file. `file` names it in messages.
/// errors  invalid_input with file, line and what was expected there
Result<Config> parse_config(std::string_view text, std::string_view file);

/// The text of a .cfg file of revision 2013, lines ended by CR LF. Times are written as they are
/// given.
std::string write_config(const Config& config);

/// "BINARY", "FLOAT32", …
std::string_view name_of(DataKind kind);
std::optional<DataKind> data_kind_of(std::string_view name);

/// Bytes of one row of a data file that is not ASCII.
std::size_t row_bytes(const Config& config);

}  // namespace polyphase::formats::comtrade
