#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::data_recorder {

/// Data Recorder: hands its sources to a log at each pulse at Record, with the values that they
/// have in that same run and the time of the pulse. Runs at the speed of what pulses at Record.
///
/// A burst records Pre-trigger Records runs before, that of the pulse and Post-trigger Records runs
/// behind it, each once and with the end of its run as its time; a pulse among those behind it
/// prolongs the burst.
///
/// It counts what its log holds and decides alone whether it is full; who keeps the log only obeys.
/// Where Insert Outage Records is on and the log is buffered in full, two records without values
/// mark each outage: at the last run before it and at the beginning of the first one after it. Any
/// change of its setup or its links, and Rearm of a log that stops when full, clears the log.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

inline constexpr std::size_t sources_max = 50;

}  // namespace polyphase::modules::data_recorder
