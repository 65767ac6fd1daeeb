#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::signal_limit_evaluation {

/// Signal Limit Evaluation: how often a quantity was beyond its limits, of all times it was looked
/// at. Evaluate is to be a pulse that comes with the value (that of an aggregate), not a timer.
///
///   valid     Valid is on (or not linked), Source and what it relates to are there, and Source is
///             neither flagged nor of fewer cycles than it should be (Flagged = EXCLUDE)
///   exceeds   Source > Upper Limit or Source < Lower Limit, of Nominal in percent where the
///             Evaluation Mode says so
///
/// All counters are N/A until the first evaluation and from a Reset to the next one.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::signal_limit_evaluation
