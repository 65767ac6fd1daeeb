#include "pq/threshold_event.hpp"

#include <algorithm>
#include <cmath>

#include "base/contract.hpp"

namespace polyphase::pq {

bool ThresholdEvent::beyond(double rms) const {
  return threshold_.side == Threshold::Side::below ? rms < threshold_.enter
                                                   : rms > threshold_.enter;
}

// A threshold that was taken away releases what it held.
bool ThresholdEvent::back(double rms) const {
  if (std::isnan(threshold_.enter)) return true;
  return threshold_.side == Threshold::Side::below ? rms >= threshold_.leave
                                                   : rms <= threshold_.leave;
}

void ThresholdEvent::keep_extreme(State& state, double rms) const {
  double& extreme = state.seen.extreme;
  if (std::isnan(extreme)) extreme = rms;
  extreme =
      threshold_.side == Threshold::Side::below ? std::min(extreme, rms) : std::max(extreme, rms);
}

void ThresholdEvent::enter(State& state, const RmsWindow& window) {
  if (!active_) state.seen = {};
  state.seen.affected = true;
  state.out = true;
  state.begin = window.begin;
}

void ThresholdEvent::start(std::size_t channels) {
  active_ = true;
  bool first = true;
  for (std::size_t c = 0; c < channels; ++c) {
    State& state = states_[c];
    if (!state.out) {
      state.seen = {};
      continue;
    }
    if (first) time_ = state.begin;
    time_ = threshold_.all_channels ? std::max(time_, state.begin) : std::min(time_, state.begin);
    first = false;
  }
}

ThresholdEvent::Change ThresholdEvent::update(std::span<const RmsWindow> channels) noexcept {
  EXPECTS(channels.size() <= event_channels_max);
  bool released = false;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const RmsWindow& window = channels[c];
    State& state = states_[c];
    const bool was_out = state.out;
    if (std::isnan(window.rms)) {
      if (was_out) state.seen.quality |= window.quality;
      continue;
    }
    if (!state.out && beyond(window.rms)) {
      enter(state, window);
    } else if (state.out && back(window.rms)) {
      state.out = false;
      state.seen.duration_s += seconds_between(state.begin, window.begin);
      if (!released) end_ = window.begin;
      end_ = threshold_.all_channels ? std::min(end_, window.begin) : std::max(end_, window.begin);
      released = true;
    }
    if (state.out) keep_extreme(state, window.rms);
    if (state.out || was_out) state.seen.quality |= window.quality;
  }
  const auto states = std::span(states_).first(channels.size());
  const auto is_out = [](const State& s) { return s.out; };
  const bool holds = !channels.empty() &&
                     (threshold_.all_channels ? std::all_of(states.begin(), states.end(), is_out)
                                              : std::any_of(states.begin(), states.end(), is_out));
  if (holds == active_) return Change::none;
  if (holds) {
    start(channels.size());
    return Change::started;
  }
  ended_ = record(end_);
  active_ = false;
  for (State& state : states)  // out still: counts for the next event from here on
    if (state.out) {
      state.begin = end_;
      state.seen.duration_s = 0;
      state.seen.quality = {};
    }
  return Change::ended;
}

EventRecord ThresholdEvent::record(Instant now) const noexcept {
  if (!active_) return ended_;
  EventRecord record;
  record.time = time_;
  record.end = now;
  record.duration_s = seconds_between(time_, now);
  for (std::size_t c = 0; c < event_channels_max; ++c) {
    const State& state = states_[c];
    EventRecord::PerChannel& channel = record.per_channel[c];
    if (!state.seen.affected) continue;
    channel = state.seen;
    record.quality |= state.seen.quality;
    if (state.out) channel.duration_s += std::max(0.0, seconds_between(state.begin, now));
    if (std::isnan(record.extreme)) record.extreme = channel.extreme;
    record.extreme = threshold_.side == Threshold::Side::below
                         ? std::min(record.extreme, channel.extreme)
                         : std::max(record.extreme, channel.extreme);
  }
  return record;
}

}  // namespace polyphase::pq
