#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/samples.hpp"

/// Tables of numbers as text: a header of names with units, one row a sample. Grammar and examples:
/// docs/formats/csv.md.
namespace polyphase::formats::csv {

inline constexpr std::size_t columns_max = 4096;
inline constexpr std::size_t line_bytes_max = 1u << 20;
inline constexpr std::size_t lines_before_data_max = 200;  ///< titles, comments, header, units

struct Column {
  std::string name, unit;  ///< unit as written ("kV"); empty: not said
};

enum class TimeKind { none, seconds, iso8601 };

/// What the first lines say about a table, and where its rows are.
struct Table {
  char delimiter = ',';
  bool decimal_comma = false;  ///< allowed: the delimiter is another
  bool named = false;          ///< a header gave the names
  std::vector<Column> columns;
  TimeKind time_kind = TimeKind::none;
  std::size_t time_column = 0;
  bool zoned = false;                    ///< ISO 8601 times that say their zone
  std::optional<double> time_unit_s;     ///< of a time column that is a number; absent: not said
  std::optional<double> sample_rate_hz;  ///< from a line "# sample_rate_hz = 10240"
  std::span<const std::uint8_t> body;    ///< from the first row on
  std::uint64_t row_count = 0;
  std::vector<std::string> warnings;
};

/// errors  invalid_input when no row of numbers is found
Result<Table> parse(std::span<const std::uint8_t> file, std::string_view name);

struct Pick {
  std::size_t column = 0;
  std::size_t lane = 0;
  double factor = 1;
};

/// Reads the rows of a table one after the other, straight into frames. A cell that is empty or no
/// number becomes NaN.
class RowReader {
 public:
  explicit RowReader(const Table& table) : table_(&table) {}
  void choose(std::span<const Pick> picks);
  void rewind() { at_ = 0; }
  std::size_t read(std::span<Frame> frames, bool& missing);

 private:
  const Table* table_;
  std::vector<Pick> picks_;  ///< by column
  std::size_t at_ = 0;
};

/// Numbers that lie in here are counted from 1970 on: to 2065 they are no times of LabVIEW (from
/// 1904) or NTP (from 1900), which would be dated decades too late.
inline constexpr double since_1970_min_s = 946'684'800;  ///< 2000
inline constexpr double since_1970_max_s = 3e9;
/// Three years; what is longer is no time since something began.
inline constexpr double relative_max_s = 1e8;

/// The time column of a table.
struct Times {
  std::vector<double> seconds;    ///< of each row, from `origin` on where there is one; NaN: not
                                  ///< readable, or more than relative_max_s away
  std::optional<Instant> origin;  ///< the first row's time; absent: numbers that name no date
  double unit_s = 1;              ///< of the numbers
  double resolution_s = 0;        ///< of the last digit that was written
};

/// Numbers are seconds, or what the header names. Those between the limits above, in their unit or
/// in s, ms, us or ns where none is named, are counts since 1970. errors  invalid_input: numbers
/// too large for a relative time that are none
Result<Times> read_times(const Table& table);

struct WriteFormat {
  char delimiter = ',';
  bool decimal_comma = false;  ///< needs a delimiter that is no comma
  bool iso_time = false;       ///< else seconds
};

/// "time [s],V1 [V],…": the time column and the columns given.
std::string write_header(const WriteFormat& format, std::span<const Column> columns);

/// Appends one row a sample, values in shape {rows, columns}. ISO times count from `origin`. An
/// empty cell stands for NaN.
void append_rows(const WriteFormat& format, std::size_t columns, std::span<const float> values,
                 double first_s, double sample_rate_hz, Instant origin, std::string& out);

}  // namespace polyphase::formats::csv
