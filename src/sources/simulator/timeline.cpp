#include "sources/simulator/timeline.hpp"

#include <algorithm>
#include <cmath>

namespace polyphase::sources::simulator {

Timeline::Timeline(const Scenario& scenario, std::span<const double> corners)
    : events_(scenario.events), corners_(corners.begin(), corners.end()), chance_(scenario) {
  for (const TimedEvent& event : chance_.opening()) events_.push_back(event);
}

const Epoch& Timeline::at(double time_s) {
  const double t = time_s + edge_tolerance_s;
  if (t >= epoch_.begin_s && t < epoch_.end_s) return epoch_;
  epoch_.active.clear();
  epoch_.begin_s = t;
  epoch_.end_s = lasting;
  const auto corner = std::upper_bound(corners_.begin(), corners_.end(), t);
  if (corner != corners_.end()) epoch_.end_s = *corner;
  for (const TimedEvent& event : events_) add(event, t);
  const ChanceEvents::Slot slot = chance_.slot_at(t);
  chance_event_ = slot.event;
  if (chance_event_) add(*chance_event_, t);
  epoch_.end_s = std::min(epoch_.end_s, slot.end_s);
  // The end of a slot may round to the instant itself.
  epoch_.end_s = std::max(epoch_.end_s, std::nextafter(t, lasting));
  return epoch_;
}

void Timeline::add(const TimedEvent& event, double t) {
  const auto edge = [&](double at_s) {
    if (at_s > t) epoch_.end_s = std::min(epoch_.end_s, at_s);
  };
  if (t < event.start_s) return edge(event.start_s);
  double start_s = event.start_s;
  if (event.repeat_s > 0) {
    double number = std::floor((t - start_s) / event.repeat_s);
    if (event.count > 0) number = std::min(number, static_cast<double>(event.count - 1));
    start_s += number * event.repeat_s;
    if (event.count == 0 || number + 1 < static_cast<double>(event.count))
      edge(event.start_s + (number + 1) * event.repeat_s);
  }
  const double end_s = start_s + event.duration_s;
  if (t >= end_s) return;
  epoch_.active.push_back({&event, start_s});
  if (event.ramp_in_s > 0) edge(start_s + event.ramp_in_s);
  if (event.ramp_out_s > 0) edge(end_s - event.ramp_out_s);
  edge(end_s);
}

}  // namespace polyphase::sources::simulator
