#include "pq/rapid_voltage_change.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/contract.hpp"

namespace polyphase::pq {

void RapidVoltageChange::configure(const RapidVoltageChangeConfig& config) {
  EXPECTS(config.half_cycles >= 2 && config.half_cycles <= rvc_half_cycles_max);
  config_ = config;
  restart();
}

void RapidVoltageChange::restart() {
  next_ = count_ = 0;
  steady_ = changing_ = discard_ = false;
  hysteresis_left_ = crossed_left_ = 0;
}

double RapidVoltageChange::threshold() const {
  return changing_ || hysteresis_left_ > 0 ? config_.threshold - config_.hysteresis
                                           : config_.threshold;
}

// Sums the history anew each time: no rounding gathers over weeks.
void RapidVoltageChange::judge(History& history, double threshold) const {
  const auto values = std::span(history.rms).first(config_.half_cycles);
  double sum = 0, lowest = values[0], highest = values[0];
  for (const double v : values) {
    sum += v;
    lowest = std::min(lowest, v);
    highest = std::max(highest, v);
  }
  history.mean = sum / config_.half_cycles;
  history.steady = highest - history.mean <= threshold && history.mean - lowest <= threshold;
}

std::optional<RapidVoltageChangeRecord> RapidVoltageChange::update(
    std::span<const RmsWindow> channels, bool limit_crossed) noexcept {
  EXPECTS(channels.size() <= event_channels_max);
  if (config_.threshold <= 0 || channels.empty()) return std::nullopt;
  if (std::any_of(channels.begin(), channels.end(),
                  [](const auto& w) { return std::isnan(w.rms); })) {
    restart();
    return std::nullopt;
  }
  constexpr unsigned step_windows = 2;  // behind the first that shows a step
  if (limit_crossed)
    crossed_left_ = step_windows + 1;
  else if (crossed_left_ > 0)
    --crossed_left_;
  const std::size_t newest = next_;
  next_ = (next_ + 1) % config_.half_cycles;
  const double limit = threshold();
  bool steady = true;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    History& history = channels_[c];
    history.rms[newest] = channels[c].rms;
    history.begin[newest] = channels[c].begin;
    if (steady_) history.mean_before = history.mean;
    if (count_ + 1 < config_.half_cycles) continue;
    judge(history, limit);
    steady = steady && history.steady;
    if (changing_) {
      history.changed = history.changed || !history.steady;
      history.delta_max =
          std::max(history.delta_max, std::abs(channels[c].rms - history.mean_before));
    }
  }
  if (count_ + 1 < config_.half_cycles) {
    ++count_;
    return std::nullopt;
  }
  if (hysteresis_left_ > 0) --hysteresis_left_;
  const bool was_steady = std::exchange(steady_, steady);
  if (was_steady && !steady) begin_change(channels.size(), newest);
  for (const RmsWindow& window : channels) quality_ |= window.quality;
  discard_ = discard_ || crossed_left_ > 0;
  if (!changing_ || !steady) return std::nullopt;
  const auto record = end_change(channels.size(), next_);
  if (discard_) return std::nullopt;
  return record;
}

std::optional<RapidVoltageChangeRecord> RapidVoltageChange::open(Instant now) const noexcept {
  if (!changing_ || discard_) return std::nullopt;
  RapidVoltageChangeRecord record;
  record.time = time_;
  record.end = now;
  record.quality = quality_;
  record.delta_ss = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    record.affected[c] = channels_[c].changed;
    if (channels_[c].changed) record.delta_max = std::max(record.delta_max, channels_[c].delta_max);
  }
  return record;
}

void RapidVoltageChange::begin_change(std::size_t channels, std::size_t newest) {
  changing_ = true;
  discard_ = false;
  quality_ = {};
  bool first = true;
  for (History& history : std::span(channels_).first(channels)) {
    history.changed = !history.steady;
    history.delta_max = std::abs(history.rms[newest] - history.mean_before);
    if (!history.changed) continue;
    if (first || history.begin[newest] < time_) time_ = history.begin[newest];
    first = false;
  }
}

RapidVoltageChangeRecord RapidVoltageChange::end_change(std::size_t channels, std::size_t oldest) {
  RapidVoltageChangeRecord record;
  record.time = time_;
  record.end = time_;
  record.quality = quality_;
  for (std::size_t c = 0; c < channels; ++c) {
    const History& history = channels_[c];
    record.affected[c] = history.changed;
    if (history.changed) record.end = std::max(record.end, history.begin[oldest]);
    record.delta_max = std::max(record.delta_max, history.delta_max);
    record.delta_ss = std::max(record.delta_ss, std::abs(history.mean - history.mean_before));
  }
  changing_ = false;
  hysteresis_left_ = config_.half_cycles;
  return record;
}

}  // namespace polyphase::pq
