#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

namespace polyphase::system_test {

/// `polyphase run OPTIONS` in the background; killed when it goes. Its stderr is read through a
/// pipe.
class Daemon {
 public:
  explicit Daemon(const std::string& options);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Until it has said this; false: it ended, or did not within 20 s.
  bool wait_for_line(const std::string& part);
  /// The same behind what the last call of this one found.
  bool wait_for_next(const std::string& part);
  /// Reads what it says for so long.
  void run_for(std::chrono::milliseconds time);
  /// Sends the signal and waits for the end. Its exit status; 128 + the signal that ended it.
  int end(int signal);
  pid_t pid() const { return pid_; }
  const std::string& said() const { return said_; }

 private:
  std::size_t place_of(const std::string& part, std::size_t from);
  bool read_until(std::chrono::steady_clock::time_point deadline);
  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string said_;
  std::size_t found_ = 0;
};

}  // namespace polyphase::system_test
