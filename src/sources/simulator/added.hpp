#pragma once

#include <span>

#include "sources/simulator/timeline.hpp"

namespace polyphase::sources::simulator {

/// What a transient, an impulse or a mains signal adds to a voltage `since_s` after it began.
///
///   transient     peak e^(-t/decay) sin(2 pi f t)
///   impulse       peak n (e^(-t/decay) - e^(-t/rise)), n such that the largest value is the peak
///   mains signal  peak presence(t) cos(angle), angle 2 pi f t, or the order times `theta_turns`
///
/// in   peak         size of the event times the crest of the phase's fundamental
///      theta_turns  angle of the fundamental
double added(const TimedEvent& event, double since_s, double peak, double theta_turns);

/// What is left of a voltage within commutation notches: 1, or less inside of one. They lie at
/// equal distances in the cycle, the first at the event's angle to the cosine of the phase.
///
/// in   phase_turns  angle of the phase's fundamental
double notched(const TimedEvent& event, double phase_turns, double hz);

/// White noise of rms 1: near enough to a bell, and the same for an instant whatever the sampling
/// rate.
double noise(std::uint64_t seed, std::size_t channel, std::int64_t time_ns);

}  // namespace polyphase::sources::simulator
