#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace polyphase::net {

class Loop;

inline constexpr std::size_t read_buffer_size = 4'096;       ///< of one connection
inline constexpr std::size_t write_buffer_max = 64 * 1'024;  ///< of one connection, see backed_up()
inline constexpr std::size_t addresses_max = 16;             ///< that one server listens on

/// The other end, as a session sees it. On the loop's thread only.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Sends what the network takes now and keeps the rest.
  virtual void send(std::span<const std::uint8_t> bytes) = 0;
  /// True while more than write_buffer_max bytes wait for a peer that does not read. A session that
  /// stops using up bytes then is offered them again when the peer has read.
  virtual bool backed_up() const = 0;
  /// Offers the session again what it did not use up.
  virtual void resume() = 0;
  /// Ends the connection when everything is sent.
  virtual void close() = 0;
  /// The peer is this machine.
  virtual bool is_local() const = 0;
  /// "192.0.2.7:50123"
  virtual const std::string& peer() const = 0;
};

/// What a protocol makes of the bytes of one connection; ends with it. On the loop's thread only.
class Session {
 public:
  virtual ~Session() = default;
  /// Everything that came and was not used up yet, at most read_buffer_size; returns how many bytes
  /// of it are used up. A full buffer of which nothing is used up ends the connection, unless the
  /// session is busy or the connection backed up.
  virtual std::size_t received(std::span<const std::uint8_t> bytes) = 0;
  /// An answer is still to come (and resume() with it): what the peer sends meanwhile waits, and a
  /// peer that has said all is not left.
  virtual bool busy() const { return false; }
};

struct TcpServerOptions {
  std::size_t connections_max = 40;
  unsigned idle_s_max = 0;  ///< a connection on which nothing came for so long ends; 0: never
};

struct TcpServerCounts {
  std::uint64_t accepted = 0, refused = 0, timed_out = 0;
  std::size_t open = 0;
};

/// Listens and hands each connection a session. Its connections end with it.
class TcpServer {
 public:
  /// Makes the session of a new connection; nullptr refuses it.
  using Welcome = std::function<std::unique_ptr<Session>(Connection&)>;

  /// `loop` must outlive it.
  TcpServer(Loop& loop, TcpServerOptions options, Welcome welcome);
  ~TcpServer();

  /// Listens on these numeric addresses (IPv4 or IPv6) and on no other any more; port 0 lets the
  /// system choose. Open connections stay.
  /// errors  io: in use, not permitted, no address of this machine; what to do. Then none is
  ///         listened on.
  Result<void> listen(const std::vector<std::string>& addresses, std::uint16_t port);
  void stop_listening();

  std::uint16_t port() const;  ///< of the first address; 0: not listening
  TcpServerCounts counts() const;
  /// Ends the connections from other machines.
  void close_remote();

 private:
  class Core;
  Loop& loop_;
  std::shared_ptr<Core> core_;
};

/// errors  invalid_config: not a numeric address
Result<void> check_address(const std::string& address);

/// "127.0.0.1:502", "[::1]:502"
std::string endpoint_text(const std::string& address, std::uint16_t port);

}  // namespace polyphase::net
