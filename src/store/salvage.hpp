#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "store/store.hpp"

namespace polyphase::store {

inline constexpr std::size_t salvaged_documents_max = 100'000;

/// What was taken over out of a damaged file.
struct Salvaged {
  std::map<std::string, std::size_t> documents;  ///< how many, by kind
  bool documents_whole = false;                  ///< nothing says that there were more
  std::size_t numbers = 0;                       ///< retained
  std::string trouble;  ///< why not more; empty: all documents and numbers are there
};

/// Puts into a new store what SQLite can still read of the documents and retained numbers of the
/// file that was set aside for it (`store.report().set_aside`), which is left as it is. Logs and
/// events stay there. Pages that cannot be read are noticed, a bit that flipped within a value is
/// not. errors  those of the new store
Result<Salvaged> salvage(Store& store, const std::string& vfs = {});

}  // namespace polyphase::store
