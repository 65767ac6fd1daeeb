#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "control/meter.hpp"
#include "net/http_server.hpp"

namespace polyphase::web {

inline constexpr const char* service_name = "HTTPS";

struct ServerOptions {
  std::string address;     ///< to listen on; empty: every address
  std::uint16_t port = 0;  ///< 0: one that is free
  std::filesystem::path certificate_folder;
  std::vector<std::string> host_names;  ///< names and addresses for a certificate of our own
  std::filesystem::path static_folder;  ///< the page's files, while working on it; empty: built in
  net::HttpTimeouts timeouts;
};

/// The web page and the HTTP API of one meter (docs/web.md), on threads of their own. It tells the
/// meter how it is (note_service), also when it cannot start.
///
/// While the meter is to be reached from this machine alone (loopback_only) it listens on
/// 127.0.0.1, or on `address` when that is a loopback address; whoever owns it starts another one
/// when that changes.
class Server {
 public:
  /// errors  io: port or certificate folder; invalid_config: address or certificate
  static Result<std::unique_ptr<Server>> start(control::Meter& meter, const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string address() const;  ///< "127.0.0.1:10443"
  std::uint16_t port() const;
  std::size_t connections() const;
  std::string certificate_sha256() const;  ///< fingerprint, "AB:CD:…"

 private:
  class Pages;
  explicit Server(std::unique_ptr<Pages> pages);
  std::unique_ptr<Pages> pages_;
};

}  // namespace polyphase::web
