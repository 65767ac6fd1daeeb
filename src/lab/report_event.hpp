#pragma once

#include <string>

#include "registers/sinks.hpp"

namespace polyphase::lab {

/// What a report says of one sag, swell or interruption.

double percent_of(const registers::Disturbance& event);
/// The channels that it was on, between them a space.
std::string channels_of(const registers::Disturbance& event);
/// "upstream (high)"; "-": not looked for.
std::string direction_of(const registers::Disturbance& event);

/// The name of the cell of EN 50160 that it falls into: "C2", "T1", "N3"; "-": none.
std::string cell_of(const registers::Disturbance& event);
/// "inside", "above" or "below" of a curve; "-" of an event that is open and not yet beyond it.
std::string iti_of(const registers::Disturbance& event);
std::string semi_f47_of(const registers::Disturbance& event);

/// From where to where SEMI F47 requires; within the first cycle and beyond, it recommends.
inline constexpr double semi_f47_required_from_s = 0.02, semi_f47_required_to_s = 1;
/// Whether its place to SEMI F47 follows from the requirement; else from the recommendation alone.
bool semi_f47_is_required(const registers::Disturbance& event);
/// "below (rec.)" where it is by recommendation.
std::string semi_f47_text(const registers::Disturbance& event);
inline constexpr const char* semi_f47_note =
    "SEMI F47 requires of equipment to bear 50 % for 0.2 s, 70 % for 0.5 s and 80 % for 1 s; "
    "(rec.): "
    "where that says nothing, by its recommendation (0 % for a cycle, 80 % for 10 s, 90 % longer), "
    "which is unconfirmed. Figures from public summaries, text not read";

}  // namespace polyphase::lab
