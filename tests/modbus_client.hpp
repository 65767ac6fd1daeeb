#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/modbus/frame.hpp"

namespace polyphase::testing {

using Bytes = std::vector<std::uint8_t>;

/// "03 0B D3" as bytes, and back.
inline Bytes from_hex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
  Bytes out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 3)
    out.push_back(static_cast<std::uint8_t>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  return out;
}
inline std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text += ' ';
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

/// A blocking client that a test drives byte by byte.
class ModbusClient {
 public:
  static constexpr int patience_ms = 10'000;

  /// `buffer_size`: of the system, each way; 0: as usual.
  explicit ModbusClient(std::uint16_t port, bool six = false, int buffer_size = 0)
      : socket_(::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (buffer_size > 0)
      for (const int option : {SO_RCVBUF, SO_SNDBUF})
        ::setsockopt(socket_, SOL_SOCKET, option, &buffer_size, sizeof buffer_size);
    sockaddr_in four_address{};
    four_address.sin_family = AF_INET;
    four_address.sin_port = htons(port);
    four_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 six_address{};
    six_address.sin6_family = AF_INET6;
    six_address.sin6_port = htons(port);
    six_address.sin6_addr = in6addr_loopback;
    connected_ = (six ? ::connect(socket_, reinterpret_cast<const sockaddr*>(&six_address),
                                  sizeof six_address)
                      : ::connect(socket_, reinterpret_cast<const sockaddr*>(&four_address),
                                  sizeof four_address)) == 0;
  }
  ModbusClient(ModbusClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        connected_(other.connected_),
        transaction_(other.transaction_) {}
  ModbusClient& operator=(ModbusClient&&) = delete;
  ~ModbusClient() {
    if (socket_ >= 0) ::close(socket_);
  }

  bool connected() const { return connected_; }

  /// False: the peer does not take it any more.
  bool send(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// What the system takes now, without waiting.
  std::size_t send_some(std::span<const std::uint8_t> bytes) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }
  Bytes frame_of(std::string_view pdu, std::uint8_t unit) {
    Bytes frame;
    const std::size_t begin = wire::modbus::begin_frame(++transaction_, unit, frame);
    const Bytes body = from_hex(pdu);
    frame.insert(frame.end(), body.begin(), body.end());
    wire::modbus::end_frame(begin, frame);
    return frame;
  }
  void request(std::string_view pdu, std::uint8_t unit = 1) { send(frame_of(pdu, unit)); }

  /// The PDU of the next reply; "closed" or "nothing came" where there is none.
  std::string reply() {
    const Bytes header = read(wire::modbus::header_size);
    if (header.size() < wire::modbus::header_size) return ended_ ? "closed" : "nothing came";
    last_transaction_ = wire::modbus::word_at(header, 0);
    last_unit_ = header[6];
    return to_hex(read(wire::modbus::word_at(header, 4) - 1u));
  }
  std::string ask(std::string_view pdu, std::uint8_t unit = 1) {
    request(pdu, unit);
    std::string answer = reply();
    if (answer != "closed" && last_transaction_ != transaction_) return "of another request";
    return answer;
  }
  std::uint8_t last_unit() const { return last_unit_; }

  /// Waits for the peer to end the connection; what comes until then goes.
  bool is_closed() {
    std::uint8_t byte[4'096];
    while (wait()) {
      const ssize_t got = ::recv(socket_, byte, sizeof byte, 0);
      if (got <= 0) return true;
    }
    return false;
  }
  /// Says that nothing more will be sent.
  void half_close() { ::shutdown(socket_, SHUT_WR); }

 private:
  bool wait() const {
    pollfd entry{socket_, POLLIN, 0};
    return ::poll(&entry, 1, patience_ms) == 1;
  }
  Bytes read(std::size_t size) {
    Bytes out(size);
    std::size_t filled = 0;
    while (filled < size && wait()) {
      const ssize_t got = ::recv(socket_, out.data() + filled, size - filled, 0);
      if (got <= 0) {
        ended_ = true;
        break;
      }
      filled += static_cast<std::size_t>(got);
    }
    out.resize(filled);
    return out;
  }

  int socket_ = -1;
  bool connected_ = false, ended_ = false;
  std::uint16_t transaction_ = 0, last_transaction_ = 0;
  std::uint8_t last_unit_ = 0;
};

}  // namespace polyphase::testing
