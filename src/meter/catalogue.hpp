#pragma once

#include <memory>

#include "control/catalogue.hpp"
#include "graph/engine.hpp"

namespace polyphase::meter {

/// What an engine is made of at this moment. On the engine's thread, between two blocks.
std::shared_ptr<const control::Catalogue> catalogue_of(const graph::Engine& engine,
                                                       std::uint64_t version);

}  // namespace polyphase::meter
