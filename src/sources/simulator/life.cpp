#include "sources/simulator/life.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace polyphase::sources::simulator {
namespace {

// Streams of chance; those of Wander are the callers'.
enum Stream : std::uint64_t { sine_period = 1'000, sine_phase = 2'000, event_stream = 3'000 };

constexpr std::array<double, 6> wander_periods_s{11, 29, 71, 173, 421, 1'030};

constexpr double two_pi = 2 * std::numbers::pi;
constexpr long double day_s = 86'400;

long double fraction(long double value) { return value - std::floor(value); }

using Day = std::array<double, 24>;  // at full hours
struct Curves {
  Day working, weekend;
};
constexpr Curves home{{.34, .30, .28, .27, .28, .34, .52, .70, .66, .54, .48, .47,
                       .50, .47, .44, .46, .55, .74, .92, 1.0, .96, .84, .66, .46},
                      {.38, .33, .30, .28, .28, .30, .36, .48, .62, .70, .72, .74,
                       .76, .70, .64, .62, .66, .78, .92, .98, .94, .84, .68, .50}};
constexpr Curves office{{.18, .17, .17, .17, .18, .22, .38, .66, .90, .98, 1.0, .98,
                         .90, .95, .98, .96, .90, .72, .48, .34, .28, .24, .21, .19},
                        {.18, .17, .17, .17, .17, .17, .18, .19, .21, .22, .23, .23,
                         .23, .22, .22, .21, .20, .20, .19, .19, .18, .18, .18, .18}};
constexpr Curves industry{{.42, .40, .40, .41, .46, .62, .88, .96, 1.0, .99, .97, .96,
                           .88, .95, .97, .96, .94, .92, .90, .88, .86, .80, .58, .46},
                          {.42, .40, .38, .37, .37, .38, .42, .46, .48, .48, .47, .46,
                           .44, .42, .40, .38, .37, .36, .36, .36, .36, .37, .39, .41}};

}  // namespace

std::uint64_t hashed(std::uint64_t seed, std::uint64_t stream, std::uint64_t place) {
  // Three rounds of the mixing of splitmix64 (Steele, Lea, Flood 2014).
  std::uint64_t z = seed;
  for (const std::uint64_t next : {stream, place, std::uint64_t{0}}) {
    z += 0x9e3779b97f4a7c15u + next;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
  }
  return z;
}

Wander::Wander(std::uint64_t seed, std::uint64_t stream) {
  double sum = 0;
  for (std::size_t i = 0; i < sines_.size(); ++i) {
    Sine& sine = sines_[i];
    sine.period_s = wander_periods_s[i] * (0.92 + 0.16 * uniform(seed, sine_period + i, stream));
    sine.phase_turns = uniform(seed, sine_phase + i, stream);
    sine.weight = std::sqrt(sine.period_s);
    sum += sine.weight;
  }
  for (Sine& sine : sines_) sine.weight /= sum;
}

double Wander::at(long double clock_s) const {
  double sum = 0;
  for (const Sine& s : sines_) {
    const auto turns =
        static_cast<double>(fraction(clock_s / static_cast<long double>(s.period_s)));
    sum += s.weight * std::sin(two_pi * (turns + s.phase_turns));
  }
  return sum;
}

long double Wander::integral(long double clock_s) const {
  long double sum = 0;
  for (const Sine& s : sines_) {
    const auto turns =
        static_cast<double>(fraction(clock_s / static_cast<long double>(s.period_s)));
    sum -= static_cast<long double>(s.weight * s.period_s / two_pi *
                                    std::cos(two_pi * (turns + s.phase_turns)));
  }
  return sum;
}

double load_level(Curve curve, long double local_s) {
  if (curve == Curve::steady) return 1;
  const Curves& curves = curve == Curve::home ? home : curve == Curve::office ? office : industry;
  const auto value = [&](std::int64_t hour) {
    // 1970-01-01 was a Thursday.
    const std::int64_t day = hour / 24 - (hour % 24 < 0 ? 1 : 0);
    const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;
    return (weekday >= 5 ? curves.weekend
                         : curves.working)[static_cast<std::size_t>(hour - day * 24)];
  };
  const long double hours = local_s / 3600;
  const auto hour = static_cast<std::int64_t>(std::floor(hours));
  const auto share = static_cast<double>(hours - std::floor(hours));
  return value(hour) * (1 - share) + value(hour + 1) * share;
}

ChanceEvents::ChanceEvents(const Scenario& scenario)
    : seed_(scenario.seed),
      life_(scenario.life),
      start_s_(static_cast<long double>(scenario.start.ns) / 1e9L),
      load_count_(scenario.loads.size()) {}

std::vector<TimedEvent> ChanceEvents::opening() const {
  std::vector<TimedEvent> list;
  if (!life_.on || life_.first_events_within_s <= 0) return list;
  constexpr std::array kinds{EventKind::load_step, EventKind::sag, EventKind::transient,
                             EventKind::swell, EventKind::rvc};
  const double length = life_.first_events_within_s / static_cast<double>(kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i)
    list.push_back(drawn(kinds[i], length * static_cast<double>(i), length, i));
  return list;
}

ChanceEvents::Slot ChanceEvents::slot_at(double time_s) const {
  if (!life_.on || life_.events_every_s <= 0) return {};
  const double length = life_.events_every_s / 2;
  const long double clock_s = start_s_ + static_cast<long double>(time_s);
  const long double number = std::floor(clock_s / static_cast<long double>(length));
  Slot slot;
  slot.begin_s = static_cast<double>(number * static_cast<long double>(length) - start_s_);
  slot.end_s = slot.begin_s + length;
  const auto place = static_cast<std::uint64_t>(static_cast<std::int64_t>(number));
  const double chance = uniform(seed_, event_stream, place);
  if (chance >= 0.5 || slot.begin_s < life_.first_events_within_s) return slot;
  struct Share {
    EventKind kind;
    double below;
  };
  constexpr std::array<Share, 6> shares{{{EventKind::sag, 0.125},
                                         {EventKind::load_step, 0.25},
                                         {EventKind::transient, 0.34},
                                         {EventKind::rvc, 0.42},
                                         {EventKind::swell, 0.475},
                                         {EventKind::interruption, 0.5}}};
  const auto share =
      std::find_if(shares.begin(), shares.end(), [&](const Share& s) { return chance < s.below; });
  slot.event = drawn(share->kind, slot.begin_s, length, place);
  return slot;
}

TimedEvent ChanceEvents::drawn(EventKind kind, double begin_s, double length_s,
                               std::uint64_t place) const {
  std::uint64_t draws = 0;
  const auto chance = [&](double low, double high) {
    const std::uint64_t stream =
        event_stream + 1 + draws++ + 100 * static_cast<std::uint64_t>(kind);
    return low + (high - low) * uniform(seed_, stream, place);
  };
  TimedEvent event;
  event.kind = kind;
  event.start_s = begin_s + length_s * chance(0.1, 0.6);
  const double duration_max_s = 0.35 * length_s;
  const auto lasts = [&](double low_s, double high_s) {  // short ones more often
    return std::min(duration_max_s, low_s * std::pow(high_s / low_s, chance(0, 1)));
  };
  // Most faults concern one phase, some two, some all.
  const double concerned = chance(0, 1);
  const auto one = static_cast<std::size_t>(chance(0, 2.999999));
  for (std::size_t p = 0; p < 3; ++p)
    event.phases[p] = concerned > 0.8 || (concerned > 0.6 ? p != one : p == one);
  double voltage = 1, current = -1;  // -1: as the voltage
  switch (kind) {
    case EventKind::sag:
      voltage = chance(0.45, 0.88);
      event.duration_s = lasts(0.04, 0.8);
      if (chance(0, 1) < 0.5) current = chance(2, 5);  // the fault lies behind the meter
      event.ramp_in_s = 0.002;
      event.ramp_out_s = 0.01;
      event.angle_deg = chance(-15, 5);
      break;
    case EventKind::swell:
      voltage = chance(1.11, 1.18);
      event.duration_s = lasts(0.05, 1);
      event.ramp_in_s = event.ramp_out_s = 0.005;
      break;
    case EventKind::interruption:
      voltage = 0;
      event.phases = {true, true, true};
      event.duration_s = lasts(0.1, 3);
      event.ramp_in_s = event.ramp_out_s = 0.002;
      break;
    case EventKind::rvc:
      voltage = 1 + chance(0.035, 0.055) * (chance(0, 1) < 0.7 ? -1 : 1);
      event.phases = {true, true, true};
      event.duration_s = lasts(2, 15);
      event.ramp_in_s = event.ramp_out_s = 0.02;
      break;
    case EventKind::load_step:
      event.phases = {true, true, true};
      event.load = static_cast<int>(chance(0, 0.999999) * static_cast<double>(load_count_));
      event.load_factor = chance(0, 1) < 0.5 ? chance(0.3, 0.7) : chance(1.3, 1.9);
      event.duration_s = lasts(5, 120);
      event.ramp_in_s = event.ramp_out_s = std::min(0.1, event.duration_s / 4);
      break;
    default:
      event.kind = EventKind::transient;
      event.percent = chance(40, 110);
      event.frequency_hz = chance(500, 1'500);
      event.decay_s = chance(0.001, 0.004);
      event.duration_s = 20 * event.decay_s;
  }
  for (std::size_t p = 0; p < 3; ++p) {
    if (!event.phases[p]) continue;
    event.voltage_factor[p] = voltage;
    event.current_factor[p] = current >= 0 ? current : voltage;
  }
  return event;
}

}  // namespace polyphase::sources::simulator
