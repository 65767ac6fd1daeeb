#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::arithmetic {

/// Arithmetic: up to 8 formulas over up to 16 sources (the language: formula.hpp).
///
/// Formulas run in their order, so R1 in formula 2 is this run's result. PS1, PR1 are the values of
/// the run before; Reset makes previous sources N/A and previous results 0, whether enabled or not.
/// With Calculate Now linked they run when it has pulsed, else at every update of the sources.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::arithmetic
