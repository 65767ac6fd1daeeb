#pragma once

#include <span>
#include <string>
#include <string_view>

namespace polyphase::text {

/// `text` as a field of a CSV line (RFC 4180): in quotes where it holds a comma, quote or line end.
std::string csv_field(std::string_view text);

/// The fields with commas between, without a line end.
std::string csv_line(std::span<const std::string> fields);

}  // namespace polyphase::text
