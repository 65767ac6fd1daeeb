#include "formats/comtrade/text_rows.hpp"

#include <algorithm>
#include <cstring>

#include "formats/comtrade/fields.hpp"

namespace polyphase::formats::comtrade {
namespace {

// Codes are small integers nearly always.
bool parse_code(std::string_view field, double& code) {
  std::size_t i = 0;
  while (i < field.size() && (field[i] == ' ' || field[i] == '\t')) ++i;
  const bool negative = i < field.size() && field[i] == '-';
  const std::size_t first = i + (negative ? 1 : 0);
  std::int64_t integer = 0;
  for (i = first; i < field.size() && i < first + 12 && field[i] >= '0' && field[i] <= '9'; ++i)
    integer = integer * 10 + (field[i] - '0');
  if (i > first && i == field.size()) {
    code = static_cast<double>(negative ? -integer : integer);
    return true;
  }
  return to_number(field, code);
}

std::string_view take_field(std::string_view& line) {
  const auto comma = line.find(',');
  const auto field = line.substr(0, comma);
  line.remove_prefix(comma == std::string_view::npos ? line.size() : comma + 1);
  return field;
}

}  // namespace

bool next_text_row(std::span<const std::uint8_t> data, std::size_t& at, std::size_t analogs,
                   TextRow& row) {
  const auto* const begin = reinterpret_cast<const char*>(data.data());
  while (at < data.size()) {
    const void* const newline = std::memchr(begin + at, '\n', data.size() - at);
    const std::size_t end =
        newline == nullptr ? data.size()
                           : static_cast<std::size_t>(static_cast<const char*>(newline) - begin);
    std::string_view line(begin + at, end - at);
    at = newline == nullptr ? end : end + 1;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\x1a'))
      line.remove_suffix(1);
    if (line.find(',') == std::string_view::npos) continue;
    const bool broken_off = newline == nullptr && static_cast<std::size_t>(std::count(
                                                      line.begin(), line.end(), ',')) < analogs + 1;
    if (broken_off) continue;
    row.number = take_field(line);
    row.stamped = parse_code(take_field(line), row.stamp);
    row.values = line;
    return true;
  }
  return false;
}

TextRowCount count_text_rows(std::span<const std::uint8_t> data, std::size_t analogs) {
  TextRowCount count;
  std::size_t at = 0;
  for (TextRow row; next_text_row(data, at, analogs, row); count.last_number = row.number)
    if (count.rows++ == 0) count.first_number = row.number;
  return count;
}

bool TextColumns::at(std::size_t column, double& code) {
  for (; column_ < column; ++column_) {
    const auto comma = rest_.find(',');
    ended_ = ended_ || comma == std::string_view::npos;
    if (ended_) return false;
    rest_.remove_prefix(comma + 1);
  }
  return !ended_ && parse_code(rest_.substr(0, rest_.find(',')), code);
}

}  // namespace polyphase::formats::comtrade
