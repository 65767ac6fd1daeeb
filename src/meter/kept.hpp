#pragma once

#include <string>
#include <string_view>

#include "registers/register.hpp"

namespace polyphase::meter {

/// Kinds of documents that a gate keeps in its store.
inline constexpr const char* settings_kind = "setting";         ///< key: module.register
inline constexpr const char* links_kind = "link";               ///< key: module.input
inline constexpr const char* passwords_kind = "password";       ///< key: user
inline constexpr const char* events_read_kind = "events-read";  ///< key: user; last event he read
inline constexpr const char* lock_kind = "revenue-lock";        ///< key: "state"; "on" or "off"

/// Retained number of the gate itself: when the last second was kept, in seconds since 1970.
inline constexpr const char* measured_until = "meter.measured until";

/// Before the hash of a password that everybody knows.
inline constexpr std::string_view default_mark = "default ";

inline std::string key_of(const registers::RegisterInfo& info) {
  return info.module + "." + info.name;
}

}  // namespace polyphase::meter
