#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace polyphase {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr int year_min = 1700;  // int64 nanoseconds reach from 1677 to 2262
constexpr int year_max = 2250;

// Days from 1970-01-01 in the proleptic Gregorian calendar (era arithmetic on 400-year blocks).
constexpr std::int64_t days_from_civil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return std::int64_t{era} * 146097 + day_of_era - 719468;
}

constexpr bool leap_year(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

constexpr int days_in_month(int year, int month) {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap_year(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

/// Reads exactly `digits` digits from the front of `text`.
bool take_number(std::string_view& text, std::size_t digits, int& value) {
  if (text.size() < digits) return false;
  for (std::size_t i = 0; i < digits; ++i)
    if (text[i] < '0' || text[i] > '9') return false;
  std::from_chars(text.data(), text.data() + digits, value);
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

tl::unexpected<Error> not_a_time(std::string_view text) {
  return fail(ErrorCode::invalid_input,
              fmt::format("'{}' is not a time; write it as 2026-01-31T12:00:00Z", text.substr(0, 64)));
}

}  // namespace

Result<Instant> instant_of(const CivilTime& t) {
  const bool valid = t.year >= year_min && t.year <= year_max && t.month >= 1 && t.month <= 12 &&
                     t.day >= 1 && t.day <= days_in_month(t.year, t.month) && t.hour >= 0 &&
                     t.hour <= 23 && t.minute >= 0 && t.minute <= 59 && t.second >= 0 &&
                     t.second <= 59 && t.nanosecond >= 0 && t.nanosecond < ns_per_s;
  if (!valid)
    return fail(ErrorCode::invalid_input,
                fmt::format("{}-{}-{} {}:{}:{} is not a date and time of the years {} to {}", t.year,
                            t.month, t.day, t.hour, t.minute, t.second, year_min, year_max));
  const std::int64_t seconds =
      days_from_civil(t.year, t.month, t.day) * 86400 + t.hour * 3600 + t.minute * 60 + t.second;
  return Instant{seconds * ns_per_s + t.nanosecond};
}

CivilTime civil_of(Instant instant) {
  std::int64_t seconds = instant.ns / ns_per_s;
  std::int64_t nanosecond = instant.ns % ns_per_s;
  if (nanosecond < 0) {
    nanosecond += ns_per_s;
    --seconds;
  }
  std::int64_t days = seconds / 86400;
  std::int64_t second_of_day = seconds % 86400;
  if (second_of_day < 0) {
    second_of_day += 86400;
    --days;
  }
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const std::int64_t day_of_era = z - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t mp = (5 * day_of_year + 2) / 153;
  CivilTime t;
  t.day = static_cast<int>(day_of_year - (153 * mp + 2) / 5 + 1);
  t.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  t.year = static_cast<int>(year_of_era + era * 400 + (t.month <= 2 ? 1 : 0));
  t.hour = static_cast<int>(second_of_day / 3600);
  t.minute = static_cast<int>(second_of_day / 60 % 60);
  t.second = static_cast<int>(second_of_day % 60);
  t.nanosecond = nanosecond;
  return t;
}

std::string to_iso8601(Instant instant) {
  const CivilTime t = civil_of(instant.plus_ns(500));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", t.year, t.month, t.day, t.hour,
                     t.minute, t.second, t.nanosecond / 1000);
}

Result<int> parse_utc_offset_s(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  std::string_view rest = text;
  int sign = 0, hours = 0, minutes = 0;
  if (take(rest, '+')) sign = 1;
  else if (take(rest, '-')) sign = -1;
  const bool shaped = sign != 0 && take_number(rest, 2, hours) && (take(rest, ':') || !rest.empty()) &&
                      take_number(rest, 2, minutes) && rest.empty() && hours <= 18 && minutes <= 59;
  if (!shaped)
    return fail(ErrorCode::invalid_input,
                fmt::format("'{}' is not an offset from UTC; write it as +02:00 or -05:30",
                            text.substr(0, 64)));
  return sign * (hours * 3600 + minutes * 60);
}

Result<Instant> parse_iso8601(std::string_view text) {
  std::string_view rest = text;
  CivilTime t;
  if (!take_number(rest, 4, t.year) || !take(rest, '-') || !take_number(rest, 2, t.month) ||
      !take(rest, '-') || !take_number(rest, 2, t.day))
    return not_a_time(text);
  if (!rest.empty() && (take(rest, 'T') || take(rest, ' '))) {
    if (!take_number(rest, 2, t.hour) || !take(rest, ':') || !take_number(rest, 2, t.minute))
      return not_a_time(text);
    if (take(rest, ':') && !take_number(rest, 2, t.second)) return not_a_time(text);
    if (take(rest, '.')) {
      std::int64_t scale = ns_per_s / 10;
      if (rest.empty() || rest.front() < '0' || rest.front() > '9') return not_a_time(text);
      for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1)) {
        t.nanosecond += (rest.front() - '0') * scale;
        scale /= 10;
      }
    }
  }
  int offset_s = 0;
  if (!rest.empty()) {
    auto offset = parse_utc_offset_s(rest);
    if (!offset) return not_a_time(text);
    offset_s = *offset;
  }
  auto local = instant_of(t);
  if (!local) return tl::unexpected(local.error());
  return Instant{local->ns - offset_s * ns_per_s};
}

}  // namespace polyphase
