#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace polyphase::store {

/// Keeps other processes, and other stores of this one, away from a file. The kernel releases it,
/// whatever the end of the process is.
class FileLock {
 public:
  /// Locks `path`.lock, and creates `path` readable for its owner alone when it is not there.
  /// errors  refused: locked by somebody else; io: the folder is missing or may not be written
  static Result<std::unique_ptr<FileLock>> take(const std::string& path);
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace polyphase::store
