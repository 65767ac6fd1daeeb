#include "sources/simulator/frequency_profile.hpp"

#include <algorithm>
#include <cmath>

namespace polyphase::sources::simulator {
namespace {

constexpr std::uint64_t wander_stream = 1;

/// Integral of presence from the event's beginning.
long double presence_integral(const TimedEvent& event, long double since_s) {
  if (since_s <= 0) return 0;
  const auto in = static_cast<long double>(event.ramp_in_s);
  const auto out = static_cast<long double>(event.ramp_out_s);
  const auto duration = static_cast<long double>(event.duration_s);
  long double u = since_s;
  long double sum = 0;
  if (event.duration_s != lasting) {
    u = std::min(u, duration);
    // What the ramp at the end takes away.
    const long double w = u - (duration - out);
    if (w > 0 && out > 0) sum -= w * w / (2 * out);
  }
  return sum + (u < in ? u * u / (2 * in) : u - in / 2);
}

/// How many times an event has begun by a time; it repeats at equal distances.
long double begun(const TimedEvent& event, long double time_s) {
  const long double since = time_s - static_cast<long double>(event.start_s);
  if (since < 0) return 0;
  if (event.repeat_s <= 0) return 1;
  const long double times = std::floor(since / static_cast<long double>(event.repeat_s)) + 1;
  return event.count > 0 ? std::min(times, static_cast<long double>(event.count)) : times;
}

long double start_of(const TimedEvent& event, long double number) {
  return static_cast<long double>(event.start_s) +
         number * static_cast<long double>(event.repeat_s);
}

}  // namespace

double presence(const TimedEvent& event, double since_s) {
  if (since_s >= event.duration_s) return 0;
  double share = 1;
  if (event.ramp_in_s > 0 && since_s < event.ramp_in_s)
    share = std::max(since_s, 0.0) / event.ramp_in_s;
  const double left = event.duration_s - since_s;
  return left < event.ramp_out_s ? std::min(share, left / event.ramp_out_s) : share;
}

FrequencyProfile::FrequencyProfile(const Scenario& scenario)
    : points_(scenario.frequency),
      wander_(scenario.seed, wander_stream),
      wander_hz_(scenario.life.on ? scenario.life.frequency_hz : 0),
      start_s_(static_cast<long double>(scenario.start.ns) / 1e9L) {
  // Before the first point its frequency holds.
  if (points_.front().at_s > 0) points_.insert(points_.begin(), {0, points_.front().hz});
  turns_at_.push_back(0);
  for (std::size_t i = 1; i < points_.size(); ++i) {
    const FrequencyPoint &a = points_[i - 1], &b = points_[i];
    const long double span = static_cast<long double>(b.at_s) - static_cast<long double>(a.at_s);
    turns_at_.push_back(turns_at_.back() + span * static_cast<long double>(a.hz + b.hz) / 2);
    corners_.push_back(b.at_s);
  }
  for (const TimedEvent& event : scenario.events)
    if (event.kind == EventKind::frequency) events_.push_back(event);
  wander_turns_at_start_ = wander_.integral(start_s_);
}

long double FrequencyProfile::turns(long double time_s) const {
  const auto after = std::upper_bound(
      points_.begin() + 1, points_.end(), time_s,
      [](long double t, const FrequencyPoint& p) { return t < static_cast<long double>(p.at_s); });
  const auto i = static_cast<std::size_t>(after - points_.begin()) - 1;
  const FrequencyPoint& from = points_[i];
  const long double since = time_s - static_cast<long double>(from.at_s);
  long double sum = turns_at_[i] + since * static_cast<long double>(from.hz);
  if (after != points_.end())
    sum += since * since / 2 *
           static_cast<long double>((after->hz - from.hz) / (after->at_s - from.at_s));
  for (const TimedEvent& event : events_) {
    const long double times = begun(event, time_s);
    if (times == 0) continue;
    const auto change = static_cast<long double>(event.change_hz);
    const long double before = times - 1;
    if (before > 0)
      sum += change * before * presence_integral(event, static_cast<long double>(event.duration_s));
    sum += change * presence_integral(event, time_s - start_of(event, before));
  }
  if (wander_hz_ > 0)
    sum += static_cast<long double>(wander_hz_) *
           (wander_.integral(start_s_ + time_s) - wander_turns_at_start_);
  return sum;
}

double FrequencyProfile::hz(long double time_s) const {
  const auto t = static_cast<double>(time_s);
  const auto after =
      std::upper_bound(points_.begin() + 1, points_.end(), t,
                       [](double at, const FrequencyPoint& p) { return at < p.at_s; });
  const FrequencyPoint& from = *(after - 1);
  double sum = from.hz;
  if (after != points_.end())
    sum += (t - from.at_s) * (after->hz - from.hz) / (after->at_s - from.at_s);
  for (const TimedEvent& event : events_) {
    const long double times = begun(event, time_s);
    if (times > 0)
      sum += event.change_hz *
             presence(event, static_cast<double>(time_s - start_of(event, times - 1)));
  }
  if (wander_hz_ > 0) sum += wander_hz_ * wander_.at(start_s_ + time_s);
  return sum;
}

}  // namespace polyphase::sources::simulator
