#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace polyphase::net {

inline constexpr std::size_t websocket_queue_messages_max = 32;
inline constexpr std::size_t websocket_queue_bytes_max = 1024 * 1024;
inline constexpr std::size_t websocket_text_bytes_max = 16 * 1024;  ///< of one message of a client

/// One client that listens: what is on its way to it. A client that reads slower than is sent
/// misses messages and holds nobody up. Any thread; outlives the connection, and then drops
/// everything.
class WebSocket {
 public:
  /// `wake` tells the connection that there is something to fetch; any thread.
  explicit WebSocket(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// False: the queue is full or the connection closes, the message is dropped.
  bool send(std::string message);

  /// After what is queued; `reason` goes into the close frame (at most 123 bytes of it).
  void close(std::string reason);

  std::uint64_t messages_dropped() const;

  // ---- for the connection
  /// The next message on its way; nothing: the queue is empty.
  std::optional<std::string> take();
  /// Why to close, as soon as the queue is empty.
  std::optional<std::string> closing() const;

 private:
  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::deque<std::string> queue_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::optional<std::string> closing_;
};

}  // namespace polyphase::net
