#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::extreme {

/// Minimum and Maximum: the extreme of a source since the last reset, with the source's time stamp.
/// Both run at the speed of their source and keep their value where the source is not available or
/// Enable is off.
///
/// A reset takes effect for what was measured until then, by the time of its pulse: a value whose
/// interval began before does not become the first extreme after it (a demand stands until its next
/// interval ends).
const graph::ModuleDescriptor& minimum_descriptor();
std::unique_ptr<graph::Module> create_minimum();

const graph::ModuleDescriptor& maximum_descriptor();
std::unique_ptr<graph::Module> create_maximum();

}  // namespace polyphase::modules::extreme
