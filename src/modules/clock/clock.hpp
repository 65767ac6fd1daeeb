#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::clock {

/// Clock: the time of the meter as registers, in seconds since 1970-01-01. Zone and daylight saving
/// are for showing and for what is scheduled by local time; everything stored is stamped in UTC.
///
///   LocalTime = UnivTime + TZ Offset + (daylight ? DST Offset : 0)
///
/// Daylight saving is on where the latest of all switches so far is a DST Start. Switches are UTC;
/// 0: none.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::clock
