#include "formats/csv/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace polyphase::formats::csv {
namespace {

std::string_view trimmed(std::string_view s) {
  const auto blank = [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '\0';
  };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// "Ia [kA]", "Ia (kA)", "Ia_kA": the unit apart from the name.
Column column_of(std::string_view text) {
  Column column;
  text = trimmed(text);
  for (const auto& [open, close] : {std::pair{'[', ']'}, std::pair{'(', ')'}})
    if (!text.empty() && text.back() == close)
      if (const std::size_t at = text.rfind(open); at != std::string_view::npos && at > 0) {
        column.name = trimmed(text.substr(0, at));
        column.unit = trimmed(text.substr(at + 1, text.size() - at - 2));
        return column;
      }
  const std::size_t underscore = text.rfind('_');
  if (underscore != std::string_view::npos && underscore > 0) {
    const std::string_view unit = text.substr(underscore + 1);
    for (const char* known : {"V", "kV", "A", "kA", "mA", "mV", "s", "ms", "us"})
      if (unit == known) {
        column.name = text.substr(0, underscore);
        column.unit = unit;
        return column;
      }
  }
  column.name = text;
  return column;
}

std::vector<std::string_view> cut(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0;;) {
    const std::size_t end = line.find(separator, at);
    fields.push_back(trimmed(line.substr(at, end - at)));
    if (end == std::string_view::npos) return fields;
    at = end + 1;
  }
}

bool is_time_name(const std::string& name) {
  for (const char* known :
       {"t", "time", "timestamp", "date", "datetime", "zeit", "temps", "seconds", "time_s", "sec"})
    if (name == known) return true;
  return false;
}

}  // namespace

std::string_view Table::take_line() {
  while (at_ < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = text_.substr(at_, end - at_);
    at_ = end + 1;
    ++line_;
    const std::string_view content = trimmed(line);
    if (!content.empty() && content.front() != '#') return line;
  }
  return {};
}

std::optional<double> Table::number(std::string_view field) const {
  if (field.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (field.front() == '+') field.remove_prefix(1);
  char copy[64];
  if (field.size() >= sizeof copy) return std::nullopt;
  std::copy(field.begin(), field.end(), copy);
  if (separator_ != ',') std::replace(copy, copy + field.size(), ',', '.');
  double value = 0;
  const auto [end, error] = std::from_chars(copy, copy + field.size(), value);
  if (error != std::errc{} || end != copy + field.size()) return std::nullopt;
  return value;
}

Result<Table> Table::open(std::string_view text, std::string_view name) {
  Table table;
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.substr(0, 3) == byte_order_mark) text.remove_prefix(3);
  table.text_ = text;
  const auto refuse = [&](std::string message) {
    return fail(ErrorCode::invalid_input, std::move(message),
                fmt::format("{}:{}", name, std::max<std::size_t>(table.line_, 1)));
  };
  const std::string_view header = table.take_line();
  if (header.empty()) return refuse("is empty; a header line with the channels' names is needed");
  for (const char separator : {'\t', ';', ','})
    if (header.find(separator) != std::string_view::npos) {
      table.separator_ = separator;
      break;
    }
  const auto names = cut(header, table.separator_);
  if (names.size() > columns_max)
    return refuse(fmt::format("{} columns are more than {}", names.size(), columns_max));
  const bool numeric = std::all_of(names.begin(), names.end(),
                                   [&](auto f) { return table.number(f) && !f.empty(); });
  if (numeric)
    return refuse("the first line must name the columns, such as time_s,V1,V2,V3,I1,I2,I3");
  for (std::size_t i = 0; i < names.size(); ++i) {
    Column column = column_of(names[i]);
    if (i == 0 && is_time_name(lower(column.name))) {
      table.has_time_ = true;
      const std::string unit = lower(column.unit);
      table.time_scale_ = unit == "ms"                   ? 1e-3
                          : unit == "us" || unit == "µs" ? 1e-6
                          : unit == "ns"                 ? 1e-9
                                                         : 1;
      continue;
    }
    table.columns_.push_back(std::move(column));
  }
  if (table.columns_.empty()) return refuse("has no column of values");
  table.first_row_ = table.at_;
  table.first_line_ = table.line_;
  if (table.has_time_) {
    const std::string_view row = table.take_line();
    const std::string_view first = cut(row, table.separator_)[0];
    table.absolute_ = !table.number(first) && parse_iso8601(first).has_value();
    table.rewind();
  }
  return table;
}

void Table::rewind() {
  at_ = first_row_;
  line_ = first_line_;
  problem_.clear();
}

bool Table::next(double& time_s, std::span<double> values) {
  std::string_view line = take_line();
  if (line.empty()) return false;
  time_s = std::numeric_limits<double>::quiet_NaN();
  std::size_t at = 0;
  const std::size_t count = columns_.size() + (has_time_ ? 1 : 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (at > line.size()) {
      problem_ = fmt::format("{} fields where {} are needed", i, count);
      return false;
    }
    const std::size_t end = std::min(line.find(separator_, at), line.size());
    const std::string_view field = trimmed(line.substr(at, end - at));
    at = end + 1;
    std::optional<double> value;
    if (i == 0 && has_time_ && absolute_) {
      if (const auto instant = parse_iso8601(field))
        value = static_cast<double>(instant->ns) * 1e-9;
    } else {
      value = number(field);
    }
    if (!value) {
      problem_ = fmt::format("'{}' is not a number", field.substr(0, 32));
      return false;
    }
    if (i == 0 && has_time_)
      time_s = absolute_ ? *value : *value * time_scale_;
    else
      values[i - (has_time_ ? 1 : 0)] = *value;
  }
  return true;
}

}  // namespace polyphase::formats::csv
