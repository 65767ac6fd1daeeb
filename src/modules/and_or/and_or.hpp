#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::and_or {

/// AND/OR: combines up to eight Booleans; what is not linked does not count, what is not available
/// makes the result so. With UpdateMode LATCHING the result stays on until a pulse at LatchReset,
/// which keeps it as PrevLatchResult and judges the sources anew.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::and_or
