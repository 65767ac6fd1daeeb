#pragma once

#include <span>

#include "base/result.hpp"
#include "store/database.hpp"

namespace polyphase::store {

/// "PlyP" in the header of the file, so that `file` and we know whose it is.
inline constexpr std::int64_t application_id = 0x506C7950;

/// Every step a store has gone through since it is kept, oldest first: SQL that makes version n + 1
/// of version n. A released step never changes; a change of schema is one more.
std::span<const char* const> migrations();

/// The schema version of a file; 0: nothing was ever committed to it.
/// errors  those of Database; invalid_input: not a store; refused: written by a newer program
Result<int> version_of(Database& database, std::span<const char* const> steps);

/// Brings a file from `version` to the newest, each step in a transaction of its own.
Result<void> migrate(Database& database, int version, std::span<const char* const> steps);

}  // namespace polyphase::store
