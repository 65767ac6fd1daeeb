#include "modules/list.hpp"

#include <fmt/format.h>

#include <array>

#include "modules/acquisition/acquisition.hpp"
#include "modules/and_or/and_or.hpp"
#include "modules/arithmetic/arithmetic.hpp"
#include "modules/averaging/averaging.hpp"
#include "modules/bin/bin.hpp"
#include "modules/clock/clock.hpp"
#include "modules/convert/convert.hpp"
#include "modules/counter/counter.hpp"
#include "modules/data_mapping/data_mapping.hpp"
#include "modules/data_recorder/data_recorder.hpp"
#include "modules/disturbance_analyzer/disturbance_analyzer.hpp"
#include "modules/disturbance_direction/disturbance_direction.hpp"
#include "modules/evaluation/evaluation.hpp"
#include "modules/event_log_controller/event_log_controller.hpp"
#include "modules/external/external.hpp"
#include "modules/extreme/extreme.hpp"
#include "modules/factory/factory.hpp"
#include "modules/feedback/feedback.hpp"
#include "modules/flicker/flicker.hpp"
#include "modules/harmonics_measurement/harmonics_measurement.hpp"
#include "modules/integrator/integrator.hpp"
#include "modules/modbus_slave/modbus_slave.hpp"
#include "modules/one_shot_timer/one_shot_timer.hpp"
#include "modules/periodic_timer/periodic_timer.hpp"
#include "modules/power_harmonics/power_harmonics.hpp"
#include "modules/power_meter/power_meter.hpp"
#include "modules/power_quality_aggregator/power_quality_aggregator.hpp"
#include "modules/power_quality_options/power_quality_options.hpp"
#include "modules/pulse_merge/pulse_merge.hpp"
#include "modules/sag_swell/sag_swell.hpp"
#include "modules/security/security.hpp"
#include "modules/setpoint/setpoint.hpp"
#include "modules/sliding_window_demand/sliding_window_demand.hpp"
#include "modules/spectrum_orders/spectrum_orders.hpp"
#include "modules/store/store.hpp"
#include "modules/symmetrical_components/symmetrical_components.hpp"
#include "modules/thermal_demand/thermal_demand.hpp"

namespace polyphase::embedded {
std::string_view device_template_text(std::string_view file_name);
}

namespace polyphase::modules {
namespace {

constexpr std::array types{
    graph::ModuleType{acquisition::descriptor, acquisition::create},
    graph::ModuleType{power_meter::descriptor, power_meter::create},
    graph::ModuleType{power_meter::high_speed_descriptor, power_meter::create_high_speed},
    graph::ModuleType{power_meter::window_descriptor, power_meter::create_window},
    graph::ModuleType{power_meter::secondary_descriptor, power_meter::create_secondary},
    graph::ModuleType{integrator::descriptor, integrator::create},
    graph::ModuleType{sliding_window_demand::descriptor, sliding_window_demand::create},
    graph::ModuleType{extreme::minimum_descriptor, extreme::create_minimum},
    graph::ModuleType{extreme::maximum_descriptor, extreme::create_maximum},
    graph::ModuleType{arithmetic::descriptor, arithmetic::create},
    graph::ModuleType{sag_swell::descriptor, sag_swell::create},
    graph::ModuleType{symmetrical_components::descriptor, symmetrical_components::create},
    graph::ModuleType{harmonics_measurement::descriptor, harmonics_measurement::create},
    graph::ModuleType{thermal_demand::descriptor, thermal_demand::create},
    graph::ModuleType{counter::descriptor, counter::create},
    graph::ModuleType{store::descriptor, store::create},
    graph::ModuleType{and_or::descriptor, and_or::create},
    graph::ModuleType{convert::descriptor, convert::create},
    graph::ModuleType{pulse_merge::descriptor, pulse_merge::create},
    graph::ModuleType{one_shot_timer::descriptor, one_shot_timer::create},
    graph::ModuleType{setpoint::descriptor, setpoint::create},
    graph::ModuleType{periodic_timer::descriptor, periodic_timer::create},
    graph::ModuleType{clock::descriptor, clock::create},
    graph::ModuleType{factory::descriptor, factory::create},
    graph::ModuleType{feedback::descriptor, feedback::create},
    graph::ModuleType{external::numeric_descriptor, external::create_numeric},
    graph::ModuleType{external::boolean_descriptor, external::create_boolean},
    graph::ModuleType{external::pulse_descriptor, external::create_pulse},
    graph::ModuleType{security::options_descriptor, security::create_options},
    graph::ModuleType{security::user_descriptor, security::create_user},
    graph::ModuleType{averaging::descriptor, averaging::create},
    graph::ModuleType{data_recorder::descriptor, data_recorder::create},
    graph::ModuleType{event_log_controller::descriptor, event_log_controller::create},
    graph::ModuleType{data_mapping::descriptor, data_mapping::create},
    graph::ModuleType{modbus_slave::descriptor, modbus_slave::create},
    graph::ModuleType{power_quality_aggregator::descriptor, power_quality_aggregator::create},
    graph::ModuleType{flicker::descriptor, flicker::create},
    graph::ModuleType{evaluation::signal_limit_descriptor, evaluation::create_signal_limit},
    graph::ModuleType{evaluation::harmonics_descriptor, evaluation::create_harmonics},
    graph::ModuleType{evaluation::mains_signalling_descriptor, evaluation::create_mains_signalling},
    graph::ModuleType{bin::descriptor, bin::create},
    graph::ModuleType{disturbance_analyzer::descriptor, disturbance_analyzer::create},
    graph::ModuleType{power_harmonics::descriptor, power_harmonics::create},
    graph::ModuleType{power_quality_options::descriptor, power_quality_options::create},
    graph::ModuleType{modbus_slave::options_descriptor, modbus_slave::create_options},
    graph::ModuleType{disturbance_direction::descriptor, disturbance_direction::create},
    graph::ModuleType{spectrum_orders::extremes_descriptor, spectrum_orders::create_extremes},
    graph::ModuleType{spectrum_orders::values_descriptor, spectrum_orders::create_values},
};

std::string_view text_of(std::string_view tier) {
  return embedded::device_template_text(fmt::format("{}.toml", tier));
}

}  // namespace

std::span<const graph::ModuleType> list() { return types; }

Result<graph::Template> device_template(std::string_view tier) {
  const std::string_view text = text_of(tier);
  if (text.empty())
    return fail(ErrorCode::not_found,
                fmt::format("'{}' is not a tier: advanced, standard or essential", tier));
  return graph::parse_template(text, fmt::format("{}.toml", tier), text_of);
}

}  // namespace polyphase::modules
