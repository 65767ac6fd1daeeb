#pragma once

#include <string_view>

#include "control/catalogue.hpp"
#include "control/command.hpp"
#include "control/status.hpp"

namespace polyphase::meter {

/// The store of a tier ("essential", "Standard"), which is also the largest size of its file;
/// 0: there is no such tier.
std::int64_t storage_bytes_of(std::string_view tier);

/// What the logs of a meter may grow to, and what its tier has for them.
control::MemoryStatus log_memory_of(const control::Catalogue& catalogue);

/// errors  invalid_config: recorders, channels, storage or buffers exceed what there is; with both
///         figures, what takes most, and what to do
Result<void> check_log_memory(const control::MemoryStatus& memory);

/// Whether a change is one of how much memory logs take.
bool changes_log_memory(const control::Catalogue& catalogue, const control::Command& command);

/// What a change would make of it. A change that makes nothing worse passes, so that there is a way
/// out of a setup that takes too much.
/// errors  those of check_log_memory and of a value that cannot be
Result<void> check_log_memory_after(const control::Catalogue& catalogue,
                                    const control::Command& command);

}  // namespace polyphase::meter
