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

/// What IEC 61000-4-30 asks of a class; percent of Udin, of In, or where named so of the value.
struct Grade {
  struct Harmonics {
    double share_from_percent, below_percent;  ///< of nominal: from where 5 % of the value hold
  };
  double frequency_mhz, magnitude_percent, unbalance_percent;
  double amplitude_percent;  ///< of voltage events
  double current_percent;    ///< of the value
  double pst_percent;        ///< of the value
  double harmonics_share;    ///< of 200 % of class 3 of IEC 61000-2-4, the highest level
  Harmonics voltage, current;
  bool class_s = false;
};
inline constexpr Grade class_a{.frequency_mhz = 10,
                               .magnitude_percent = 0.1,
                               .unbalance_percent = 0.15,
                               .amplitude_percent = 0.2,
                               .current_percent = 1,
                               .pst_percent = 5,
                               .harmonics_share = 1,
                               .voltage = {1, 0.05},
                               .current = {3, 0.15}};

// One function a standard. Test points are tables at the top of their files.
Group power_quality(const Scope& scope);     ///< IEC 61000-4-30 class A, steady states
Group voltage_events(const Scope& scope);    ///< the same: dips, swells, interruptions, RVC
Group aggregation(const Scope& scope);       ///< the same: intervals, the 10-minute tick, flags
Group class_s(const Scope& scope);           ///< all three, class S, of the Standard tier
Group harmonics(const Scope& scope);         ///< IEC 61000-4-7 class I
Group active_energy(const Scope& scope);     ///< IEC 62053-22 classes 0.2S and 0.1S
Group reactive_energy(const Scope& scope);   ///< IEC 62053-24 class 0.5S
Group power_quantities(const Scope& scope);  ///< IEC 61557-12
Group flicker(const Scope& scope);           ///< IEC 61000-4-15

// What the classes have in common.
void add_steady_states(Group& group, const Scope& scope, const Grade& grade);
void add_events(Group& group, const Scope& scope, const Grade& grade);
void add_intervals(Group& group, const Scope& scope, const Grade& grade);
void add_pst_range(Group& group, const Scope& scope, const Grade& grade,
                   const std::vector<double>& pst);

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
