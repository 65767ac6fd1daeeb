#include "lab/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace polyphase::lab {
namespace {

using graph::Cadence;
using registers::Aggregation;
using registers::available;
using registers::Index;
using registers::not_available;

struct Interval {
  const char* name;
  Every every;
  Cadence carrier;    ///< the finest step that a plain label is read from
  double length_s;    ///< by the clock; 0: by steps
  const char* prefix; ///< of the labels of the meter that measures at that pace
};

constexpr Interval intervals[] = {
    {"half-cycle", Every::half_cycle, Cadence::half_cycle, 0, "HS "},
    {"window", Every::window, Cadence::window, 0, "WN "},
    {"1s", Every::second, Cadence::second, 1, ""},
    {"3s", Every::three_seconds, Cadence::window, 0, "WN "},
    {"10s", Every::ten_seconds, Cadence::second, 10, ""},
    {"10min", Every::ten_minutes, Cadence::window, 600, "WN "},
    {"2h", Every::two_hours, Cadence::window, 7200, "WN "},
    {"end", Every::end, Cadence::second, 0, ""},
};

const Interval& interval_of(Every every) {
  return *std::find_if(std::begin(intervals), std::end(intervals), [&](const Interval& i) { return i.every == every; });
}

// A register can be read at an interval that is not shorter than its own.
bool can(Cadence own, Every every) {
  if (own == Cadence::none || own == Cadence::half_cycle) return true;
  if (own == Cadence::window) return every != Every::half_cycle;
  return every != Every::half_cycle && every != Every::window;
}

constexpr double uncovered_s_max = 0.5;
constexpr unsigned windows_of_three_seconds = 15;

}  // namespace

Result<Every> parse_every(std::string_view text) {
  std::vector<std::string> names;
  for (const Interval& i : intervals) {
    if (text == i.name) return i.every;
    names.emplace_back(i.name);
  }
  return fail(ErrorCode::invalid_config,
              fmt::format("'{}' is not an interval: {}", text.substr(0, 32), fmt::join(names, ", ")));
}

Result<std::unique_ptr<Reader>> Reader::create(const graph::Engine& engine, const std::vector<std::string>& labels,
                                               Every every, Emit emit) {
  std::unique_ptr<Reader> reader(new Reader(engine, every, std::move(emit)));
  const registers::RegisterTable& table = engine.registers();
  const Interval& interval = interval_of(every);
  for (const std::string& label : labels) {
    std::optional<Index> index;
    if (*interval.prefix != '\0') index = table.find(interval.prefix + label);
    if (!index) index = table.find(label);
    if (!index)
      return fail(ErrorCode::not_found, fmt::format("there is no register '{}'; near it: {}", label.substr(0, 80),
                                                    fmt::join(table.nearest(label, 5), ", ")));
    const registers::RegisterInfo& info = table.info(*index);
    if (info.type == registers::RegisterType::dataset)
      return fail(ErrorCode::invalid_config, fmt::format("'{}' is a data set, not a value", label));
    if (!can(info.cadence, every)) {
      std::vector<std::string> has;
      for (const Interval& i : intervals)
        if (can(info.cadence, i.every)) has.emplace_back(i.name);
      return fail(ErrorCode::invalid_config, fmt::format("'{}' has no value every {}; it has: {}", label, interval.name,
                                                         fmt::join(has, ", ")));
    }
    reader->sources_.push_back(*index);
  }
  reader->accumulators_.resize(reader->sources_.size());
  reader->kept_.assign(reader->sources_.size(), not_available);
  return reader;
}

void Reader::Accumulator::add(double value, double duration_s) {
  last = value;
  if (!available(value) || !(duration_s > 0)) return;
  weight += duration_s;
  sum += value * duration_s;
  square += value * value * duration_s;
  minimum = available(minimum) ? std::min(minimum, value) : value;
  maximum = available(maximum) ? std::max(maximum, value) : value;
}

double Reader::Accumulator::value(Aggregation kind) const {
  switch (kind) {
    case Aggregation::mean: return weight > 0 ? sum / weight : not_available;
    case Aggregation::rms: return weight > 0 ? std::sqrt(square / weight) : not_available;
    case Aggregation::minimum: return minimum;
    case Aggregation::maximum: return maximum;
    case Aggregation::last: break;
  }
  return last;
}

// Values of this step's pace; what is finer came before, setup registers are read when a row closes.
void Reader::take(Cadence cadence, double duration_s) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const Cadence own = engine_.registers().info(sources_[i]).cadence;
    if (own == cadence) accumulators_[i].add(engine_.registers().value(sources_[i]).number, duration_s);
  }
}

void Reader::close(Instant time) {
  Row row{time, {}};
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const registers::RegisterInfo& info = engine_.registers().info(sources_[i]);
    const bool setup = info.cadence == Cadence::none;
    row.values.push_back(setup ? engine_.registers().value(sources_[i]).number : accumulators_[i].value(info.aggregation));
    const double last = accumulators_[i].last;
    accumulators_[i] = {};
    if (info.aggregation == Aggregation::last) accumulators_[i].last = last;
  }
  covered_s_ = 0;
  windows_ = 0;
  ++rows_;
  emit_(row);
}

void Reader::keep_second() {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const registers::RegisterInfo& info = engine_.registers().info(sources_[i]);
    kept_[i] = info.cadence == Cadence::none || info.cadence == Cadence::second
                   ? engine_.registers().value(sources_[i]).number
                   : accumulators_[i].value(info.aggregation);
    accumulators_[i] = {};
  }
}

void Reader::stepped(Cadence cadence, Instant end, double duration_s, Quality quality) noexcept {
  const bool partial = cadence == Cadence::second && quality.has(Quality::partial);
  if (every_ == Every::end && partial) return;
  take(cadence, duration_s);
  last_time_ = end;
  switch (every_) {
    case Every::half_cycle:
      if (cadence == Cadence::half_cycle) close(end);
      return;
    case Every::window:
      if (cadence == Cadence::window) close(end);
      return;
    case Every::three_seconds:
      if (cadence == Cadence::window && ++windows_ == windows_of_three_seconds) close(end);
      return;
    case Every::end:
      if (cadence == Cadence::second) keep_second();
      return;
    default: break;
  }
  if (cadence != Cadence::second) return;
  covered_s_ += duration_s;
  const auto length_ns = static_cast<std::int64_t>(interval_of(every_).length_s * 1e9);
  if (end.ns % length_ns != 0) return;
  const bool whole = every_ == Every::second ? !partial : covered_s_ >= interval_of(every_).length_s - uncovered_s_max;
  if (whole) {
    close(end);
    return;
  }
  for (Accumulator& a : accumulators_) a = {};
  covered_s_ = 0;
}

void Reader::finish(Instant end) {
  if (every_ != Every::end) return;
  Row row{end, kept_};
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (engine_.registers().info(sources_[i]).aggregation == Aggregation::last)
      row.values[i] = engine_.registers().value(sources_[i]).number;
  ++rows_;
  emit_(row);
}

}  // namespace polyphase::lab
