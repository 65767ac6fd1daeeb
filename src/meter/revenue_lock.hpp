#pragma once

#include <string>

#include "base/result.hpp"
#include "control/catalogue.hpp"
#include "control/command.hpp"

namespace polyphase::meter {

/// Whether the revenue lock protects what a command would change: energies, demands and their
/// peaks, the Billing Log, and every module and setup register that these follow from (ratios,
/// volts mode, intervals). Not the clock: a locked meter is synchronised, too.
/// docs/revenue-lock.md.
bool is_billing(const control::Catalogue& catalogue, const control::Command& command);

/// The switch of the lock: a file in the data folder of a meter, so that only its owner turns it. A
/// file that cannot be read or understood is a lock that is on.
bool lock_switch_is_on(const std::string& folder);
/// errors  not_found: no meter keeps its data there; io
Result<void> turn_lock_switch(const std::string& folder, bool on);

}  // namespace polyphase::meter
