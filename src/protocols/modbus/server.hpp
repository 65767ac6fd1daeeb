#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "control/meter.hpp"
#include "net/shared_connections.hpp"

namespace polyphase::protocols::modbus {

inline constexpr std::uint16_t port_default = 502;
inline constexpr unsigned dedicated_connections = 32;  ///< beside those of the shared pool
inline constexpr const char* service_name = "Modbus TCP";

struct ServerOptions {
  std::string address;                ///< numeric, IPv4 or IPv6; empty: every address of both kinds
  std::uint16_t port = port_default;  ///< 0: the system chooses one
  /// What this meter's protocols share; nullptr: a pool of its own.
  std::shared_ptr<net::SharedConnections> shared;
  unsigned idle_s_max = 300;  ///< a connection without a request for so long ends; 0: never
};

/// Modbus TCP of one meter (docs/modbus.md), on a thread of its own. While the meter's
/// loopback_only() holds, it listens on this machine's loopback addresses instead of `address`.
class Server {
 public:
  /// errors  io: the port cannot be had, and what to do; the meter's status says it too
  ///         invalid_config: not an address
  static Result<std::unique_ptr<Server>> start(control::Meter& meter, const ServerOptions& options);
  ~Server();

  std::uint16_t port() const;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace polyphase::protocols::modbus
