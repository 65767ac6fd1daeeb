#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

/// The pieces that the lines of a configuration are made of.
namespace polyphase::formats::comtrade {

struct Line {
  std::string_view text;  ///< trimmed, not empty
  int number = 0;         ///< in the file, from 1
};

std::string_view trim(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Lines that hold more than white space, end-of-file marks (0x1A) and NUL; a byte-order mark is
/// skipped.
std::vector<Line> lines_of(std::string_view text);

/// Trimmed fields between commas.
std::vector<std::string_view> split(std::string_view line);

/// A field as a message may quote it: no control characters, at most 60 bytes.
std::string shown(std::string_view field);

/// A finite number; a leading + is allowed.
bool to_number(std::string_view field, double& value);

template <class Integer>
bool to_int(std::string_view field, Integer& value) {
  field = trim(field);
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  return error == std::errc{} && end == field.data() + field.size() && !field.empty();
}

/// "dd/mm/yyyy,hh:mm:ss.ffffff", for revision 1991 "mm/dd/yy,…"; a day and month that only fit the
/// other way round are swapped with a warning. `nanoseconds` is set when there are more than 6
/// digits.
std::optional<Instant> parse_date_time(std::string_view line, int revision, bool& nanoseconds,
                                       std::vector<std::string>& warnings,
                                       const std::string& where);

/// "-5h30", "+2", "0" as seconds east of Greenwich.
std::optional<int> parse_time_code(std::string_view code);

}  // namespace polyphase::formats::comtrade
