#include "net/websocket.hpp"

namespace polyphase::net {
namespace {

constexpr std::size_t reason_bytes_max = 123;  // a control frame has 125, two are the code

}  // namespace

bool WebSocket::send(std::string message) {
  {
    const std::lock_guard lock(mutex_);
    if (closing_ || queue_.size() >= websocket_queue_messages_max ||
        bytes_ + message.size() > websocket_queue_bytes_max) {
      ++dropped_;
      return false;
    }
    bytes_ += message.size();
    queue_.push_back(std::move(message));
  }
  wake_();
  return true;
}

void WebSocket::close(std::string reason) {
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    closing_ = reason.substr(0, reason_bytes_max);
  }
  wake_();
}

std::uint64_t WebSocket::messages_dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

std::optional<std::string> WebSocket::take() {
  const std::lock_guard lock(mutex_);
  if (queue_.empty()) return std::nullopt;
  std::string message = std::move(queue_.front());
  queue_.pop_front();
  bytes_ -= message.size();
  return message;
}

std::optional<std::string> WebSocket::closing() const {
  const std::lock_guard lock(mutex_);
  return closing_;
}

}  // namespace polyphase::net
