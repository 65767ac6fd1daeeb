#pragma once

#include <algorithm>
#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>

#include "base/direction.hpp"
#include "metering/datasets.hpp"

namespace polyphase::pq {

/// Least squares of dV = Z dI over some cycles, and what its impedance says of the direction.
class ImpedanceFit {
 public:
  using Complex = std::complex<double>;
  void start(Complex voltage_before, Complex current_before) {
    voltage_before_ = std::abs(voltage_before);
    current_before_ = std::abs(current_before);
  }
  void add(Complex dv, Complex di) {
    product_ += dv * std::conj(di);
    voltage_square_ += std::norm(dv);
    current_square_ += std::norm(di);
    voltage_max_ = std::max(voltage_max_, std::abs(dv));
  }
  double change() const { return voltage_square_; }
  double largest() const { return voltage_max_ / voltage_before_; }
  /// -1 upstream to 1 downstream, 0: nothing can be said. `yield`: see the source file; a change of
  /// the voltage that is not above `least` says nothing.
  double vote(double yield, double least) const;

 private:
  Complex product_ = 0;
  double voltage_before_ = 0, current_before_ = 0;
  double voltage_square_ = 0, current_square_ = 0, voltage_max_ = 0;
};

/// On which side of the meter a disturbance of the voltage was caused.
///
/// Keeps the last half cycles, and judges the first cycles of a disturbance against those before
/// it; the votes and what they weigh are at the head of the source file, what they cannot tell in
/// docs/direction.md. Currents count positive towards the load.
///
/// in      every half cycle, in order; start() behind the one that showed the disturbance
/// needs   8 half cycles before the edge; with fewer, behind a gap, without currents: undetermined
/// cost    O(1) memory; nothing allocated; one thread per instance
/// source  methods as in the project's facts, 10.2 and 10.3; none of the papers' texts was read
class DisturbanceDirection {
 public:
  void update(const metering::HalfCycleData& data) noexcept;

  /// The half cycle given last showed a disturbance. One that is judged already goes on.
  void start() noexcept;
  /// True from start() until enough is known or finish().
  bool running() const { return running_; }
  /// The disturbance is over: judges what there is of it, where that was not done yet.
  DirectionFinding finish() noexcept;

 private:
  template <class T>
  using PerPhase = metering::PerPhase<T>;

  static constexpr std::size_t kept = 16;      ///< half cycles
  static constexpr unsigned judged_after = 4;  ///< half cycles behind the one that showed it
  static constexpr std::size_t edge_reach =
      3;  ///< half cycles before that one: the edge may be there
  static constexpr std::size_t calm_before = 2;  ///< more: the last whole cycle before the edge

  struct HalfCycle {
    std::int64_t number = 0;
    double begin = 0, length = 0;  ///< in samples
    PerPhase<std::complex<double>> voltage{}, current{};
    PerPhase<double> energy{}, current_sum{}, voltage_square{};
    unsigned phases = 0;  ///< bits of those with both voltage and current
    bool doubtful = false;
  };
  /// One cycle, turned to the frame of the cycle before the disturbance.
  struct Cycle {
    PerPhase<std::complex<double>> voltage{}, current{};
    PerPhase<double> power{}, current_mean{};
    PerPhase<double> distortion{};  ///< mean square of the voltage without its fundamental
  };
  struct Before {
    Cycle cycle;
    unsigned phases = 0x07;  ///< alive, with voltage and current throughout
    bool doubtful = false;   ///< before or since
    bool uses(std::size_t phase) const { return (phases & (1u << phase)) != 0; }
  };
  struct Comparison {
    ImpedanceFit positive, negative;
    PerPhase<ImpedanceFit> by_phase{};
    Cycle deepest;                   ///< where the voltages differ most
    double energy = 0;               ///< sum of P - P0
    double change = 0, ringing = 0;  ///< sums of |dV|^2, and of the distortion beyond that before
  };

  /// `back` half cycles before the newest.
  const HalfCycle& at(std::size_t back) const { return ring_[(count_ - 1 - back) % kept]; }
  Cycle cycle(std::size_t back) const;
  bool look_before(Before& before);
  PerPhase<std::complex<double>> offset_leak(const Cycle& before) const;
  Comparison compare(const Before& before) const;
  DirectionFinding judge();

  std::array<HalfCycle, kept> ring_{};
  std::size_t count_ = 0;  ///< since the last gap
  unsigned since_ = 0;     ///< half cycles behind the one that showed the disturbance
  bool running_ = false;
  double half_length_ = 0;  ///< of the cycles before the disturbance
  DirectionFinding finding_;
};

}  // namespace polyphase::pq
