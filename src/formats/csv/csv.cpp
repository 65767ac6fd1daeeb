#include "formats/csv/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "formats/csv/cells.hpp"

namespace polyphase::formats::csv {
namespace {

struct Line {
  std::string_view text;
  std::size_t begin = 0;
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

bool is_time_name(std::string_view name) {
  constexpr std::array<std::string_view, 19> names{
      "t",         "time",          "timestamp", "time stamp", "date",     "datetime", "date time",
      "date_time", "zeit",          "temps",     "seconds",    "utc",      "utc time", "s",
      "time_utc",  "relative time", "epoch",     "unix time",  "unix_time"};
  return std::find(names.begin(), names.end(), lower(name)) != names.end();
}

/// A row: a number or a time somewhere, and nothing that is neither or missing.
bool is_row(std::string_view line, char delimiter, bool decimal_comma) {
  std::size_t numbers = 0;
  for (std::string_view cell; next_cell(line, delimiter, cell);) {
    Count value;
    if (to_count(cell, decimal_comma, value) || parse_iso8601(cell))
      ++numbers;
    else if (!is_missing(cell))
      return false;
  }
  return numbers > 0;
}

std::vector<Line> first_lines(std::span<const std::uint8_t> file, Table& table) {
  std::vector<Line> lines;
  std::size_t at = 0;
  bool ended = false;
  for (std::string_view line;
       lines.size() < lines_before_data_max && next_line(file, at, line, ended);)
    lines.push_back(
        {line, static_cast<std::size_t>(line.data() - reinterpret_cast<const char*>(file.data()))});
  if (!lines.empty() && lower(lines[0].text).starts_with("sep=") && lines[0].text.size() == 5) {
    table.delimiter = lines[0].text[4];
    lines.erase(lines.begin());
  }
  return lines;
}

struct Found {
  std::size_t row = 0;  ///< of the lines: the first row
  std::size_t cells = 0;
};

/// The delimiter and the first row: the choice that gives most cells to a row whose successor is
/// like it. Where the delimiter is no comma, a comma may stand for the decimal point.
std::optional<Found> find_rows(std::span<const Line> lines, Table& table) {
  std::optional<Found> best;
  for (const char delimiter : {';', '\t', '|', ','}) {
    const bool decimal_comma = delimiter != ',';
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!is_row(lines[i].text, delimiter, decimal_comma)) continue;
      const std::size_t cells = cells_of(lines[i].text, delimiter).size();
      const bool alone = i + 1 == lines.size();
      if (!alone && !is_row(lines[i + 1].text, delimiter, decimal_comma)) continue;
      if (!best || cells > best->cells) {
        best = Found{i, cells};
        table.delimiter = delimiter;
        table.decimal_comma = decimal_comma;
      }
      break;
    }
  }
  return best;
}

void read_names(std::span<const Line> lines, const Found& found, Table& table) {
  table.columns.resize(found.cells);
  if (found.row == 0) return;
  auto titles = cells_of(lines[found.row - 1].text, table.delimiter);
  std::vector<std::string_view> units;
  const bool all_units = std::all_of(titles.begin(), titles.end(),
                                     [](auto cell) { return cell.empty() || is_unit(cell); });
  if (all_units && found.row >= 2) {
    units = titles;
    titles = cells_of(lines[found.row - 2].text, table.delimiter);
  }
  if (titles.size() != found.cells)
    table.warnings.push_back(
        fmt::format("the header names {} columns, the rows have {}", titles.size(), found.cells));
  table.named = true;
  for (std::size_t i = 0; i < std::min(titles.size(), found.cells); ++i) {
    table.columns[i] = column_of(titles[i]);
    if (i < units.size() && !units[i].empty())
      table.columns[i] = {std::string(titles[i]), std::string(without_brackets(units[i]))};
  }
}

void read_comments(std::span<const std::uint8_t> before, Table& table) {
  std::string_view text(reinterpret_cast<const char*>(before.data()), before.size());
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = line.find('=');
    if (!line.starts_with('#') || equals == std::string_view::npos) continue;
    double rate = 0;
    if (trim(line.substr(1, equals - 1)) == "sample_rate_hz" &&
        to_number(trim(line.substr(equals + 1)), false, rate) && rate > 0)
      table.sample_rate_hz = rate;
  }
}

std::optional<double> unit_in_seconds(std::string_view unit) {
  if (unit == "s" || unit == "sec") return 1;
  if (unit == "ms") return 1e-3;
  if (unit == "us" || unit == "µs") return 1e-6;
  if (unit == "ns") return 1e-9;
  return {};
}

/// Without names a first column that rises in equal steps is the time.
bool rises_evenly(std::span<const Line> rows, const Table& table) {
  constexpr std::size_t rows_looked_at = 20;
  std::vector<double> values;  // since the first
  std::optional<Count> origin;
  for (const Line& row : rows.first(std::min(rows.size(), rows_looked_at))) {
    Count count;
    const auto cells = cells_of(row.text, table.delimiter);
    if (cells.empty() || !to_count(cells[0], table.decimal_comma, count)) return false;
    if (!origin) origin = count;
    values.push_back(static_cast<double>(count.whole - origin->whole) + count.part - origin->part);
  }
  if (values.size() < 3) return false;
  const double step = (values.back() - values.front()) / static_cast<double>(values.size() - 1);
  for (std::size_t i = 1; i < values.size(); ++i)
    if (!(step > 0) || std::abs(values[i] - values[i - 1] - step) > 1e-3 * step) return false;
  return true;
}

void find_time_column(std::span<const Line> rows, Table& table) {
  const auto first = cells_of(rows[0].text, table.delimiter);
  for (std::size_t i = 0; i < table.columns.size() && i < first.size(); ++i) {
    Count number;
    const bool numeric = to_count(first[i], table.decimal_comma, number);
    const bool iso = !numeric && parse_iso8601(first[i]).has_value();
    const bool time = iso || (numeric && (table.named ? is_time_name(table.columns[i].name)
                                                      : i == 0 && rises_evenly(rows, table)));
    if (!time) continue;
    table.time_column = i;
    table.time_kind = iso ? TimeKind::iso8601 : TimeKind::seconds;
    // A zone follows the clock: "…Z", "…+02:00"; the hyphens of the date come before it.
    table.zoned = iso && (first[i].back() == 'Z' ||
                          first[i].find_first_of("+-", 10) != std::string_view::npos);
    table.time_unit_s = unit_in_seconds(table.columns[i].unit);
    return;
  }
}

}  // namespace

Result<Table> parse(std::span<const std::uint8_t> file, std::string_view name) {
  if (file.size() >= 3 && file[0] == 0xEF && file[1] == 0xBB && file[2] == 0xBF)
    file = file.subspan(3);
  Table table;
  const auto lines = first_lines(file, table);
  const auto found = find_rows(lines, table);
  if (!found)
    return fail(ErrorCode::invalid_input,
                fmt::format("no row of numbers in the first {} lines; write a header like 'time "
                            "[s],V1 [V],I1 [A]' and a row for each sample",
                            lines.size()),
                fmt::format("{}:1", name));
  read_names(lines, *found, table);
  read_comments(file.first(lines[found->row].begin), table);
  find_time_column(std::span(lines).subspan(found->row), table);
  table.body = file.subspan(lines[found->row].begin);
  std::size_t at = 0;
  for (std::string_view line; next_row(table, at, line);) ++table.row_count;
  if (table.row_count == 0)
    return fail(ErrorCode::invalid_input, "holds not one whole row", fmt::format("{}:1", name));
  for (auto& warning : table.warnings) warning = fmt::format("{}: {}", name, warning);
  return table;
}

void RowReader::choose(std::span<const Pick> picks) {
  picks_.assign(picks.begin(), picks.end());
  std::sort(picks_.begin(), picks_.end(),
            [](const Pick& a, const Pick& b) { return a.column < b.column; });
  rewind();
}

std::size_t RowReader::read(std::span<Frame> frames, bool& missing) {
  std::size_t count = 0;
  std::string_view line;
  while (count < frames.size() && next_row(*table_, at_, line)) {
    Frame& frame = frames[count++];
    frame = {};
    std::size_t column = 0;
    std::string_view cell;
    bool there = next_cell(line, table_->delimiter, cell);
    for (const Pick& pick : picks_) {
      for (; there && column < pick.column; ++column)
        there = next_cell(line, table_->delimiter, cell);
      double value = 0;
      const bool number = there && to_number(cell, table_->decimal_comma, value);
      frame.value[pick.lane] = number ? static_cast<float>(value * pick.factor)
                                      : std::numeric_limits<float>::quiet_NaN();
      missing = missing || !number;
    }
  }
  return count;
}

std::string write_header(const WriteFormat& format, std::span<const Column> columns) {
  std::string out = format.iso_time ? "time" : "time [s]";
  for (const Column& column : columns) {
    out += format.delimiter;
    out += column.unit.empty() ? column.name : fmt::format("{} [{}]", column.name, column.unit);
  }
  return out + "\n";
}

void append_rows(const WriteFormat& format, std::size_t columns, std::span<const float> values,
                 double first_s, double sample_rate_hz, Instant origin, std::string& out) {
  const std::size_t start = out.size();
  for (std::size_t row = 0; (row + 1) * columns <= values.size(); ++row) {
    const double seconds = first_s + static_cast<double>(row) / sample_rate_hz;
    if (format.iso_time) {
      // Nanoseconds: at 200 kHz a microsecond is a fifth of a sample.
      const Instant instant = origin.plus_s(seconds);
      const Instant whole =
          instant.plus_ns(-(((instant.ns % 1'000'000'000) + 1'000'000'000) % 1'000'000'000));
      out += to_iso8601(whole).substr(0, 19);
      fmt::format_to(std::back_inserter(out), ".{:09}Z", instant.ns - whole.ns);
    } else {
      fmt::format_to(std::back_inserter(out), "{:.9f}", seconds);
    }
    for (const float value : values.subspan(row * columns, columns)) {
      out += format.delimiter;
      if (std::isfinite(value))
        fmt::format_to(std::back_inserter(out), "{:.9g}", static_cast<double>(value));
    }
    out += '\n';
  }
  if (format.decimal_comma)
    std::replace(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), '.', ',');
}

}  // namespace polyphase::formats::csv
