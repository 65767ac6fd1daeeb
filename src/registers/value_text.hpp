#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "registers/register.hpp"

namespace polyphase::registers {

/// Reads a value for a register: a number within its bounds, on/off, or one of its choices (without
/// regard to case, or its index). N/A where `text` is "N/A".
/// errors  invalid_config, with the bounds or the choices
Result<double> parse_value(const RegisterInfo& info, std::string_view text);

/// What people read: shortest digits that give the same number back, "N/A", the name of the choice;
/// booleans print 1 and 0.
std::string value_text(const RegisterInfo& info, double number);

}  // namespace polyphase::registers
