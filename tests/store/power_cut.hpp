#pragma once

#include <cstdint>
#include <memory>
#include <random>

namespace polyphase::testing {

/// A SQLite file system whose power can fail: it shows what was written, but only what was synced
/// is on the disk. One at a time, one thread.
class PowerCut {
 public:
  /// What becomes of writes that were not synced.
  enum class Unsynced {
    lost,       ///< all of it
    scattered,  ///< each sector on its own, and each change of length, is lost or not
  };
  static constexpr const char* vfs_name = "power-cut";

  PowerCut();
  ~PowerCut();

  /// After so many more writes, syncs, truncations and deletions everything fails.
  void arm(std::int64_t operations);
  bool is_cut() const;
  /// Power again. All files must be closed.
  void restore(Unsynced unsynced, std::mt19937_64& random);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace polyphase::testing
