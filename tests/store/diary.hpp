#pragma once

#include <cstdint>
#include <string>

#include "store/store.hpp"

namespace polyphase::testing {

/// A store whose whole content follows from the number of batches committed to it, so that what is
/// missing or torn shows. Two logs, the event log, retained numbers and a document grow together.
class Diary {
 public:
  /// Defines what the batches need. Part of no batch.
  static Result<void> define(store::Store& store);
  /// Writes batch number `batch`, counted from 1.
  static Result<void> write(store::Store& store, std::int64_t batch);
  /// How many batches are there; throws std::runtime_error, which ends the test, where the store is
  /// not as after exactly that many.
  static std::int64_t check(store::Store& store);
};

}  // namespace polyphase::testing
