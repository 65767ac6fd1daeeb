#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace polyphase::web {

/// People signed in at once by the web (the manual's ten HTTPS connections, counted as what a
/// person means by one).
inline constexpr std::size_t sessions_max = 10;

/// When each session was last used, as far as this face knows. The gate alone says what a token
/// may; this table counts, and tells when to end a WebSocket without asking the gate, which would
/// begin the idle time anew. Any thread.
class Sessions {
 public:
  using Clock = std::chrono::steady_clock;

  /// False: sessions_max others are in use.
  bool open(const std::string& token, int idle_s_max, Clock::time_point now);
  void used(const std::string& token, int idle_s_max, Clock::time_point now);
  void close(const std::string& token);
  bool expired(const std::string& token, Clock::time_point now) const;
  bool full(Clock::time_point now);

 private:
  struct Session {
    Clock::time_point used;
    std::chrono::seconds idle_max{0};
  };
  void forget_expired(Clock::time_point now);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Session> sessions_;
};

}  // namespace polyphase::web
