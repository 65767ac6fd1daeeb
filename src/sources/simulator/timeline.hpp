#pragma once

#include <optional>
#include <vector>

#include "sources/simulator/life.hpp"
#include "sources/simulator/scenario.hpp"

namespace polyphase::sources::simulator {

/// An event that is on, and when this repetition of it began.
struct ActiveEvent {
  const TimedEvent* event = nullptr;
  double start_s = 0;
};

/// A stretch of time within which nothing changes but smoothly: no event begins or ends or enters
/// or leaves a ramp, and the frequency runs along one line.
struct Epoch {
  double begin_s = 0, end_s = 0;
  std::vector<ActiveEvent> active;
};

/// An instant less than this before an edge counts as the edge: times are sums of decimal
/// fractions.
inline constexpr double edge_tolerance_s = 1e-9;

/// The events of a scenario and those that chance brings, cut into epochs.
class Timeline {
 public:
  /// `corners`: further edges, rising.
  Timeline(const Scenario& scenario, std::span<const double> corners);

  /// The epoch of an instant; valid until the next call.
  const Epoch& at(double time_s);

 private:
  void add(const TimedEvent& event, double time_s);

  std::vector<TimedEvent> events_;
  std::vector<double> corners_;
  ChanceEvents chance_;
  std::optional<TimedEvent> chance_event_;
  Epoch epoch_;
};

}  // namespace polyphase::sources::simulator
