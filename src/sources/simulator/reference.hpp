#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sources/simulator/life.hpp"
#include "sources/simulator/scenario.hpp"

/// The signal of a scenario the slow and obvious way: every cosine of every tone at every instant,
/// and all events asked each time. What the simulator is tested against; without noise, gaps and
/// the events of chance.
namespace polyphase::sources::simulator::reference {

inline constexpr double two_pi = 2 * std::numbers::pi;

inline long double clock_at(const Scenario& s, double t) {
  return static_cast<long double>(s.start.ns) / 1e9L + static_cast<long double>(t);
}

/// Events tell `use(event, seconds since this repetition began)` where they are on.
template <class Use>
void each_active(const Scenario& s, double t, Use use) {
  for (const TimedEvent& e : s.events)
    for (std::uint64_t n = 0; n == 0 || (e.repeat_s > 0 && (e.count == 0 || n < e.count)); ++n) {
      const double since = t - (e.start_s + static_cast<double>(n) * e.repeat_s);
      if (since < -1e-9) break;
      if (since < e.duration_s - 1e-9) use(e, std::max(since, 0.0));
    }
}

inline double share_on(const TimedEvent& e, double since) {
  double share = 1;
  if (e.ramp_in_s > 0) share = std::min(share, since / e.ramp_in_s);
  if (e.ramp_out_s > 0) share = std::min(share, (e.duration_s - since) / e.ramp_out_s);
  return share;
}

inline double hz_at(const Scenario& s, double t) {
  double hz = s.frequency.front().hz;
  for (std::size_t i = 0; i < s.frequency.size(); ++i) {
    const FrequencyPoint& a = s.frequency[i];
    if (t < a.at_s) break;
    hz = a.hz;
    if (i + 1 < s.frequency.size() && t < s.frequency[i + 1].at_s) {
      const FrequencyPoint& b = s.frequency[i + 1];
      hz += (b.hz - a.hz) * (t - a.at_s) / (b.at_s - a.at_s);
    }
  }
  each_active(s, t,
              [&](const TimedEvent& e, double since) { hz += e.change_hz * share_on(e, since); });
  if (s.life.on) hz += s.life.frequency_hz * Wander(s.seed, 1).at(clock_at(s, t));
  return hz;
}

/// The integral of hz_at() by midpoints, fine enough for lines and sines.
class Turns {
 public:
  Turns(const Scenario& s, double step_s) : s_(s), step_s_(step_s) {}
  double operator()(double t) {
    while ((static_cast<double>(steps_) + 1) * step_s_ <= t) {
      sum_ += step_s_ * hz_at(s_, (static_cast<double>(steps_) + 0.5) * step_s_);
      ++steps_;
    }
    const double from = static_cast<double>(steps_) * step_s_;
    return sum_ + (t - from) * hz_at(s_, (t + from) / 2);
  }

 private:
  const Scenario& s_;
  double step_s_, sum_ = 0;
  std::uint64_t steps_ = 0;
};

inline double flicker_at(const Scenario& s, std::size_t phase, double t) {
  if (phase > 2 || !s.flicker.phases[phase]) return 1;
  const double sine = std::sin(two_pi * s.flicker.frequency_hz * t);
  const double shape = s.flicker.rectangular ? (sine >= 0 ? 1.0 : -1.0) : sine;
  return 1 + s.flicker.percent / 200 * shape;
}

/// A channel's fundamental and tones; `impedance`: of the network, 1 for the channel's own.
inline double tones_at(const ChannelState& c, double turns, double jump_deg, double r, double x) {
  const double own = two_pi * turns + (c.angle_deg + jump_deg) * std::numbers::pi / 180;
  const auto one = [&](double order, double percent, double angle_deg) {
    const double a = order * own + angle_deg * std::numbers::pi / 180;
    return percent / 100 * (r * std::cos(a) - order * x * std::sin(a));
  };
  double sum = one(1, 100, 0);
  for (const Tone& tone : c.tones) sum += one(tone.order, tone.percent, tone.angle_deg);
  return std::numbers::sqrt2 * c.rms * sum;
}

inline double added_at(const Scenario& s, std::size_t phase, double t, double turns) {
  double sum = 0;
  each_active(s, t, [&](const TimedEvent& e, double since) {
    if (!e.phases[phase]) return;
    const double peak = std::numbers::sqrt2 * s.voltages[phase].rms * e.percent / 100;
    if (e.kind == EventKind::transient)
      sum += peak * std::exp(-since / e.decay_s) * std::sin(two_pi * e.frequency_hz * since);
    if (e.kind == EventKind::mains_signal)
      sum += peak * share_on(e, since) *
             std::cos(two_pi * (e.order > 0 ? e.order * turns : e.frequency_hz * since) +
                      e.angle_deg * std::numbers::pi / 180);
  });
  return sum;
}

inline double voltage_level_at(const Scenario& s, std::size_t phase, double t) {
  if (!s.life.on || phase > 2) return 1;
  return 1 + s.life.voltage_percent / 100 *
                 (0.7 * Wander(s.seed, 13).at(clock_at(s, t)) +
                  0.3 * Wander(s.seed, 10 + phase).at(clock_at(s, t)));
}

inline double load_level_at(const Scenario& s, std::size_t load, double t) {
  double level = 1;
  if (s.life.on) {
    const long double clock_s = clock_at(s, t);
    level =
        load_level(s.loads[load].curve, clock_s + static_cast<long double>(s.life.utc_offset_s)) *
        (1 + s.life.load_percent / 100 * Wander(s.seed, 20 + load).at(clock_s));
  }
  each_active(s, t, [&](const TimedEvent& e, double since) {
    if (e.load < 0 || e.load == static_cast<int>(load))
      level *= 1 + (e.load_factor - 1) * share_on(e, since);
  });
  return level;
}

inline std::array<double, channel_count> frame_at(const Scenario& s, double t, double turns) {
  std::array<double, channel_count> x{};
  for (std::size_t p = 0; p < 4; ++p) {
    double voltage = flicker_at(s, p, t) * voltage_level_at(s, p, t), current = voltage,
           jump_deg = 0;
    if (p < 3)
      each_active(s, t, [&](const TimedEvent& e, double since) {
        voltage *= 1 + (e.voltage_factor[p] - 1) * share_on(e, since);
        current *= 1 + (e.current_factor[p] - 1) * share_on(e, since);
        if (e.phases[p] && (e.kind == EventKind::sag || e.kind == EventKind::phase_jump))
          jump_deg += e.angle_deg;
      });
    x[p] = voltage * tones_at(s.voltages[p], turns, jump_deg, 1, 0);
    for (std::size_t n = 0; n < s.loads.size(); ++n) {
      const ChannelState& c = s.loads[n].phases[p];
      const double level = current * load_level_at(s, n, t);
      x[4 + p] += level * tones_at(c, turns, jump_deg, 1, 0) + c.dc;
      if (p < 3)
        x[p] -=
            level * tones_at(c, turns, jump_deg, s.network_resistance_ohm, s.network_reactance_ohm);
    }
    if (p < 3) x[p] += added_at(s, p, t, turns);
    x[p] += s.voltages[p].dc;
  }
  if (s.neutral_is_sum) x[7] = x[4] + x[5] + x[6];
  return x;
}

}  // namespace polyphase::sources::simulator::reference
