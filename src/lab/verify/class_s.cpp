// IEC 61000-4-30 class S, of a meter of the Standard tier whatever tier was asked for.
#include "lab/verify/suites.hpp"

namespace polyphase::lab::verify {
namespace {

constexpr Grade grade{.frequency_mhz = 50,
                      .magnitude_percent = 0.5,
                      .unbalance_percent = 0.3,
                      .amplitude_percent = 1,
                      .current_percent = 2,
                      .pst_percent = 10,
                      .harmonics_share = 0.5,
                      .voltage = {3, 0.15},
                      .current = {10, 0.5},
                      .class_s = true};

}  // namespace

Group class_s(const Scope& scope) {
  Group group{"4-30 class S",
              "IEC 61000-4-30 class S by IEC 62586-2, of the Standard tier",
              Confidence::unconfirmed,
              "magnitude from a public source, all other limits and the test points unconfirmed; "
              "intervals, "
              "flags and mains signalling as of class A",
              {},
              {}};
  Scope standard = scope;
  standard.meter.tier = "standard";
  add_steady_states(group, standard, grade);
  add_events(group, standard, grade);
  if (scope.quick) return group;
  add_intervals(group, standard, grade);
  add_pst_range(group, standard, grade, {0.4, 1, 4});
  return group;
}

}  // namespace polyphase::lab::verify
