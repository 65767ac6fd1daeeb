#pragma once

#include <mutex>

#include "store/database.hpp"

namespace polyphase::store {

/// A database that several threads may hold; whoever uses it locks it.
struct Connection {
  explicit Connection(Database opened) : database(std::move(opened)) {}
  std::mutex mutex;
  Database database;
};

}  // namespace polyphase::store
