#include "modules/sag_swell/registers.hpp"

#include <fmt/format.h>

#include "graph/describe.hpp"

namespace polyphase::modules::sag_swell {
namespace {

using graph::RegisterType;
namespace describe = graph::describe;

std::vector<graph::InputDescriptor> inputs() {
  std::vector<graph::InputDescriptor> list{
      describe::dataset("Half Cycle", "half cycle", "rms values of the half cycle just ended"),
      describe::setup_link("Nominal", RegisterType::numeric,
                           "nominal voltage; not linked or 0: voltages are not watched"),
      describe::setup_link("Nominal Current", RegisterType::numeric,
                           "nominal current; not linked or 0: currents are not watched"),
      describe::setup_link(
          "Nominal Frequency", RegisterType::numeric,
          "50: a steady voltage takes 100 half cycles, 60: 120; not linked: as measured"),
      describe::setup_link("Volts Mode", RegisterType::enumerated,
                           "of the Power Meter: SINGLE has no V3"),
      describe::enable("nothing is looked for, outputs N/A"),
      describe::optional("Reset", RegisterType::pulse, "Dist Count to 0"),
      describe::optional("Sliding Reference", RegisterType::numeric,
                         "voltage of the last minute; used where Reference says so"),
      describe::setup_link("RVC Enable", RegisterType::boolean,
                           "off: rapid voltage changes are not looked for"),
  };
  list[half_cycle].mandatory = true;
  list[enable].setup_link = true;  // also from the first half cycle on
  return list;
}

std::vector<graph::SetupDescriptor> setups() {
  return {
      describe::number("Sag Lim", "%", 0, 100, 90, "a voltage below this is a sag; 0: off"),
      describe::number("Swell Lim", "%", 0, 1'000, 110, "a voltage above this is a swell; 0: off"),
      describe::number("Interruption Lim", "%", 0, 50, 5,
                       "all voltages below this are an interruption; 0: off"),
      describe::number("Hysteresis", "%", 0, 50, 2,
                       "an event ends at its limit plus (swell: minus) this"),
      describe::number("ChangeCrit", "%", 0, 1'000, 10,
                       "a change by more than this begins a sub-disturbance"),
      describe::number("RVC Lim", "%", 0, 50, 0,
                       "threshold of rapid voltage changes, usually 1 to 6; 0: off"),
      describe::number("RVC Hysteresis", "%", 0, 50, 0, "less than RVC Lim; 0: half of it"),
      describe::number("I Sag Pickup", "%", 0, 100, 0,
                       "a current below this is a current sag; 0: off"),
      describe::number("I Sag Dropout", "%", 0, 1'000, 0, "and ends here; below Pickup: at Pickup"),
      describe::number("I Swell Pickup", "%", 0, 10'000, 0,
                       "a current above this is a current swell; 0: off"),
      describe::number("I Swell Dropout", "%", 0, 10'000, 0,
                       "and ends here; above Pickup or 0: at Pickup"),
      describe::event_priority(200),
      describe::number("Current EvPriority", "", 0, 255, 200,
                       "the same for current sags and swells"),
      describe::choice(
          "Reference", {"FIXED", "SLIDING"}, 0,
          "what sags and swells are percentages of: the nominal voltage, or that of the "
          "last minute; interruptions always of the nominal"),
  };
}

std::vector<graph::OutputDescriptor> outputs() {
  std::vector<graph::OutputDescriptor> list;
  const auto add = [&](std::string name, RegisterType type, const char* unit, std::string help) {
    list.push_back(describe::output(std::move(name), type, unit, std::move(help)));
  };
  add("Dist State", RegisterType::boolean, "", "1 during a disturbance of the voltage");
  add("DistStart", RegisterType::pulse, "", "a disturbance has begun");
  add("DistEnd", RegisterType::pulse, "", "a disturbance has ended");
  add("DistDur", RegisterType::numeric, "s", "of the last disturbance");
  add("DistNominal", RegisterType::numeric, "V", "the nominal voltage it was judged with");
  add("Dist Count", RegisterType::numeric, "", "disturbances since start or Reset");
  const auto add_profile = [&](const std::string& prefix, const std::string& what) {
    add(prefix + "Min", RegisterType::numeric, "%", "lowest rms during " + what);
    add(prefix + "Max", RegisterType::numeric, "%", "highest rms during " + what);
    add(prefix + "Avg", RegisterType::numeric, "%", "mean of the rms during " + what);
    add(prefix + "Engy", RegisterType::numeric, "%s",
        "energy lost or in excess: integral of |1 - (U/Unom)^2|");
  };
  for (std::size_t p = 1; p <= phase_count; ++p)
    add_profile(fmt::format("DistV{}", p), "the last disturbance");
  for (std::size_t p = 1; p <= phase_count; ++p) {
    const std::string prefix = fmt::format("SubV{}", p);
    add(prefix + "Trig", RegisterType::pulse, "", "a sub-disturbance has ended");
    add(prefix + "Dur", RegisterType::numeric, "s", "of the last sub-disturbance");
    add_profile(prefix, "the last sub-disturbance");
  }
  add("RVC Trigger", RegisterType::pulse, "", "a rapid voltage change has ended");
  add("Delta Umax", RegisterType::numeric, "V", "its largest difference from the state before");
  add("Delta Uss", RegisterType::numeric, "V",
      "difference of the steady states before and after it");
  add("RVC Duration", RegisterType::numeric, "s", "from one steady state to the other");
  for (const char* kind : {"Sag", "Swell"})
    for (std::size_t p = 1; p <= phase_count; ++p)
      add(fmt::format("I{} {}", p, kind), RegisterType::boolean, "",
          "1 while this current is beyond its limit");
  add("I Sag Hysteresis", RegisterType::numeric, "%", "dropout minus pickup");
  add("I Swell Hysteresis", RegisterType::numeric, "%", "pickup minus dropout");
  for (const auto& [kind, what] :
       {std::pair{"Sag", "lowest"}, {"Swell", "highest"}, {"Intrp", "lowest"}}) {
    add(fmt::format("{} End", kind), RegisterType::pulse, "",
        "one is over; what follows describes it");
    add(fmt::format("{} Dur", kind), RegisterType::numeric, "s", "of the last one, all channels");
    add(fmt::format("{} Extreme", kind), RegisterType::numeric, "%",
        fmt::format("{} rms of any channel", what));
    for (std::size_t p = 1; p <= phase_count; ++p) {
      add(fmt::format("{} V{} Dur", kind, p), RegisterType::numeric, "s",
          "of this channel alone; N/A: it had no part");
      add(fmt::format("{} V{} Extreme", kind, p), RegisterType::numeric, "%",
          fmt::format("{} rms of this channel; N/A: it had no part", what));
    }
  }
  return list;
}

}  // namespace

graph::ModuleDescriptor describe_sag_swell() {
  graph::ModuleDescriptor d;
  d.type = "Sag/Swell";
  d.number = 17;
  d.cadence = graph::Cadence::half_cycle;
  d.instances_max = 4;
  d.help =
      "Finds sags, swells, interruptions and rapid voltage changes, and sags and swells of "
      "currents.";
  d.inputs = inputs();
  d.setups = setups();
  d.outputs = outputs();
  d.events = {{"Disturbance", -1, "disturbance start, disturbance end, rapid voltage change"},
              {"Current", -1, "current sag start and end, current swell start and end"},
              describe::reset_event("Dist Count was set to 0"),
              describe::setup_event()};
  return d;
}

}  // namespace polyphase::modules::sag_swell
