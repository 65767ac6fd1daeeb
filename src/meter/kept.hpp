#pragma once

#include <string>
#include <string_view>

#include "registers/register.hpp"

namespace polyphase::meter {

/// Kinds of documents that a gate keeps in its store.
inline constexpr const char* settings_kind = "setting";    ///< key: module.register
inline constexpr const char* links_kind = "link";          ///< key: module.input
inline constexpr const char* passwords_kind = "password";  ///< key: user

/// Before the hash of a password that everybody knows.
inline constexpr std::string_view default_mark = "default ";

inline std::string key_of(const registers::RegisterInfo& info) {
  return info.module + "." + info.name;
}

}  // namespace polyphase::meter
