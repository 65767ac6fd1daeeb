#include "system/daemon.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace polyphase::system_test {

Daemon::Daemon(const std::string& options) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  // exec: the shell becomes the program, so that the signal reaches it.
  const std::string command = "exec " POLYPHASE_PROGRAM " run " + options;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

Daemon::~Daemon() {
  if (pid_ > 0) end(SIGKILL);
  if (pipe_ >= 0) ::close(pipe_);
}

// False: nothing more will come.
bool Daemon::read_until(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  pollfd waits{pipe_, POLLIN, 0};
  if (::poll(&waits, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) <= 0)
    return true;
  std::array<char, 4096> bytes;
  const ssize_t count = ::read(pipe_, bytes.data(), bytes.size());
  if (count <= 0) return false;
  said_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::size_t Daemon::place_of(const std::string& part, std::size_t from) {
  constexpr std::chrono::seconds patience{20};
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (said_.find(part, from) == std::string::npos)
    if (std::chrono::steady_clock::now() >= deadline || !read_until(deadline)) break;
  return said_.find(part, from);
}

bool Daemon::wait_for_line(const std::string& part) {
  return place_of(part, 0) != std::string::npos;
}

bool Daemon::wait_for_next(const std::string& part) {
  const std::size_t place = place_of(part, found_);
  if (place != std::string::npos) found_ = place + part.size();
  return place != std::string::npos;
}

void Daemon::run_for(std::chrono::milliseconds time) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < deadline && read_until(deadline)) {
  }
}

int Daemon::end(int signal) {
  ::kill(pid_, signal);
  const auto forever = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < forever && read_until(forever)) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace polyphase::system_test
