#include "store/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace polyphase::store {
namespace {
constexpr mode_t owner_only = 0600;
}

Result<std::unique_ptr<FileLock>> FileLock::take(const std::string& path) {
  const std::string name = path + ".lock";
  const int descriptor = ::open(name.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, owner_only);
  if (descriptor < 0)
    return fail(
        ErrorCode::io,
        fmt::format("cannot be created ({}); look whether the folder exists and may be written",
                    std::strerror(errno)),
        name);
  std::unique_ptr<FileLock> lock(new FileLock(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorCode::refused,
                "in use by another process; end that one first, or name another data folder", path);
  // Users and their secrets are in it. Only if it is new: to close a descriptor of an open database
  // would take its locks away.
  const int created = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, owner_only);
  if (created >= 0) ::close(created);
  return lock;
}

FileLock::~FileLock() { ::close(descriptor_); }

}  // namespace polyphase::store
