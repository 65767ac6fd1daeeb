#pragma once

#include <array>
#include <cmath>
#include <optional>

#include "sources/simulator/scenario.hpp"

/// The wandering, the daily loads and the chance events of a feeder: pure functions of seed and
/// time.
namespace polyphase::sources::simulator {

/// 64 well-mixed bits of (seed, stream, place): chance that depends on nothing else.
std::uint64_t hashed(std::uint64_t seed, std::uint64_t stream, std::uint64_t place);

/// Uniform in [0, 1).
inline double uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t place) {
  return static_cast<double>(hashed(seed, stream, place) >> 11) * 0x1p-53;
}

/// A slow walk between -1 and 1: a sum of sines with periods from 10 s to 20 minutes, the slower
/// the larger, whose periods and phases the seed decides. So its integral is a closed form as well.
class Wander {
 public:
  Wander(std::uint64_t seed, std::uint64_t stream);
  /// `clock_s`: seconds since 1970.
  double at(long double clock_s) const;
  long double integral(long double clock_s) const;  ///< an antiderivative, in seconds

 private:
  struct Sine {
    double period_s = 0, weight = 0, phase_turns = 0;
  };
  std::array<Sine, 6> sines_;
};

/// Share of a load that is on at a local time, 0 to 1: straight lines between full hours.
double load_level(Curve curve, long double local_s);

/// A slow quantity as straight lines between the values it has every 20 ms of the clock, so that a
/// quantity that is dear to ask is asked seldom. Of the walks above they leave out less than 1e-6.
class SlowLine {
 public:
  static constexpr long double step_s = 0.02L;

  template <class Value>
  double at(long double clock_s, Value value) {
    const long double place = clock_s / step_s;
    const long double number = std::floor(place);
    if (number != number_) {
      from_ = number == number_ + 1 ? to_ : value(number * step_s);
      to_ = value((number + 1) * step_s);
      number_ = number;
    }
    return from_ + static_cast<double>(place - number) * (to_ - from_);
  }

 private:
  long double number_ = -std::numeric_limits<long double>::infinity();
  double from_ = 0, to_ = 0;
};

/// Events that chance brings. Time is cut into slots of half the mean interval, counted from 1970;
/// each holds an event with probability one half, all of it within the slot.
class ChanceEvents {
 public:
  explicit ChanceEvents(const Scenario& scenario);

  /// One of each kind, one after the other, within first_events_within_s of the start.
  std::vector<TimedEvent> opening() const;

  struct Slot {
    double begin_s = 0, end_s = lasting;  ///< since the start of the scenario
    std::optional<TimedEvent> event;
  };
  Slot slot_at(double time_s) const;

 private:
  TimedEvent drawn(EventKind kind, double begin_s, double length_s, std::uint64_t place) const;

  std::uint64_t seed_ = 0;
  Life life_;
  long double start_s_ = 0;  ///< since 1970
  std::size_t load_count_ = 0;
};

}  // namespace polyphase::sources::simulator
