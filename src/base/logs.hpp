#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/quality.hpp"
#include "base/time.hpp"

/// What logs hold and how they are asked: shared by those who keep them and those who read them.
namespace polyphase::logs {

/// A circular log of a store; the value is for good, as are the numbers of its records.
struct Log {
  std::int64_t id = 0;
  friend constexpr auto operator<=>(Log, Log) = default;
};

/// The one log of events, which every store has, with its depth in a new one.
inline constexpr Log event_log{0};
inline constexpr const char* event_log_name = "Event Log";
inline constexpr std::int64_t event_depth_default = 5'000;

inline constexpr std::int64_t depth_max = 100'000'000;  ///< records of one log
inline constexpr std::size_t columns_max = 256;         ///< of one log
inline constexpr std::size_t logs_max = 1'024;          ///< of one store

struct Column {
  std::string label, unit;
  friend bool operator==(const Column&, const Column&) = default;
};

/// A value of a record. NaN: not available; which of the many NaNs is not kept.
struct Field {
  double value = std::numeric_limits<double>::quiet_NaN();
  Quality quality;
};

struct Record {
  std::int64_t number = 0;  ///< from 1, ascending, never used again
  Instant time;
  std::size_t layout = 0;  ///< index into RecordPage::layouts
  std::vector<Field> fields;
};

/// One line of the event log: what happened because of what, where, and who did it.
struct Event {
  std::int64_t number = 0;  ///< given by the store
  Instant time;
  std::uint8_t priority = 0;
  std::string actor;  ///< user, or empty
  std::string cause, cause_value, effect, effect_value;
  std::string node;  ///< device that it happened in
  friend bool operator==(const Event&, const Event&) = default;
};

/// Which records, in which order. All bounds are included. Records are ordered by number: a clock
/// that was set back makes times that are not.
struct Range {
  static constexpr std::size_t page_max = 10'000;

  std::int64_t number_first = 0, number_last = std::numeric_limits<std::int64_t>::max();
  Instant time_first{std::numeric_limits<std::int64_t>::min()};
  Instant time_last{std::numeric_limits<std::int64_t>::max()};
  bool newest_first = false;
  std::size_t limit = 1'000;      ///< of one page; at most page_max are given
  std::uint8_t priority_min = 0;  ///< of events
};

/// The first records of a range. `more`: continue behind the last number of this page.
struct RecordPage {
  std::vector<std::vector<Column>> layouts;  ///< a log whose columns were changed has several
  std::vector<Record> records;
  bool more = false;
};
struct EventPage {
  std::vector<Event> events;
  bool more = false;
};

struct LogInfo {
  Log log;
  std::string name;
  std::vector<Column> columns;  ///< of records written from now on
  std::int64_t depth = 0, count = 0;
  std::int64_t next_number = 1;
  std::int64_t number_oldest = 0, number_newest = 0;  ///< 0: the log is empty
  Instant time_oldest, time_newest;
  std::int64_t bytes = 0;  ///< about what its records take, see bytes_of_record
};

/// About what one record takes in the file, index and half-filled pages included: what a depth
/// costs can be told before it is set.
constexpr std::int64_t bytes_of_record(std::size_t columns) {
  return 44 + 12 * static_cast<std::int64_t>(columns);
}
inline constexpr std::int64_t bytes_of_event = 100;

}  // namespace polyphase::logs
