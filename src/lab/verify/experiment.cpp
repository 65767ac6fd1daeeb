#include "lab/verify/suites.hpp"

namespace polyphase::lab::verify {

Experiment experiment(const Signal& signal, const Scope& scope) {
  Experiment e;
  e.scenario = scenario_text(signal);
  e.samples = signal.rate_hz * signal.duration_s;
  e.meter = scope.meter;
  e.meter.nominal_voltage_v = nominal_v;
  e.meter.nominal_current_a = nominal_a;
  e.meter.nominal_frequency_hz = signal.nominal_hz;
  return e;
}

}  // namespace polyphase::lab::verify
