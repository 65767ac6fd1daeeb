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
  const char* pulse;      ///< of the Power Quality Aggregator, when its values stand
};

constexpr Interval intervals[] = {
    {"half-cycle", Every::half_cycle, 0, "HS ", ""},
    {"window", Every::window, 0, "WN ", ""},
    {"1s", Every::second, 1, "", ""},
    {"3s", Every::three_seconds, 0, "WN ", "3s Ready"},
    {"10s", Every::ten_seconds, 10, "", "10s Ready"},
    {"10min", Every::ten_minutes, 600, "WN ", "10m Ready"},
    {"2h", Every::two_hours, 7'200, "WN ", "2hr Ready"},
    {"end", Every::end, 0, "", ""},
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
// Half cycles and windows end at the same zero crossing, known once from before and once from
// behind.
constexpr double crossing_tolerance = 0.25;

// The frequency of IEC 61000-4-30 is a register of its own.
constexpr const char* frequency_label = "Freq";
constexpr const char* frequency_of_ten_seconds = "DAQ1.Frequency 10s";

Instant tick_at_or_after(Instant time, std::int64_t length_ns) {
  const std::int64_t below = polyphase::interval_of(time, length_ns);
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
    reader->cadences_.push_back(engine.registers().info(*index).cadence);
  }
  reader->gatherings_.resize(labels.size());
  reader->running_.resize(labels.size());
  reader->other_.resize(labels.size());
  reader->kept_.assign(labels.size(), not_available);
  reader->find_pulses();
  return reader;
}

// The pulses of the aggregator and its spectra. Nothing but 3 s ends beside the ticks of the clock:
// what it brings about is of no tick.
bool Reader::paces(Index output) const {
  const registers::RegisterInfo& info = engine_.registers().info(output);
  if (info.type != RegisterType::pulse && info.type != RegisterType::dataset) return false;
  return every_ == Every::three_seconds ||
         info.name.find(interval_of(Every::three_seconds).name) == std::string::npos;
}

// The module of the pulses, and whatever a pulse or spectrum of it makes run or calculates from that.
std::vector<char> Reader::nodes_behind_pulses() const {
  const graph::Network& network = engine_.network();
  const std::size_t aggregator = network.owner(pulses_[0]);
  std::vector<char> behind(network.nodes().size(), 0);
  behind[aggregator] = 1;
  const auto follows = [&](Index source) {
    if (source == registers::no_register || !behind[network.owner(source)]) return false;
    return network.owner(source) != aggregator || paces(source);
  };
  for (bool more = true; more;) {
    more = false;
    for (std::size_t n = 0; n < behind.size(); ++n) {
      const auto& inputs = network.nodes()[n]->wiring.inputs;
      if (behind[n] || std::none_of(inputs.begin(), inputs.end(), follows)) continue;
      behind[n] = 1;
      more = true;
    }
  }
  return behind;
}

void Reader::find_pulses() {
  paces_.assign(sources_.size(), Pace::not_at_all);
  const registers::RegisterTable& table = engine_.registers();
  const graph::Network& network = engine_.network();
  frequency_ = table.find(frequency_of_ten_seconds).value_or(registers::no_register);
  // Ten seconds end with every longer interval of the clock.
  const Every shortest = interval_of(every_).length_s != 0 ? Every::ten_seconds : every_;
  for (const Every every : {every_, shortest})
    if (const auto pulse = table.find(interval_of(every).pulse)) pulses_.push_back(*pulse);
  if (*interval_of(every_).pulse == '\0' || pulses_.empty()) return;
  const std::vector<char> behind = nodes_behind_pulses();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const registers::RegisterInfo& info = table.info(sources_[i]);
    const std::size_t owner = network.owner(sources_[i]);
    const bool waits = behind[owner] && info.role == registers::Role::output &&
                       info.aggregation == Aggregation::last && info.interval_s == 0;
    if (waits)
      paces_[i] = network.nodes()[owner]->cadence == table.info(pulses_[0]).cadence
                      ? Pace::in_its_step
                      : Pace::in_the_next_second;
  }
}

Result<Index> Reader::find(const std::string& label) const {
  const registers::RegisterTable& table = engine_.registers();
  const Interval& interval = interval_of(every_);
  std::optional<Index> index;
  if (*interval.prefix != '\0') index = table.find(interval.prefix + label);
  if (every_ == Every::ten_seconds && label == frequency_label)
    index = table.find(frequency_of_ten_seconds);
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
  const bool of_this_interval =
      info.interval_s != 0 || (every_ == Every::ten_seconds && sources_[column] == frequency_);
  if (of_this_interval) return value.time == cut ? value.number : not_available;
  if (info.cadence == Cadence::none) return value.number;
  return gatherings_[column].take(cut, info.aggregation, tolerance);
}

void Reader::close(Instant time, double tolerance) {
  Row row{time, {}};
  for (std::size_t i = 0; i < sources_.size(); ++i) row.values.push_back(taken(i, time, tolerance));
  give(std::move(row));
}

void Reader::emit(const Row& row) {
  ++rows_;
  emit_(row);
}

void Reader::give(Row row) {
  const bool waits =
      std::any_of(paces_.begin(), paces_.end(), [](Pace pace) { return pace != Pace::not_at_all; });
  if (waits)
    waiting_.push_back({std::move(row)});
  else
    emit(row);
}

// What the aggregator has told since, of the 3 s behind a tick, is of the next row. What is not
// known when the samples have ended is not what was known before.
void Reader::fill(Row& row, Pace pace, bool known) const {
  const graph::Network& network = engine_.network();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (paces_[i] != pace) continue;
    const registers::Value& value = engine_.registers().value(sources_[i]);
    const bool aggregate = network.owner(sources_[i]) == network.owner(pulses_[0]);
    if (aggregate && value.time > row.time) continue;
    row.values[i] = known ? value.number : not_available;
  }
}

bool Reader::told(Instant end) const {
  return std::all_of(pulses_.begin(), pulses_.end(), [&](Index pulse) {
    const registers::Value& value = engine_.registers().value(pulse);
    return registers::available(value.number) && value.time >= end;
  });
}

// A window that begins behind an interval shows that no pulse of it will come: it is switched off.
void Reader::settle(Cadence cadence, Instant begin) {
  if (waiting_.empty()) return;
  for (Waiting& waiting : waiting_) {
    if (waiting.stands) continue;
    if (!told(waiting.row.time) && !(cadence == Cadence::window && begin >= waiting.row.time))
      break;
    fill(waiting.row, Pace::in_its_step, true);
    waiting.stands = true;
  }
  const bool more = std::count(paces_.begin(), paces_.end(), Pace::in_the_next_second) > 0;
  if (more && cadence != Cadence::second) return;
  for (; !waiting_.empty() && waiting_.front().stands; waiting_.pop_front()) {
    fill(waiting_.front().row, Pace::in_the_next_second, true);
    emit(waiting_.front().row);
  }
}

void Reader::discard(Instant until) {
  for (Gathering& gathering : gatherings_) gathering.take(until, Aggregation::last, 0);
}

std::int64_t Reader::length_ns() const { return interval_of(every_).length_s * 1'000'000'000; }

// Of windows 3 s, 10 min and 2 h are made; shorter intervals take what has ended in them.
bool Reader::of_windows(std::size_t column) const {
  const bool made_of_windows =
      every_ == Every::three_seconds || every_ == Every::ten_minutes || every_ == Every::two_hours;
  return made_of_windows && cadences_[column] == Cadence::window;
}

void Reader::add_window(std::vector<Accumulator>& to, double duration_s) {
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (of_windows(i)) to[i].add(engine_.registers().value(sources_[i]).number, duration_s);
}

void Reader::close_windows(std::vector<Accumulator>& of, Instant end, double tolerance) {
  Row row{end, {}};
  for (std::size_t i = 0; i < sources_.size(); ++i)
    row.values.push_back(of_windows(i)
                             ? of[i].value(engine_.registers().info(sources_[i]).aggregation)
                             : taken(i, end, tolerance));
  of.assign(sources_.size(), {});
  give(std::move(row));
}

void Reader::stepped(Cadence cadence, Instant end, double duration_s, Quality quality) noexcept {
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (cadences_[i] == cadence && !of_windows(i))
      gatherings_[i].add(engine_.registers().value(sources_[i]).number, end, duration_s);
  switch (every_) {
    case Every::half_cycle:
      if (cadence == Cadence::half_cycle) close(end, 0);
      return;
    case Every::window:
    case Every::three_seconds:
      if (cadence == Cadence::window) stepped_by_windows(end, duration_s);
      break;
    case Every::end:
      stepped_to_end(cadence, end, quality);
      return;
    default:
      stepped_by_clock(cadence, end, duration_s, quality);
      break;
  }
  settle(cadence, end.plus_s(-duration_s));
}

void Reader::stepped_by_windows(Instant end, double duration_s) {
  const Instant begin = end.plus_s(-duration_s);
  const auto place = places_.add(begin, end);
  if (place.after_gap) {
    discard(begin);
    running_.assign(sources_.size(), {});
  }
  if (every_ == Every::window) return close(end, crossing_tolerance);
  if (place.begins_interval) {
    other_ = std::move(running_);
    running_.assign(sources_.size(), {});
  }
  if (place.in_pending) add_window(other_, duration_s);
  add_window(running_, duration_s);
  if (place.pending_complete) close_windows(other_, end, crossing_tolerance);
  if (place.complete) close_windows(running_, end, crossing_tolerance);
}

void Reader::stepped_to_end(Cadence cadence, Instant end, Quality quality) {
  if (cadence == Cadence::half_cycle) return;
  if (cadence == Cadence::second && quality.has(Quality::partial)) return discard(end);
  saw_whole_second_ |= cadence == Cadence::second;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const Cadence own = cadences_[i];
    if (own == cadence || (own == Cadence::half_cycle && cadence == Cadence::second))
      kept_[i] = taken(i, end, 0);
  }
}

void Reader::stepped_by_clock(Cadence cadence, Instant end, double duration_s, Quality quality) {
  const Instant begin = interval_end_.plus_ns(-length_ns());
  // Finer steps run ahead of the second that closes the interval, but not by so much: it never
  // came.
  if (end < begin || end > interval_end_.plus_s(uncovered_s_max)) {
    if (seconds_done_) close_interval();
    interval_end_ = tick_at_or_after(end, length_ns());
    discard(interval_end_.plus_ns(-length_ns()));
    running_.assign(sources_.size(), {});
    other_ = running_;
    windows_done_ = false;
    covered_s_ = 0;
  }
  if (cadence == Cadence::window) return take_window(end, duration_s);
  if (cadence != Cadence::second) return;
  if (seconds_done_) close_interval();
  covered_s_ += duration_s;
  if (end != interval_end_) return;
  const double length_s = static_cast<double>(interval_of(every_).length_s);
  seconds_done_ = every_ == Every::second ? !quality.has(Quality::partial)
                                          : covered_s_ >= length_s - uncovered_s_max;
  bool waits = false;
  for (std::size_t i = 0; i < sources_.size(); ++i) waits |= of_windows(i) && !windows_done_;
  if (!waits || !seconds_done_) close_interval();
}

// A window belongs to the interval in which it begins; the last one ends behind the tick. The first
// one of an interval may come when the one before it, which the samples did not cover, is given up.
void Reader::take_window(Instant end, double duration_s) {
  const std::int64_t begin_ns =
      pq::ten_minutes_of(end.plus_s(-duration_s)) * pq::ten_minutes_ns;  // of its ten minutes
  if (begin_ns < interval_end_.ns - length_ns()) return;
  const bool behind = begin_ns >= interval_end_.ns;
  if (behind && seconds_done_) {
    close_interval();
    add_window(running_, duration_s);
  } else {
    add_window(behind ? other_ : running_, duration_s);
  }
  if (behind || end.plus_ns(pq::tick_tolerance_ns) < interval_end_) return;
  windows_done_ = true;
  if (seconds_done_) close_interval();
}

// Gives the row of the interval that is open, if the samples cover it, and opens the next.
void Reader::close_interval() {
  if (seconds_done_)
    close_windows(running_, interval_end_, 0);
  else
    discard(interval_end_);
  running_ = std::move(other_);
  other_.assign(sources_.size(), {});
  windows_done_ = seconds_done_ = false;
  covered_s_ = 0;
  interval_end_ = interval_end_.plus_ns(length_ns());
}

void Reader::finish(Instant end) {
  if (seconds_done_) close_interval();  // no window was left to wait for
  for (Waiting& waiting : waiting_) {
    if (!waiting.stands) fill(waiting.row, Pace::in_its_step, told(waiting.row.time));
    fill(waiting.row, Pace::in_the_next_second, false);
    emit(waiting.row);
  }
  waiting_.clear();
  if (every_ != Every::end) return;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const registers::RegisterInfo& info = engine_.registers().info(sources_[i]);
    if (info.cadence == Cadence::none || info.aggregation == Aggregation::last)
      kept_[i] = engine_.registers().value(sources_[i]).number;
  }
  emit({end, kept_});
}

}  // namespace polyphase::lab
