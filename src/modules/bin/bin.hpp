#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::bin {

/// Bin: sorts pairs of values into up to 25 classes and counts them.
///
/// A rule is one interval a source, of which all must hold, a square bracket including its bound
/// and a round one not, a missing bound being none:
///
///   A[80,90) B[0.01,0.2]        A[120,)        B(60,)
///
/// A rule about a source that is N/A does not hold. A pair counts in every bin whose rule holds.
/// Bins are N/A until the first evaluation and from a Reset to the next one; those without a rule
/// always.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::bin
