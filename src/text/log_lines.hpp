#pragma once

#include <span>
#include <string>

#include "base/logs.hpp"
#include "text/json.hpp"

namespace polyphase::text {

/// What logs hold as text (docs/logs.md): the one form of it, for files, the terminal and the web.
/// CSV lines end with \n; what is not available is N/A, in JSON null.
inline constexpr const char* events_header_csv =
    "number,time,priority,actor,cause,cause_value,effect,effect_value,node\n";
std::string records_header_csv(std::span<const logs::Column> columns);
std::string record_csv(const logs::Record& record);
std::string event_csv(const logs::Event& event);

void write_columns(JsonWriter& json, std::span<const logs::Column> columns);  ///< an array
void write_quality(JsonWriter& json, Quality quality);                        ///< an array
/// An object; `layout`: index of its columns in the document.
void write_record(JsonWriter& json, const logs::Record& record, std::size_t layout);
/// The members of an object that is open.
void write_event(JsonWriter& json, const logs::Event& event);

}  // namespace polyphase::text
