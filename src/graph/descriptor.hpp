#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "control/catalogue.hpp"
#include "registers/register.hpp"

namespace polyphase::graph {

using registers::Aggregation;
using registers::Cadence;
using control::Protection;
using registers::RegisterType;

/// A slot that a link fills with one register.
struct InputDescriptor {
  std::string name;
  RegisterType type = RegisterType::numeric;
  bool mandatory = false;
  std::string help;
  std::string dataset = {};  ///< of dataset inputs: the kind of data ("interval")
  bool setup_link = false;   ///< reads a setup register: no data flow, so no order and no loop
};

struct SetupDescriptor {
  std::string name;
  RegisterType type = RegisterType::numeric_bounded;  ///< or boolean, enumerated, string
  std::string unit;
  double minimum = 0;
  double maximum = 0;
  double initial = 0;                ///< of enumerated: the index of the choice
  std::vector<std::string> choices = {};  ///< of bounded numbers: the only ones, where there are any
  std::string initial_text = {};
  std::string help;
  bool fixed = false;  ///< as the template says, for good
};

struct OutputDescriptor {
  std::string name;
  RegisterType type = RegisterType::numeric;
  std::string unit;
  Aggregation aggregation = Aggregation::last;
  std::string help;
  std::string dataset = {};
  Cadence cadence = Cadence::none;  ///< of modules that give several cadences; else none
  double interval_s = 0;            ///< see RegisterInfo
};

struct EventDescriptor {
  std::string name;
  int priority = 0;  ///< -1: by the EvPriority register
  std::string help;
};

/// Everything that is fixed about a type of module. Set-up screens, browsing, validation of templates
/// and docs/modules.md are made from it.
struct ModuleDescriptor {
  std::string type;         ///< "Sliding Window Demand"
  std::uint32_t number = 0; ///< part of the handle: never changes once published
  bool core = false;        ///< exists as supplied: a template may configure, a user not remove it
  Cadence cadence = Cadence::none;  ///< none: inherits the speed of its sources
  std::string help;
  std::vector<InputDescriptor> inputs;
  std::vector<SetupDescriptor> setups;
  std::vector<OutputDescriptor> outputs;
  std::vector<EventDescriptor> events;
  std::vector<std::string> retained;  ///< names of the numbers that survive a power cut
  Protection protection = Protection::meter;  ///< which right it takes to set it up
  unsigned instances_max = 100;
  bool breaks_loop = false;           ///< Feedback: its output is what it received one step earlier
};

class Module;

/// One line of the list of module types.
struct ModuleType {
  const ModuleDescriptor& (*descriptor)();
  std::unique_ptr<Module> (*create)();
};

}  // namespace polyphase::graph
