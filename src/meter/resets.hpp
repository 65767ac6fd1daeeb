#pragma once

#include <span>
#include <string>

#include "control/catalogue.hpp"

namespace polyphase::meter {

/// A reset is a pulse of one register of the template.
struct Reset {
  control::ResetInfo info;
  const char* trigger;  ///< label of the register; nullptr: all the others
};

/// Every reset there is, the master reset last.
std::span<const Reset> resets();

}  // namespace polyphase::meter
