#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::power_harmonics {

/// Power Harmonics: voltages, currents and powers of one harmonic order over 10 or 12 cycles.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::power_harmonics
