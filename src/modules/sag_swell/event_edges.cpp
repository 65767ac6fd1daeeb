#include "modules/sag_swell/event_edges.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "pq/waveform_edge.hpp"

namespace polyphase::modules::sag_swell {
namespace {

using metering::HalfCycleData;
using pq::Edge;
using registers::Disturbance;

double period_of(const HalfCycleData& data) {
  return data.sample_rate_hz / data.half_cycle->frequency_hz;
}
double position_of(Instant time, const HalfCycleData& data) {
  return data.half_cycle->end - seconds_between(time, data.end) * data.sample_rate_hz;
}
Instant time_of(std::int64_t sample, const HalfCycleData& data) {
  return data.end.plus_s((static_cast<double>(sample) - data.half_cycle->end) /
                         data.sample_rate_hz);
}

/// All samples are there that show the edge in the window which begins then.
bool shows(const HalfCycleData& data, Instant window_begin) {
  return position_of(window_begin, data) + pq::edge_reach(period_of(data)) <= data.half_cycle->end;
}

/// The earliest or the latest of the channels' edges.
std::optional<Instant> edge_of(const Disturbance& event, Edge which, bool earliest,
                               const HalfCycleData& data) {
  if (data.samples == nullptr) return std::nullopt;
  pq::EdgeSearch search;
  search.samples = data.samples;
  search.period = period_of(data);
  search.window_begin = position_of(which == Edge::begin ? event.time : event.end, data);
  search.first = data.samples_first;
  search.end = data.half_cycle->end;
  search.nominal_peak = std::numbers::sqrt2 * event.nominal;
  std::optional<std::int64_t> edge;
  for (std::size_t c = 0; c < channel_count; ++c) {
    if (!event.per_channel[c].affected) continue;
    search.channel = c;
    const auto found = pq::waveform_edge(search, which);
    if (found && (!edge || (earliest ? *found < *edge : *found > *edge))) edge = found;
  }
  if (!edge) return std::nullopt;
  return time_of(*edge, data);
}

bool is_interruption(pq::VoltageEventKind kind) {
  return kind == pq::VoltageEventKind::interruption;
}

}  // namespace

void EventEdges::started(Kind kind, const Disturbance& event) {
  begins_[index(kind)] = {event, false, std::nullopt};
}

void EventEdges::look_for(Kind kind, Begin& begin, const HalfCycleData& data) {
  if (!std::exchange(begin.looked_for, true))
    begin.edge = edge_of(begin.event, Edge::begin, !is_interruption(kind), data);
}

void EventEdges::ended(Kind kind, const Disturbance& event, const HalfCycleData& data,
                       graph::Step& step) {
  if (count_ == ended_.size()) tell_oldest(data, step);
  ended_[(first_ + count_++) % ended_.size()] = {kind, event,
                                                 std::exchange(begins_[index(kind)], {})};
}

void EventEdges::update(const HalfCycleData& data, graph::Step& step) {
  for (const Kind kind : {Kind::sag, Kind::swell, Kind::interruption}) {
    Begin& begin = begins_[index(kind)];
    if (!begin.looked_for && shows(data, begin.event.time)) look_for(kind, begin, data);
  }
  while (count_ > 0 && (data.samples == nullptr || shows(data, ended_[first_].event.end)))
    tell_oldest(data, step);
}

void EventEdges::finish(const HalfCycleData& data, graph::Step& step) {
  for (const Kind kind : {Kind::sag, Kind::swell, Kind::interruption})
    look_for(kind, begins_[index(kind)], data);
  while (count_ > 0) tell_oldest(data, step);
}

void EventEdges::tell_oldest(const HalfCycleData& data, graph::Step& step) {
  Ended& ended = ended_[first_];
  look_for(ended.kind, ended.begin, data);
  ended.event.edge_start = ended.begin.edge;
  ended.event.edge_end = edge_of(ended.event, Edge::end, is_interruption(ended.kind), data);
  step.disturbance(ended.event);
  first_ = (first_ + 1) % ended_.size();
  --count_;
}

}  // namespace polyphase::modules::sag_swell
