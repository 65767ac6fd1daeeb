#include "journal.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/time.hpp"

namespace polyphase::app {
namespace {

Instant wall_clock() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

const char* word_of(Level level) {
  switch (level) {
    case Level::failure:
      return "failure  ";
    case Level::warning:
      return "warning  ";
    case Level::notice:
      return "notice   ";
    case Level::information:
      break;
  }
  return "";
}

}  // namespace

void log(Level level, std::string_view text) {
  static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  // One line is one entry: what comes from outside must not begin another one.
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c >= 0 && c < ' '; }, ' ');
  line = journal ? fmt::format("<{}>{}\n", static_cast<int>(level), line)
                 : fmt::format("{}  {}{}\n", to_iso8601(wall_clock()).substr(0, 19), word_of(level),
                               line);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void tell_supervisor(std::string_view state) {
  const char* place = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string_view path = place == nullptr ? std::string_view() : place;
  if (path.empty() || path.size() >= sizeof address.sun_path) return;
  std::copy(path.begin(), path.end(), address.sun_path);
  if (path[0] == '@') address.sun_path[0] = '\0';
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  (void)::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&address), size);
  (void)::close(descriptor);
}

}  // namespace polyphase::app
