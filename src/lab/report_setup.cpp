// What the head of a report says of its setup.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lab/report_gatherer.hpp"
#include "registers/value_text.hpp"

namespace polyphase::lab {
namespace {

namespace en50160 = pq::en50160;
using registers::Index;
using registers::no_register;

std::string bus_text(double choice) {
  constexpr std::array classes{"at most 1 kV", "above 1 kV, at most 69 kV",
                               "above 69 kV, at most 161 kV", "above 161 kV", "none: disabled"};
  return choice >= 0 && choice < classes.size() ? classes[static_cast<std::size_t>(choice)]
                                                : "not on this tier";
}

}  // namespace

// A tier without the modules of EN 50160 judges by it nothing but events.
bool ReportGatherer::has_limits() const { return find("ENF1.Exceed Max") != no_register; }

// Which of the networks of EN 50160 the limits are of.
std::string ReportGatherer::network() const {
  const auto all = [&](en50160::Network network) {
    return std::ranges::all_of(supplies_, [&](const en50160::Characteristic& supply) {
      return supply.has_limits_of(en50160::supply_voltage(network));
    });
  };
  const std::string voltage = all(en50160::Network::low_voltage) ? "low voltage"
                              : all(en50160::Network::medium_voltage)
                                  ? "medium voltage"
                                  : "limits of the voltage as set up";
  const std::string connection =
      frequency_.has_limits_of(en50160::frequency(false))  ? "synchronous connection"
      : frequency_.has_limits_of(en50160::frequency(true)) ? "no synchronous connection"
                                                           : "limits of the frequency as set up";
  return voltage + ", " + connection;
}

// What the figures depend on: without it nobody can repeat them.
void ReportGatherer::describe(Report& report) const {
  const auto say = [&](const char* what, std::string value) {
    report.setup.emplace_back(what, std::move(value));
  };
  const auto percent = [&](const char* name) {
    const double value = setting(name);
    return value > 0 ? fmt::format("{:g} %", value) : std::string("off");
  };
  if (kind_ == ReportKind::en50160)
    say("Standard", "EN 50160:2010" + (has_limits() ? ", " + network() : ""));
  else
    say("Standard", setting_text("PQO1.519 Harmonics Limits"));
  for (auto& fact : meter_facts(engine_.registers())) report.setup.push_back(std::move(fact));
  if (kind_ == ReportKind::ieee519) {
    const auto amperes = [](double a) {
      return a > 0 ? fmt::format("{:g} A", a) : std::string("not set");
    };
    say("Bus voltage class", bus_text(setting("PQO1.519 Bus Voltage")));
    say("Short-circuit current I_SC", amperes(fault_a_));
    say("Maximum demand current I_L", amperes(demand_a_));
    say("I_SC / I_L",
        demand_a_ > 0 && fault_a_ > 0
            ? fmt::format("{:.4g}; the limits of the currents follow from it", fault_a_ / demand_a_)
            : "not known: it takes both currents");
  }
  say("Events", fmt::format("sag below {}, swell above {}, interruption below {}, hysteresis {}",
                            percent("SS1.Sag Lim"), percent("SS1.Swell Lim"),
                            percent("SS1.Interruption Lim"), percent("SS1.Hysteresis")));
  say("Rapid voltage changes", report.changes_looked_for
                                   ? fmt::format("above {}", percent("SS1.RVC Lim"))
                                   : "not looked for (--rvc)");
  say("Program", "Polyphase " + engine_.registers().text(find("FAC1.Revision")));
}

std::string ReportGatherer::setting_text(const char* name) const {
  const Index index = find(name);
  if (index == no_register) return "not on this tier";
  return registers::value_text(engine_.registers().info(index),
                               engine_.registers().value(index).number);
}

}  // namespace polyphase::lab
