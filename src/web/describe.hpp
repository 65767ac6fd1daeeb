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
/// The members of the status, into an object that is open.
void write_status(text::JsonWriter& json, const control::MeterStatus& status);

/// The register of a label, or what is near it. errors  not_found
Result<registers::Index> find_register(const control::Catalogue& catalogue, std::string_view label);

}  // namespace polyphase::web
