#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace polyphase {

/// A point of UTC time: nanoseconds since 1970-01-01, leap seconds not counted.
struct Instant {
  std::int64_t ns = 0;

  friend constexpr auto operator<=>(Instant, Instant) = default;
  constexpr Instant plus_s(double seconds) const {
    const double scaled = seconds * 1e9;
    return {ns + static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5)};
  }
  constexpr Instant plus_ns(std::int64_t nanoseconds) const { return {ns + nanoseconds}; }
};

/// Seconds from `from` to `to`.
constexpr double seconds_between(Instant from, Instant to) {
  return static_cast<double>(to.ns - from.ns) / 1e9;  // not * 1e-9: 60 s shall be 60
}

/// How many whole intervals of that length lie between the epoch and `time`; a tick begins one.
constexpr std::int64_t interval_of(Instant time, std::int64_t length_ns) {
  return time.ns / length_ns - (time.ns % length_ns < 0 ? 1 : 0);
}

/// A broken-down civil time in some fixed offset from UTC.
struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::int64_t nanosecond = 0;
};

/// Errors: invalid_input when a field is out of its range (second 60 is refused).
Result<Instant> instant_of(const CivilTime& utc);
CivilTime civil_of(Instant instant);

/// "2026-01-01T00:00:04.990000Z": ISO 8601, UTC, microseconds (rounded to nearest).
std::string to_iso8601(Instant instant);

/// Accepts "YYYY-MM-DD[(T| )hh:mm[:ss[.fraction]]][Z|±hh:mm]"; without a zone UTC.
Result<Instant> parse_iso8601(std::string_view text);

/// "+02:00", "-05:30", "Z" as seconds east of Greenwich; at most 18 h either way.
Result<int> parse_utc_offset_s(std::string_view text);

}  // namespace polyphase
