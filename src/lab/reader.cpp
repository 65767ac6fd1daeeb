#include "lab/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace polyphase::lab {
namespace {

using graph::Cadence;
using registers::Aggregation;
using registers::Index;
using registers::not_available;
using registers::RegisterType;

struct Interval {
  const char* name;
  Every every;
  std::int64_t length_s;  ///< by the clock; 0: by steps
  const char* prefix;     ///< of the labels of the meter that measures at that pace
};

constexpr Interval intervals[] = {
    {"half-cycle", Every::half_cycle, 0, "HS "},
    {"window", Every::window, 0, "WN "},
    {"1s", Every::second, 1, ""},
    {"3s", Every::three_seconds, 0, "WN "},
    {"10s", Every::ten_seconds, 10, ""},
    {"10min", Every::ten_minutes, 600, "WN "},
    {"2h", Every::two_hours, 7'200, "WN "},
    {"end", Every::end, 0, ""},
};

const Interval& interval_of(Every every) {
  return *std::find_if(std::begin(intervals), std::end(intervals),
                       [&](const Interval& i) { return i.every == every; });
}

// A register can be read at an interval that is not shorter than its own; one that exists for one
// interval alone at no other.
bool can(const registers::RegisterInfo& info, Every every) {
  const Cadence own = info.cadence;
  if (info.interval_s != 0) return interval_of(every).length_s == std::llround(info.interval_s);
  if (own == Cadence::none || own == Cadence::half_cycle) return true;
  if (own == Cadence::window) return every != Every::half_cycle;
  return every != Every::half_cycle && every != Every::window;
}

std::string intervals_of(const registers::RegisterInfo& info) {
  std::vector<std::string_view> names;
  for (const Interval& i : intervals)
    if (can(info, i.every)) names.emplace_back(i.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

// What a longer interval may lack: the cycles at its edges, and the lock-in.
constexpr double uncovered_s_max = 0.5;
constexpr unsigned windows_of_three_seconds = 15;
// Half cycles and windows end at the same zero crossing, known once from before and once from
// behind.
constexpr double crossing_tolerance = 0.25;

Instant tick_at_or_after(Instant time, std::int64_t length_ns) {
  const std::int64_t below = time.ns / length_ns - (time.ns % length_ns < 0 ? 1 : 0);
  return {below * length_ns == time.ns ? time.ns : (below + 1) * length_ns};
}

}  // namespace

Result<Every> parse_every(std::string_view text) {
  for (const Interval& i : intervals)
    if (text == i.name) return i.every;
  return fail(ErrorCode::invalid_config,
              fmt::format("'{}' is not an interval: {}", text.substr(0, 32),
                          intervals_of(registers::RegisterInfo{})));
}

Result<std::unique_ptr<Reader>> Reader::create(const graph::Engine& engine,
                                               const std::vector<std::string>& labels, Every every,
                                               Emit emit) {
  std::unique_ptr<Reader> reader(new Reader(engine, every, std::move(emit)));
  for (const std::string& label : labels) {
    auto index = reader->find(label);
    if (!index) return tl::unexpected(index.error());
    reader->sources_.push_back(*index);
  }
  reader->gatherings_.resize(labels.size());
  reader->kept_.assign(labels.size(), not_available);
  return reader;
}

Result<Index> Reader::find(const std::string& label) const {
  const registers::RegisterTable& table = engine_.registers();
  const Interval& interval = interval_of(every_);
  std::optional<Index> index;
  if (*interval.prefix != '\0') index = table.find(interval.prefix + label);
  if (!index) index = table.find(label);
  if (!index)
    return fail(ErrorCode::not_found,
                fmt::format("there is no register '{}'; near it: {}", label.substr(0, 80),
                            fmt::join(table.nearest(label, 5), ", ")));
  const registers::RegisterInfo& info = table.info(*index);
  if (info.type == RegisterType::dataset || info.type == RegisterType::event ||
      info.type == RegisterType::log || info.type == RegisterType::waveform)
    return fail(ErrorCode::invalid_config,
                fmt::format("'{}' holds no single value to read", label));
  if (!can(info, every_))
    return fail(ErrorCode::invalid_config, fmt::format("'{}' has no value every {}; it has: {}",
                                                       label, interval.name, intervals_of(info)));
  return *index;
}

double Reader::taken(std::size_t column, Instant cut, double tolerance) {
  const registers::RegisterInfo& info = engine_.registers().info(sources_[column]);
  const registers::Value& value = engine_.registers().value(sources_[column]);
  if (info.interval_s != 0) return value.time == cut ? value.number : not_available;
  if (info.cadence == Cadence::none) return value.number;
  return gatherings_[column].take(cut, info.aggregation, tolerance);
}

void Reader::close(Instant time, double tolerance) {
  Row row{time, {}};
  for (std::size_t i = 0; i < sources_.size(); ++i) row.values.push_back(taken(i, time, tolerance));
  ++rows_;
  emit_(row);
}

void Reader::discard(Instant until) {
  for (Gathering& gathering : gatherings_) gathering.take(until, Aggregation::last, 0);
}

void Reader::stepped(Cadence cadence, Instant end, double duration_s, Quality quality) noexcept {
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (engine_.registers().info(sources_[i]).cadence == cadence)
      gatherings_[i].add(engine_.registers().value(sources_[i]).number, end, duration_s);
  switch (every_) {
    case Every::half_cycle:
      if (cadence == Cadence::half_cycle) close(end, 0);
      return;
    case Every::window:
    case Every::three_seconds:
      if (cadence == Cadence::window) stepped_by_windows(end, duration_s);
      return;
    case Every::end:
      stepped_to_end(cadence, end, quality);
      return;
    default:
      stepped_by_clock(cadence, end, duration_s, quality);
      return;
  }
}

void Reader::stepped_by_windows(Instant end, double duration_s) {
  const double gap_s = seconds_between(window_end_, end.plus_s(-duration_s));
  if (windows_ == 0 || std::abs(gap_s) > crossing_tolerance * duration_s) {
    discard(end.plus_s(-duration_s));
    windows_ = 0;
  }
  window_end_ = end;
  if (++windows_ < (every_ == Every::window ? 1 : windows_of_three_seconds)) return;
  windows_ = 0;
  close(end, crossing_tolerance);
}

void Reader::stepped_to_end(Cadence cadence, Instant end, Quality quality) {
  if (cadence == Cadence::half_cycle) return;
  if (cadence == Cadence::second && quality.has(Quality::partial)) return discard(end);
  saw_whole_second_ |= cadence == Cadence::second;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const Cadence own = engine_.registers().info(sources_[i]).cadence;
    if (own == cadence || (own == Cadence::half_cycle && cadence == Cadence::second))
      kept_[i] = taken(i, end, 0);
  }
}

void Reader::stepped_by_clock(Cadence cadence, Instant end, double duration_s, Quality quality) {
  const std::int64_t length_ns = interval_of(every_).length_s * 1'000'000'000;
  const Instant begin = interval_end_.plus_ns(-length_ns);
  // Finer steps run ahead of the second that closes the interval, but not by so much: it never
  // came.
  if (end < begin || end > interval_end_.plus_s(uncovered_s_max)) {
    interval_end_ = tick_at_or_after(end, length_ns);
    discard(interval_end_.plus_ns(-length_ns));
    covered_s_ = 0;
  }
  if (cadence != Cadence::second) return;
  covered_s_ += duration_s;
  if (end != interval_end_) return;
  const double length_s = static_cast<double>(interval_of(every_).length_s);
  const bool whole = every_ == Every::second ? !quality.has(Quality::partial)
                                             : covered_s_ >= length_s - uncovered_s_max;
  if (whole)
    close(end, 0);
  else
    discard(end);
  covered_s_ = 0;
  interval_end_ = end.plus_ns(length_ns);
}

void Reader::finish(Instant end) {
  if (every_ != Every::end) return;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const registers::RegisterInfo& info = engine_.registers().info(sources_[i]);
    if (info.cadence == Cadence::none || info.aggregation == Aggregation::last)
      kept_[i] = engine_.registers().value(sources_[i]).number;
  }
  ++rows_;
  emit_({end, kept_});
}

}  // namespace polyphase::lab
