#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::integrator {

/// Integrator: sums a quantity over time; of power, energy.
///
///   Result += f(Integrand) * duration / Divisor,  f(x) = max(x,0) | max(-x,0) | |x| | x  by Int
///   Mode
///
/// The duration is the exact one of the interval's whole cycles, so nothing is lost or counted
/// twice. The sum is compensated (Neumaier): its error does not grow with the number of terms.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::integrator
