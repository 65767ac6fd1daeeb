#pragma once

#include "sources/simulator/scenario.hpp"
#include "text/toml_table.hpp"

namespace polyphase::sources::simulator {

/// Reads one [[event]]; `scenario` says which loads there are.
TimedEvent parse_event(const text::TomlValue& table, const Scenario& scenario,
                       text::TomlMistake& mistake);

/// "a", "bc", "abc": the phases that a key names.
std::array<bool, 3> parse_phases(text::TomlTable& table, std::string_view key);

}  // namespace polyphase::sources::simulator
