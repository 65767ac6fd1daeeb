#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "net/loop.hpp"
#include "net/tcp_server.hpp"
#include "protocols/modbus/requests.hpp"
#include "wire/modbus/frame.hpp"

namespace polyphase::protocols::modbus {

/// One client on TCP: frames in, frames out, one request after the other.
class Session final : public net::Session {
 public:
  /// `place` is kept as long as the session: what the connection takes of a pool.
  Session(net::Connection& connection, std::shared_ptr<net::Loop> loop, control::Meter& meter,
          Requests& requests, std::shared_ptr<void> place);
  ~Session() override;

  std::size_t received(std::span<const std::uint8_t> bytes) override;
  bool busy() const override { return busy_; }

 private:
  struct Change;

  void answer(const wire::modbus::Frame& frame);
  void write(const wire::modbus::Frame& frame, const Request& request, bool broadcast);
  void reply(const Request& request, Exception exception);
  void changed(Exception exception);

  net::Connection& connection_;
  std::shared_ptr<net::Loop> loop_;
  control::Meter& meter_;
  Requests& requests_;
  std::shared_ptr<void> place_;
  std::vector<std::uint8_t> out_;
  bool busy_ = false;
  /// What comes back to the loop finds the session by it, or that it has ended.
  std::shared_ptr<Session*> self_;
  // Of the write that is under way.
  std::uint16_t transaction_ = 0;
  std::uint8_t unit_ = 0;
  Request writing_;
  std::array<std::uint8_t, 2> written_{};  ///< of function 6, which is echoed
};

}  // namespace polyphase::protocols::modbus
