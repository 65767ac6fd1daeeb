#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::external {

/// External Numeric, External Boolean and External Pulse: registers that are written from outside,
/// through a protocol or a command. Numbers and states survive a power cut and are N/A until first
/// written; a pulse does not survive. Each write is told at EvPriority (0: not told).
const graph::ModuleDescriptor& numeric_descriptor();
std::unique_ptr<graph::Module> create_numeric();

const graph::ModuleDescriptor& boolean_descriptor();
std::unique_ptr<graph::Module> create_boolean();

const graph::ModuleDescriptor& pulse_descriptor();
std::unique_ptr<graph::Module> create_pulse();

}  // namespace polyphase::modules::external
