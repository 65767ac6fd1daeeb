#pragma once

#include <optional>
#include <string_view>

#include "base/logs.hpp"
#include "control/meter.hpp"
#include "text/json.hpp"

/// Parts of answers that several of them have.
namespace polyphase::web {

/// null where nothing has happened yet.
void write_time(text::JsonWriter& json, Instant time);
void write_quality(text::JsonWriter& json, Quality quality);  ///< ["bridged",…]
/// The members of one event, into an object that is open.
void write_event(text::JsonWriter& json, const logs::Event& event);
/// The members of the status, into an object that is open.
void write_status(text::JsonWriter& json, const control::MeterStatus& status);

/// "bridged clipped", for a table.
std::string quality_words(Quality quality);

/// The register of a label, or what is near it. errors  not_found
Result<registers::Index> find_register(const control::Catalogue& catalogue, std::string_view label);

}  // namespace polyphase::web
