#pragma once

#include <string>

#include "lab/session.hpp"

namespace polyphase::lab {

/// The disturbances as one JSON array, by time (docs/commands/analyze.md).
std::string events_json(const Findings& findings, const registers::RegisterTable& table);
/// The same as CSV: time,end,duration_s,type,channels,extreme,extreme_percent,priority,open
std::string events_csv(const Findings& findings, const registers::RegisterTable& table);

/// What a disturbance is called: its type, or the label of the setpoint that told it.
std::string type_of(const registers::Disturbance& disturbance,
                    const registers::RegisterTable& table);

}  // namespace polyphase::lab
