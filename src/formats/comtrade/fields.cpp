#include "formats/comtrade/fields.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

namespace polyphase::formats::comtrade {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Integers between anything that is no digit; false when there are not `wanted` of them.
bool take_integers(std::string_view text, std::span<int> wanted) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < text.size() && found < wanted.size();) {
    if (text[i] < '0' || text[i] > '9') {
      ++i;
      continue;
    }
    const auto [end, error] =
        std::from_chars(text.data() + i, text.data() + text.size(), wanted[found]);
    if (error != std::errc{}) return false;
    i = static_cast<std::size_t>(end - text.data());
    ++found;
  }
  return found == wanted.size();
}

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank(" \t\r\n\x1a\0", 6);
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

std::vector<Line> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<Line> lines;
  int number = 0;
  while (!text.empty()) {
    // CR alone ends a line too: some devices write no LF.
    const auto end = text.find_first_of("\r\n");
    auto line = text.substr(0, end);
    std::size_t eaten = end == std::string_view::npos ? text.size() : end + 1;
    if (end != std::string_view::npos && text[end] == '\r' && end + 1 < text.size() &&
        text[end + 1] == '\n')
      ++eaten;
    text.remove_prefix(eaten);
    ++number;
    line = trim(line);
    if (!line.empty()) lines.push_back({line, number});
  }
  return lines;
}

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const auto comma = line.find(',');
    fields.push_back(trim(line.substr(0, comma)));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::string shown(std::string_view field) {
  std::string out(field.substr(0, 60));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return out;
}

bool to_number(std::string_view field, double& value) {
  field = trim(field);
  if (field.starts_with('+')) field.remove_prefix(1);
  double parsed = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), parsed);
  if (error != std::errc{} || end != field.data() + field.size() || !std::isfinite(parsed))
    return false;
  value = parsed;
  return true;
}

std::optional<Instant> parse_date_time(std::string_view line, int revision, bool& nanoseconds,
                                       std::vector<std::string>& warnings,
                                       const std::string& where) {
  std::array<int, 6> n{};
  const auto second_fraction = line.rfind('.');
  const auto whole = line.substr(0, second_fraction);
  const auto give_up = [&]() -> std::optional<Instant> {
    warnings.push_back(fmt::format("{}: '{}' is no date and time (like 31/12/2026,23:59:59.123456)",
                                   where, shown(line)));
    return std::nullopt;
  };
  if (!take_integers(whole, n)) return give_up();
  CivilTime t;
  int first = n[0], second = n[1];
  t.year = n[2];
  const bool month_first = revision <= 1991;
  t.day = month_first ? second : first;
  t.month = month_first ? first : second;
  if (n[0] > 31) {  // yyyy/mm/dd
    t.year = n[0], t.month = n[1], t.day = n[2];
  } else if (t.month > 12 && t.day <= 12) {
    std::swap(t.month, t.day);
    warnings.push_back(fmt::format("{}: there is no month {}; day and month of '{}' are swapped",
                                   where, t.day, shown(line)));
  }
  if (t.year < 100) t.year += t.year < 70 ? 2000 : 1900;
  t.hour = n[3], t.minute = n[4], t.second = n[5];
  std::size_t digits = 0;
  if (second_fraction != std::string_view::npos) {
    std::int64_t scale = 100'000'000;
    for (const char c : trim(line.substr(second_fraction + 1))) {
      if (c < '0' || c > '9') break;
      t.nanosecond += (c - '0') * scale;
      scale /= 10;
      ++digits;
    }
  }
  nanoseconds = digits > 6;
  const bool leap_second = t.second == 60;
  if (leap_second) t.second = 59;
  const auto instant = instant_of(t);
  if (!instant) return give_up();
  return leap_second ? instant->plus_ns(1'000'000'000) : *instant;
}

std::optional<int> parse_time_code(std::string_view code) {
  code = trim(code);
  const bool west = code.starts_with('-');
  if (west || code.starts_with('+')) code.remove_prefix(1);
  const auto mark = code.find_first_of("hH");
  int hours = 0, minutes = 0;
  if (!to_int(code.substr(0, mark), hours)) return std::nullopt;
  if (mark != std::string_view::npos && mark + 1 < code.size() &&
      !to_int(code.substr(mark + 1), minutes))
    return std::nullopt;
  if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return std::nullopt;
  return (west ? -1 : 1) * (hours * 3600 + minutes * 60);
}

}  // namespace polyphase::formats::comtrade
