#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "formats/csv/cells.hpp"
#include "formats/csv/csv.hpp"

namespace polyphase::formats::csv {
namespace {

constexpr std::array<double, 4> units_s{1, 1e-3, 1e-6, 1e-9};

bool since_1970(double seconds) {
  return seconds >= since_1970_min_s && seconds <= since_1970_max_s;
}

/// What is read of the column before its unit is known.
struct Counts {
  std::optional<Count> first;
  std::string first_cell;
  std::vector<double> since_whole;  ///< of each row, from first->whole on; NaN: not readable
};

/// The unit of counts since 1970. Where the header names none their size tells it: the limits are a
/// factor of 3.2 apart, the units one of 1 000.
std::optional<double> unit_since_1970(const Table& table, double first) {
  if (table.time_unit_s)
    return since_1970(first * *table.time_unit_s) ? table.time_unit_s : std::nullopt;
  for (const double unit_s : units_s)
    if (since_1970(first * unit_s)) return unit_s;
  return {};
}

Instant instant_since_1970(const Count& count, double unit_s) {
  const auto unit_ns = static_cast<std::int64_t>(std::llround(unit_s * 1e9));
  return Instant{count.whole * unit_ns}.plus_s(count.part * unit_s);
}

Result<void> take_counts(const Table& table, const Counts& counts, Times& times) {
  times.unit_s = table.time_unit_s.value_or(1);
  times.seconds = counts.since_whole;
  if (!counts.first) return {};
  double from = static_cast<double>(counts.first->whole);  // what is added to the counts
  const double first = from + counts.first->part;
  if (const auto unit_s = unit_since_1970(table, first)) {
    times.unit_s = *unit_s;
    times.origin = instant_since_1970(*counts.first, *unit_s);
    from = -counts.first->part;
  } else if (std::abs(first * times.unit_s) > relative_max_s) {
    return fail(ErrorCode::invalid_input,
                fmt::format("the times begin with {}, which is neither a count of {} since 1970 "
                            "(2000 to 2065) nor a time of less than three years; write them as "
                            "2026-01-31T12:00:00.000Z, or from 0 on with --start, and name their "
                            "unit: 'time [ms]'",
                            counts.first_cell,
                            table.time_unit_s ? "the unit that the header names"
                                              : "seconds, milli-, micro- or nanoseconds"));
  }
  const double begin_s = times.origin ? 0 : first * times.unit_s;
  for (double& seconds : times.seconds) {
    seconds = (seconds + from) * times.unit_s;
    if (!(std::abs(seconds - begin_s) <= relative_max_s))
      seconds = std::numeric_limits<double>::quiet_NaN();
  }
  return {};
}

}  // namespace

Result<Times> read_times(const Table& table) {
  Times times;
  Counts counts;
  const bool iso = table.time_kind == TimeKind::iso8601;
  auto& rows = iso ? times.seconds : counts.since_whole;
  rows.reserve(static_cast<std::size_t>(table.row_count));
  std::size_t digits = 0, at = 0;
  for (std::string_view line; next_row(table, at, line);) {
    std::string_view cell;
    bool there = true;
    for (std::size_t i = 0; there && i <= table.time_column; ++i)
      there = next_cell(line, table.delimiter, cell);
    double since = std::numeric_limits<double>::quiet_NaN();
    if (there && iso) {
      if (const auto instant = parse_iso8601(cell)) {
        if (!times.origin) times.origin = *instant;
        since = seconds_between(*times.origin, *instant);
      }
    } else if (Count count; there && to_count(cell, table.decimal_comma, count)) {
      if (!counts.first) {
        counts.first = count;
        counts.first_cell = cell;
      }
      since = static_cast<double>(count.whole - counts.first->whole) + count.part;
    }
    rows.push_back(since);
    const auto point = cell.find_last_of(".,");
    if (point != std::string_view::npos && cell.find_first_of("eE") == std::string_view::npos)
      digits = std::max(digits, static_cast<std::size_t>(std::count_if(
                                    cell.begin() + static_cast<std::ptrdiff_t>(point), cell.end(),
                                    [](char c) { return c >= '0' && c <= '9'; })));
  }
  if (!iso)
    if (auto done = take_counts(table, counts, times); !done) return tl::unexpected(done.error());
  times.resolution_s =
      times.unit_s * std::pow(10.0, -static_cast<double>(std::min<std::size_t>(digits, 12)));
  return times;
}

}  // namespace polyphase::formats::csv
