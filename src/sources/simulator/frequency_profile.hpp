#pragma once

#include <span>

#include "sources/simulator/life.hpp"
#include "sources/simulator/scenario.hpp"

namespace polyphase::sources::simulator {

/// Share of an event that is on, `since_s` after it began: ramping to 1, and back to 0 at its end.
/// Whoever asks knows that it has begun.
double presence(const TimedEvent& event, double since_s);

/// Fundamental frequency and its integral in closed form: straight lines between the points, plus
/// the frequency events, plus wandering.
///
///   f(t) = f_points(t) + sum change * presence(t) + wander(t),   turns(t) = integral of f from 0
///   to t
///
/// Turns are of extended precision: after a year a double would know the phase to 1e-6 only.
class FrequencyProfile {
 public:
  explicit FrequencyProfile(const Scenario& scenario);

  long double turns(long double time_s) const;
  double hz(long double time_s) const;

  /// Where the slope of f changes, besides at events: times of the points, rising.
  std::span<const double> corners() const { return corners_; }

 private:
  std::vector<FrequencyPoint> points_;
  std::vector<long double> turns_at_;  ///< at the points
  std::vector<double> corners_;
  std::vector<TimedEvent> events_;
  Wander wander_;
  double wander_hz_ = 0;
  long double start_s_ = 0, wander_turns_at_start_ = 0;
};

}  // namespace polyphase::sources::simulator
