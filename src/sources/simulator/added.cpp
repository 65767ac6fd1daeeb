#include "sources/simulator/added.hpp"

#include <cmath>
#include <numbers>

#include "sources/simulator/frequency_profile.hpp"

namespace polyphase::sources::simulator {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;
constexpr std::uint64_t noise_stream = 10'000;

/// The largest value of e^(-t/decay) - e^(-t/rise).
double impulse_top(double rise_s, double decay_s) {
  const double at_s = std::log(decay_s / rise_s) / (1 / rise_s - 1 / decay_s);
  return std::exp(-at_s / decay_s) - std::exp(-at_s / rise_s);
}

}  // namespace

double added(const TimedEvent& event, double since_s, double peak, double theta_turns) {
  switch (event.kind) {
    case EventKind::transient:
      return peak * std::exp(-since_s / event.decay_s) *
             std::sin(two_pi * event.frequency_hz * since_s);
    case EventKind::impulse:
      return peak * (std::exp(-since_s / event.decay_s) - std::exp(-since_s / event.rise_s)) /
             impulse_top(event.rise_s, event.decay_s);
    case EventKind::mains_signal: {
      const double turns =
          event.order > 0 ? event.order * theta_turns : event.frequency_hz * since_s;
      return peak * presence(event, since_s) *
             std::cos(two_pi * (turns - std::floor(turns) + event.angle_deg / 360));
    }
    default:
      return 0;
  }
}

double notched(const TimedEvent& event, double phase_turns, double hz) {
  const double place = (phase_turns - event.angle_deg / 360) * event.per_cycle;
  const double width = event.width_s * hz * event.per_cycle;  // share of the distance
  return place - std::floor(place) < width ? 1 - event.percent / 100 : 1.0;
}

double noise(std::uint64_t seed, std::size_t channel, std::int64_t time_ns) {
  const std::uint64_t bits =
      hashed(seed, noise_stream + channel, static_cast<std::uint64_t>(time_ns));
  // The sum of four uniforms has a variance of 1/3.
  double sum = -2;
  for (unsigned n = 0; n < 4; ++n)
    sum += (static_cast<double>(bits >> (16 * n) & 0xffffu) + 0.5) / 65'536;
  return sum * std::numbers::sqrt3;
}

}  // namespace polyphase::sources::simulator
