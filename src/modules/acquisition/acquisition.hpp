#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::acquisition {

/// Data Acquisition: turns sample blocks into half cycles, windows and seconds, and tells the
/// scheduler so. The only module that sees samples.
///
/// half cycle  as soon as the samples suffice
/// window      10 or 12 cycles, about 2.5 cycles late (the aligned phase closes it)
/// second      the whole cycles that ended within a second of the meter's clock, three cycles late so
///             that the frequency over it is that of the aligned phase
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::acquisition
