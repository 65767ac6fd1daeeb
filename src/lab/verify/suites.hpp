#pragma once

#include <cmath>
#include <string>
#include <utility>

#include "lab/verify/check.hpp"
#include "lab/verify/signal.hpp"

namespace polyphase::lab::verify {

/// What is asked of all groups.
struct Scope {
  bool quick = false;
  MeterOptions meter;  ///< tier and settings of the user
};

// One function a standard. Test points are tables at the top of their files.
Group power_quality(const Scope& scope);     ///< IEC 61000-4-30 class A, steady states
Group voltage_events(const Scope& scope);    ///< the same: dips, swells, interruptions, RVC
Group aggregation(const Scope& scope);       ///< the same: intervals, the 10-minute tick, flags
Group harmonics(const Scope& scope);         ///< IEC 61000-4-7 class I
Group active_energy(const Scope& scope);     ///< IEC 62053-22 classes 0.2S and 0.1S
Group reactive_energy(const Scope& scope);   ///< IEC 62053-24 class 0.5S
Group power_quantities(const Scope& scope);  ///< IEC 61557-12
Group flicker(const Scope& scope);           ///< IEC 61000-4-15

/// A meter before a signal, to be checked.
Experiment experiment(const Signal& signal, const Scope& scope);

/// Adds checks of one test to an experiment.
class Sheet {
 public:
  Sheet(Experiment& experiment, std::string clause, std::string test,
        std::string influence = "none")
      : experiment_(experiment),
        clause_(std::move(clause)),
        test_(std::move(test)),
        influence_(std::move(influence)) {}

  Check& check(std::string quantity, std::string unit, double truth, Limit limit, Measure measure) {
    return experiment_.checks.emplace_back(Check{clause_, test_, influence_, std::move(quantity),
                                                 std::move(unit), truth, std::move(limit),
                                                 std::move(measure)});
  }

 private:
  Experiment& experiment_;
  std::string clause_, test_, influence_;
};

inline Limit percent_of(double amount, double reference, std::string unit) {
  return {amount, reference / 100, std::move(unit)};
}
inline Limit percent_of_value(double amount, double truth) {
  return {amount, std::abs(truth) / 100, "%"};
}
inline constexpr const char* phase_letters = "abc";

/// When windows and seconds have nothing of the beginning in them any more.
inline constexpr double settled_window_s = 1.2, settled_second_s = 2;

}  // namespace polyphase::lab::verify
