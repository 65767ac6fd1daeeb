#pragma once

#include <string>

#include "lab/session.hpp"

namespace polyphase::lab {

/// The disturbances as one JSON array, by time (docs/commands/analyze.md).
std::string events_json(const Findings& findings, const graph::Engine& engine);
/// The same as CSV.
std::string events_csv(const Findings& findings, const graph::Engine& engine);
/// The event log as CSV: time,priority,cause,cause_value,effect,effect_value,text
std::string event_log_csv(const Findings& findings, const graph::Engine& engine);

}  // namespace polyphase::lab
