#pragma once

#include <cstddef>
#include <string_view>

namespace polyphase::text {

/// How many bytes at the front of `text` are one well-formed UTF-8 character; 0: none (RFC 3629).
std::size_t utf8_character_size(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace polyphase::text
