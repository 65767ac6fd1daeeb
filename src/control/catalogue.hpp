#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/access.hpp"
#include "registers/table.hpp"

namespace polyphase::control {

using registers::Index;

/// What stands behind a setup register beyond its bounds: which right changes it.
enum class Protection : std::uint8_t { meter, communication, security, clock };

struct InputInfo {
  std::string name;
  std::string help;
  Index source = registers::no_register;
};

/// One module of a meter.
struct ModuleInfo {
  std::string name;  ///< "PM1"
  std::string type;  ///< "Power Meter"
  std::string help;
  Protection protection = Protection::meter;
  bool core = false;
  bool online = false;
  std::string offline_reason;
  Index first_output = 0, output_count = 0;
  Index first_setup = 0, setup_count = 0;
  std::vector<InputInfo> inputs;
};

/// Resets by name; the master reset is all of them.
struct ResetInfo {
  std::string key;    ///< "peak-demand"
  std::string label;  ///< "Peak Demand"
  Right right = Right::full_config;
};

/// Everything about a meter that changes only when it is configured. Fixed once published: a change
/// of configuration makes another one with a higher version.
struct Catalogue {
  std::uint64_t version = 0;
  /// Names, units, bounds of all registers; values and texts of the setup registers. Values of
  /// outputs are asked of Meter::values().
  registers::RegisterTable registers;
  std::vector<ModuleInfo> modules;
  std::vector<std::uint32_t> owners;  ///< by register: index into modules
  std::vector<ResetInfo> resets;

  const ModuleInfo& owner(Index index) const { return modules[owners[index]]; }
  const ModuleInfo* find_module(std::string_view name) const {
    for (const ModuleInfo& module : modules)
      if (module.name == name) return &module;
    return nullptr;
  }
};

}  // namespace polyphase::control
