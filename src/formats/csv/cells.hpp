#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/csv/csv.hpp"

/// How a line of a table is cut and its cells read.
namespace polyphase::formats::csv {

/// Takes the next line that is not blank and no comment (#); false at the end. `ended`: by a
/// newline.
bool next_line(std::span<const std::uint8_t> body, std::size_t& at, std::string_view& line,
               bool& ended);

/// The next row of a table's body; a last line that breaks off is none.
bool next_row(const Table& table, std::size_t& at, std::string_view& line);

/// Takes the next cell off `line`, trimmed and without quotes. False when the line is used up.
bool next_cell(std::string_view& line, char delimiter, std::string_view& cell);
std::vector<std::string_view> cells_of(std::string_view line, char delimiter);

std::string_view trim(std::string_view text);

/// A finite number of at most 1e15.
bool to_number(std::string_view cell, bool decimal_comma, double& value);

/// A number whose whole part may be larger than a double holds exactly: nanoseconds since 1970.
struct Count {
  std::int64_t whole = 0;
  double part = 0;  ///< has the sign of the number
};
inline constexpr std::int64_t count_max = 4'000'000'000'000'000'000;
bool to_count(std::string_view cell, bool decimal_comma, Count& count);

/// True for what stands for a value that is missing: empty, nan, N/A, null, -.
bool is_missing(std::string_view cell);

/// "V1 [V]", "Ia (kA)", "UA_kV", "t/s": name and unit.
Column column_of(std::string_view title);

/// True for "(V)", "[kA]", "ms": a cell of a line of units.
bool is_unit(std::string_view cell);
std::string_view without_brackets(std::string_view cell);

}  // namespace polyphase::formats::csv
