#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graph/descriptor.hpp"
#include "registers/sinks.hpp"

namespace polyphase::graph::describe {

/// Short forms in which the modules write their descriptors.

inline InputDescriptor optional(std::string name, RegisterType type, std::string help) {
  InputDescriptor input;
  input.name = std::move(name);
  input.type = type;
  input.help = std::move(help);
  return input;
}

inline InputDescriptor mandatory(std::string name, RegisterType type, std::string help) {
  InputDescriptor input = optional(std::move(name), type, std::move(help));
  input.mandatory = true;
  return input;
}

inline InputDescriptor dataset(std::string name, std::string kind, std::string help) {
  InputDescriptor input = optional(std::move(name), RegisterType::dataset, std::move(help));
  input.dataset = std::move(kind);
  return input;
}

/// May also be linked to a setup register.
inline InputDescriptor setup_link(std::string name, RegisterType type, std::string help) {
  InputDescriptor input = optional(std::move(name), type, std::move(help));
  input.setup_link = true;
  return input;
}

inline InputDescriptor enable(std::string while_off) {
  return optional("Enable", RegisterType::boolean, "unlinked: on. Off: " + std::move(while_off));
}

inline SetupDescriptor number(std::string name, std::string unit, double minimum, double maximum,
                              double initial, std::string help) {
  SetupDescriptor setup;
  setup.name = std::move(name);
  setup.unit = std::move(unit);
  setup.minimum = minimum;
  setup.maximum = maximum;
  setup.initial = initial;
  setup.help = std::move(help);
  return setup;
}

inline SetupDescriptor choice(std::string name, std::vector<std::string> choices, double initial,
                              std::string help) {
  SetupDescriptor setup = number(std::move(name), "", 0, static_cast<double>(choices.size()) - 1,
                                 initial, std::move(help));
  setup.type = RegisterType::enumerated;
  setup.choices = std::move(choices);
  return setup;
}

inline SetupDescriptor toggle(std::string name, bool initial, std::string help) {
  SetupDescriptor setup = number(std::move(name), "", 0, 1, initial ? 1 : 0, std::move(help));
  setup.type = RegisterType::boolean;
  return setup;
}

inline SetupDescriptor text(std::string name, std::string initial, std::string help) {
  SetupDescriptor setup = number(std::move(name), "", 0, 0, 0, std::move(help));
  setup.type = RegisterType::string;
  setup.initial_text = std::move(initial);
  return setup;
}

inline SetupDescriptor event_priority(double initial) {
  return number("EvPriority", "", 0, 255, initial,
                "priority of this module's events; 0: neither event nor alarm");
}

inline OutputDescriptor output(std::string name, RegisterType type, std::string unit,
                               std::string help, Aggregation aggregation = Aggregation::last) {
  OutputDescriptor output;
  output.name = std::move(name);
  output.type = type;
  output.unit = std::move(unit);
  output.help = std::move(help);
  output.aggregation = aggregation;
  return output;
}

inline EventDescriptor reset_event(std::string help = "a pulse at Reset took effect") {
  return {"Reset", registers::priority::reset, std::move(help)};
}
inline EventDescriptor information_event(std::string help) {
  return {"Information", registers::priority::information, std::move(help)};
}
inline EventDescriptor setup_event() {
  return {"Setup Change", registers::priority::setup_change,
          "a setup register or a link was changed"};
}

}  // namespace polyphase::graph::describe
