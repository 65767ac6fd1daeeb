#pragma once

#include <memory>

#include "graph/module.hpp"

namespace polyphase::modules::data_mapping {

/// Part of the register map that a meter comes with. It measures nothing: its setup registers are
/// the map, which servers, pages and the panel read.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::data_mapping
