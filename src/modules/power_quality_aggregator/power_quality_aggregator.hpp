#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::power_quality_aggregator {

/// Power Quality Aggregator: windows of 10 or 12 cycles put together to 150 or 180 cycles, 10
/// minutes and 2 hours, with the pulses that everything downstream is triggered by.
///
/// 3s    fifteen windows; begins anew behind each 10-minute tick, overlapping with the one before
/// 10m   every window that begins within the interval of the clock
/// 2hr   the twelve 10-minute values
/// 10s   the frequency, taken from acquisition
///
/// An interval that its windows do not cover is told as partial; one that a dip, swell or
/// interruption lay in as disturbed, which is the flag of the standard.
/// source  IEC 61000-4-30, aggregation and flagging; clause text read: no, rules from the project's
/// facts, 1.1 and 1.5
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

}  // namespace polyphase::modules::power_quality_aggregator
