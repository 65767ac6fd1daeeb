#include "formats/csv/cells.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace polyphase::formats::csv {
namespace {

constexpr double value_max = 1e15;  // beyond this it is damage; no factor takes it out of range
constexpr std::array<std::string_view, 15> units{"V",  "kV", "mV", "MV", "A",  "kA", "mA", "s",
                                                 "ms", "us", "µs", "ns", "KV", "KA", "sec"};

bool known_unit(std::string_view text) {
  return std::find(units.begin(), units.end(), text) != units.end();
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool next_line(std::span<const std::uint8_t> body, std::size_t& at, std::string_view& line,
               bool& ended) {
  const auto* const text = reinterpret_cast<const char*>(body.data());
  while (at < body.size()) {
    const auto* const newline =
        static_cast<const char*>(std::memchr(text + at, '\n', body.size() - at));
    const std::size_t end =
        newline == nullptr ? body.size() : static_cast<std::size_t>(newline - text);
    line = {text + at, end - at};
    ended = newline != nullptr;
    at = ended ? end + 1 : end;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\x1a'))
      line.remove_suffix(1);
    const auto first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos && line[first] != '#' && line.size() <= line_bytes_max)
      return true;
  }
  return false;
}

bool next_cell(std::string_view& line, char delimiter, std::string_view& cell) {
  if (line.data() == nullptr) return false;
  std::size_t end = 0;
  if (const auto first = line.find_first_not_of(' ');
      first != std::string_view::npos && line[first] == '"')
    end = std::min(line.find('"', first + 1),
                   line.size());  // delimiters inside quotes belong to the cell
  end = line.find(delimiter, end);
  cell = trim(line.substr(0, end));
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
    cell = trim(cell.substr(1, cell.size() - 2));
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
  return true;
}

bool next_row(const Table& table, std::size_t& at, std::string_view& line) {
  bool ended = false;
  if (!next_line(table.body, at, line, ended)) return false;
  return ended ||
         static_cast<std::size_t>(std::count(line.begin(), line.end(), table.delimiter)) + 1 >=
             table.columns.size();
}

std::vector<std::string_view> cells_of(std::string_view line, char delimiter) {
  std::vector<std::string_view> cells;
  for (std::string_view cell; cells.size() < columns_max && next_cell(line, delimiter, cell);)
    cells.push_back(cell);
  return cells;
}

bool to_number(std::string_view cell, bool decimal_comma, double& value) {
  std::array<char, 64> copy;
  if (cell.starts_with('+')) cell.remove_prefix(1);
  if (decimal_comma && cell.find(',') != std::string_view::npos) {
    if (cell.size() > copy.size()) return false;
    std::replace_copy(cell.begin(), cell.end(), copy.begin(), ',', '.');
    cell = {copy.data(), cell.size()};
  }
  double parsed = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), parsed);
  if (error != std::errc{} || end != cell.data() + cell.size() || !(std::abs(parsed) <= value_max))
    return false;
  value = parsed;
  return true;
}

bool to_count(std::string_view cell, bool decimal_comma, Count& count) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  const auto* const end = cell.data() + cell.size();
  Count read;
  const auto [stop, error] = std::from_chars(cell.data(), end, read.whole);
  const bool point = stop != end && (*stop == '.' || (decimal_comma && *stop == ','));
  const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
  if (error == std::errc{} && read.whole <= count_max && read.whole >= -count_max &&
      (rest.empty() || (point && rest.find_first_of("eE") == std::string_view::npos &&
                        (rest.size() == 1 || to_number(rest, decimal_comma, read.part))))) {
    if (cell.starts_with('-')) read.part = -read.part;
    count = read;
    return true;
  }
  double value = 0;
  if (!to_number(cell, decimal_comma, value)) return false;
  count = {static_cast<std::int64_t>(value), value - std::trunc(value)};
  return true;
}

bool is_missing(std::string_view cell) {
  constexpr std::array<std::string_view, 10> names{"",    "-",   "nan", "NaN",  "NAN",
                                                   "N/A", "n/a", "NA",  "null", "NULL"};
  return std::find(names.begin(), names.end(), cell) != names.end();
}

std::string_view without_brackets(std::string_view cell) {
  const bool bracketed = cell.size() >= 2 && ((cell.front() == '(' && cell.back() == ')') ||
                                              (cell.front() == '[' && cell.back() == ']'));
  return bracketed ? trim(cell.substr(1, cell.size() - 2)) : cell;
}

bool is_unit(std::string_view cell) {
  return known_unit(without_brackets(cell)) || without_brackets(cell).size() < cell.size();
}

Column column_of(std::string_view title) {
  const auto open = title.find_last_of("([");
  if (open != std::string_view::npos && open > 0 && (title.back() == ')' || title.back() == ']'))
    return {std::string(trim(title.substr(0, open))),
            std::string(trim(title.substr(open + 1, title.size() - open - 2)))};
  const auto mark = title.find_last_of("_/ ");
  if (mark != std::string_view::npos && mark > 0) {
    const auto unit = title.substr(mark + 1);
    const auto name = trim(title.substr(0, mark));
    // "V_A" is the voltage of phase A and no number of amperes; "Ia_A" and "t_s" are clear.
    const bool phase_letter = unit.size() == 1 && unit != "s" && name.size() < 2;
    if (known_unit(unit) && !phase_letter) return {std::string(name), std::string(unit)};
  }
  return {std::string(title), {}};
}

}  // namespace polyphase::formats::csv
