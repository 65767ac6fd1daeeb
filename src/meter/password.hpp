#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace polyphase::meter {

inline constexpr std::size_t password_size_max = 16;

/// What a new password must hold.
struct PasswordRules {
  enum class Complexity { none, ieee_1686, nerc_cip_007 };
  std::size_t size_min = 1;
  Complexity complexity = Complexity::none;
};

/// ieee_1686 asks for an upper and a lower case letter, a digit and another character; nerc_cip_007
/// for three of these four kinds.
/// errors  invalid_config: what the password lacks
/// source  IEEE 1686-2013 and NERC CIP-007-5 R5; clause texts read: no, rules from public summaries
Result<void> check_password(std::string_view password, const PasswordRules& rules);

/// Salted and slow (scrypt, 16 MiB, some 50 ms): "scrypt$14$8$1$SALT$HASH", in hexadecimal.
/// errors  io: no memory, or no random numbers
Result<std::string> hash_password(std::string_view password);
/// Takes as long where `hash` is none of ours.
bool password_matches(std::string_view password, std::string_view hash);

/// So many random bytes in hexadecimal. errors  io
Result<std::string> random_token(std::size_t bytes);

}  // namespace polyphase::meter
