#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "control/catalogue.hpp"
#include "meter/password.hpp"

namespace polyphase::meter {

inline constexpr unsigned users_max = 50;

/// The security settings of a catalogue, as the gate uses them.
struct Rules {
  struct User {
    bool enabled = false;
    control::Rights rights;
  };
  std::array<User, users_max> users;
  std::array<unsigned, control::face_count> lock_attempts{};  ///< by face; 0: never
  double lockout_s = 0;
  double session_idle_s = 0;
  std::uint8_t valid_login_priority = 0, invalid_login_priority = 0, lockout_priority = 0;
  PasswordRules password;
  bool web = true, web_programming = false, panel_programming = false;
  control::Rights modbus;
  std::string designated_reader;  ///< whose reading makes events read; empty: nobody's
};

/// A module that is missing leaves its part as strict as can be.
Rules rules_of(const control::Catalogue& catalogue);

/// "USER7" is 6; users_max where it is no user.
unsigned user_number(std::string_view name);

}  // namespace polyphase::meter
