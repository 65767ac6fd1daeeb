#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"
#include "net/http.hpp"
#include "net/websocket.hpp"

namespace polyphase::net {

/// TCP connections, WebSockets among them. A meter serves ten people; a browser opens up to six
/// connections for one page and keeps a WebSocket besides, so ten connections would serve one and a
/// half of them. Who has signed in is counted where sessions are known.
inline constexpr std::size_t http_connections_max = 32;
inline constexpr std::size_t http_header_bytes_max = 8 * 1024;
inline constexpr std::size_t http_body_bytes_max = 64 * 1024;

struct HttpTimeouts {
  std::chrono::milliseconds handshake{10'000};   ///< from accept to the end of the TLS handshake
  std::chrono::milliseconds request{30'000};     ///< from one answer to the end of the next request
  std::chrono::milliseconds write_step{20'000};  ///< of a client that takes not one byte
  std::chrono::milliseconds write{600'000};      ///< of a whole answer
  std::chrono::milliseconds websocket{30'000};   ///< of a WebSocket that answers no ping
  std::chrono::milliseconds tick{50};            ///< between calls of HttpHandler::on_tick
  std::chrono::milliseconds idle_tick{250};      ///< the same while there is no WebSocket
};

struct HttpServerOptions {
  std::string address;                   ///< to bind to; empty: every address, IPv4 and IPv6
  std::uint16_t port = 0;                ///< 0: one that is free
  std::string certificate_pem, key_pem;  ///< chain, leaf first; its private key
  HttpTimeouts timeouts;
};

/// What the server asks; every call on its thread, so none may wait.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual void on_request(HttpRequest request, HttpReply reply) = 0;
  /// Before the upgrade: an answer refuses it.
  virtual std::optional<HttpResponse> refuse_websocket(const HttpRequest& request) = 0;
  virtual void on_open(const HttpRequest& request, std::shared_ptr<WebSocket> socket) = 0;
  virtual void on_text(WebSocket& socket, std::string_view text) = 0;
  virtual void on_closed(WebSocket& socket) = 0;
  virtual void on_tick() {}
  /// The last call: what is sent to WebSockets now has half a second to arrive.
  virtual void on_stop() {}
};

/// HTTP/1.1 and WebSocket over TLS 1.2 and 1.3 on one port, with a thread of its own. A request
/// without TLS on the same port is sent to https (308), whatever it asks.
class HttpServer {
 public:
  /// errors  io: the port cannot be bound; invalid_config: address, certificate or key are not any
  static Result<std::unique_ptr<HttpServer>> start(const HttpServerOptions& options,
                                                   HttpHandler& handler);
  /// Calls on_stop, then lets WebSockets take what is queued for at most half a second.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string address() const;  ///< "127.0.0.1:10443", "[::]:10443"
  std::uint16_t port() const;
  std::size_t connections() const;
  std::uint64_t connections_refused() const;  ///< because there were http_connections_max

  /// For connections from now on. errors  invalid_config
  Result<void> set_certificate(const std::string& certificate_pem, const std::string& key_pem);

 private:
  struct Loop;
  explicit HttpServer(std::shared_ptr<Loop> loop);
  std::shared_ptr<Loop> loop_;
  std::thread thread_;
};

}  // namespace polyphase::net
