// The one file that includes Boost.Beast, Asio and OpenSSL's streams: it takes a minute to compile.
#include "net/http_server.hpp"

#ifdef __SANITIZE_THREAD__
// Fences are what the thread sanitizer does not know; Asio's loop on one thread needs none.
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <set>

namespace polyphase::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using beast::error_code;
using Clock = std::chrono::steady_clock;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using TlsContext = asio::ssl::context;

constexpr std::size_t drain_bytes_max = 1024 * 1024;  ///< read of a request that was refused
constexpr std::size_t drain_step_bytes = 16 * 1024;
constexpr std::chrono::milliseconds drain_timeout{2'000};
constexpr std::chrono::milliseconds stop_grace{500};
constexpr std::chrono::milliseconds accept_pause{100};  ///< when the system has no descriptor left

Result<std::shared_ptr<TlsContext>> tls_context(const std::string& certificate,
                                                const std::string& key) {
  auto context = std::make_shared<TlsContext>(TlsContext::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // TLS 1.2: forward secrecy and authenticated encryption only. TLS 1.3 has nothing else.
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL");
  error_code error;
  context->use_certificate_chain(asio::buffer(certificate), error);
  if (!error) context->use_private_key(asio::buffer(key), TlsContext::pem, error);
  if (!error && SSL_CTX_check_private_key(native) != 1) error = asio::error::invalid_argument;
  if (error)
    return fail(
        ErrorCode::invalid_config,
        "certificate and private key do not fit each other or are not PEM: " + error.message());
  return context;
}

http::response<http::string_body> to_beast(HttpResponse response, unsigned version, bool keep_alive,
                                           bool head) {
  http::response<http::string_body> out;
  out.result(static_cast<unsigned>(response.status));
  out.version(version);
  for (const auto& [name, value] : response.headers) out.insert(name, value);
  if (!response.content_type.empty()) out.set(http::field::content_type, response.content_type);
  out.keep_alive(keep_alive);
  const std::size_t size = response.body.size();
  if (!head) out.body() = std::move(response.body);
  if (response.status != 204) out.content_length(size);
  return out;
}

HttpResponse plain(int status, std::string_view text) {
  return {status, "text/plain; charset=utf-8", std::string(text) + "\n", {}};
}

int status_of(error_code error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  return 400;
}

}  // namespace

struct HttpServer::Loop : std::enable_shared_from_this<Loop> {
  struct Connection;
  struct Socket;

  // What connections count in as they go outlives the context that destroys them.
  std::atomic<std::size_t> connections{0};
  std::atomic<std::uint64_t> refused{0};
  std::size_t sockets = 0;
  asio::io_context io{1};
  std::set<std::shared_ptr<Connection>> waiting;  ///< whose request a handler has
  tcp::acceptor acceptor{io};
  asio::steady_timer tick_timer{io}, accept_timer{io}, stop_timer{io};
  std::shared_ptr<TlsContext> tls;
  HttpHandler* handler = nullptr;
  HttpTimeouts timeouts;
  std::string address;
  bool stopping = false;

  Result<void> listen(const HttpServerOptions& options);
  void accept();
  void tick();
  void stop();
  void stop_when_quiet(Clock::time_point deadline);
};

/// One TCP connection that speaks HTTP; hands its stream over when it becomes a WebSocket.
struct HttpServer::Loop::Connection : std::enable_shared_from_this<Connection> {
  Connection(Loop& of, tcp::socket socket)
      : loop(of), context(of.tls), tcp_stream(std::move(socket)) {
    ++loop.connections;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (counted) --loop.connections;
  }

  void detect() {
    tcp_stream.expires_after(loop.timeouts.handshake);
    beast::async_detect_ssl(tcp_stream, buffer,
                            [self = shared_from_this()](error_code error, bool is_tls) {
                              if (error) return;
                              if (is_tls) return self->handshake();
                              self->redirect();
                            });
  }

  void handshake() {
    stream.emplace(std::move(tcp_stream), *context);
    stream->async_handshake(asio::ssl::stream_base::server, buffer.data(),
                            [self = shared_from_this()](error_code error, std::size_t used) {
                              if (error) return;
                              self->buffer.consume(used);
                              self->read();
                            });
  }

  void redirect() {
    parser.emplace();
    parser->header_limit(http_header_bytes_max);
    http::async_read_header(
        tcp_stream, buffer, *parser, [self = shared_from_this()](error_code error, std::size_t) {
          if (error == http::error::end_of_stream || error == beast::error::timeout) return;
          const auto& request = self->parser->get();
          HttpResponse answer = plain(400, "this port speaks https");
          if (const auto host = request[http::field::host];
              !error && !host.empty() && request.target().starts_with('/'))
            answer = {
                308,
                "text/plain; charset=utf-8",
                "this port speaks https\n",
                {{"Location", "https://" + std::string(host) + std::string(request.target())}}};
          self->response = to_beast(std::move(answer), 11, false, false);
          http::async_write(self->tcp_stream, self->response, [self](error_code, std::size_t) {
            error_code ignored;
            self->tcp_stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
          });
        });
  }

  void read() {
    parser.emplace();
    parser->header_limit(http_header_bytes_max);
    parser->body_limit(http_body_bytes_max);
    beast::get_lowest_layer(*stream).expires_after(loop.timeouts.request);
    http::async_read(
        *stream, buffer, *parser,
        [self = shared_from_this()](error_code error, std::size_t) { self->on_read(error); });
  }

  void on_read(error_code error) {
    if (error == http::error::end_of_stream || error == beast::error::timeout) return shutdown();
    if (error && error.category() != make_error_code(http::error::bad_method).category()) return;
    if (error) {
      close_after = drain_after = true;
      return write(plain(status_of(error), error.message()));
    }
    auto message = parser->release();
    HttpRequest request = from_beast(message);
    if (websocket::is_upgrade(message)) {
      if (auto refusal = loop.handler->refuse_websocket(request)) {
        close_after = true;
        return write(std::move(*refusal));
      }
      return upgrade(std::move(message), std::move(request));
    }
    beast::get_lowest_layer(*stream).expires_never();
    loop.waiting.insert(shared_from_this());
    loop.handler->on_request(std::move(request),
                             HttpReply([weak_loop = loop.weak_from_this(),
                                        weak = weak_from_this()](HttpResponse answer) {
                               const auto alive = weak_loop.lock();
                               if (!alive) return;
                               asio::post(alive->io, [weak, answer = std::move(answer)]() mutable {
                                 if (const auto self = weak.lock()) self->write(std::move(answer));
                               });
                             }));
  }

  HttpRequest from_beast(http::request<http::string_body>& message) {
    HttpRequest request;
    head = message.method() == http::verb::head;
    version = message.version();
    close_after = !message.keep_alive();
    request.method = head ? "GET" : std::string(message.method_string());
    const std::string target(message.target());
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) request.query = target.substr(mark + 1);
    for (const auto& field : message)
      request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    request.body = std::move(message.body());
    error_code ignored;
    request.remote_address =
        beast::get_lowest_layer(*stream).socket().remote_endpoint(ignored).address().to_string();
    return request;
  }

  void write(HttpResponse answer) {
    loop.waiting.erase(shared_from_this());
    response = to_beast(std::move(answer), version, !close_after, head);
    serializer.emplace(response);
    write_deadline = Clock::now() + loop.timeouts.write;
    write_some();
  }

  /// Piece by piece, so that a slow line may take its time and a dead one may not.
  void write_some() {
    if (Clock::now() > write_deadline) return;
    beast::get_lowest_layer(*stream).expires_after(loop.timeouts.write_step);
    http::async_write_some(*stream, *serializer,
                           [self = shared_from_this()](error_code error, std::size_t) {
                             if (error) return;
                             if (!self->serializer->is_done()) return self->write_some();
                             if (self->close_after) return self->shutdown();
                             self->read();
                           });
  }

  /// Says that nothing follows, then reads on for a while: closing with bytes unread would reset
  /// the connection, and a client that was refused would not see why.
  void shutdown() {
    beast::get_lowest_layer(*stream).expires_after(drain_timeout);
    stream->async_shutdown([self = shared_from_this()](error_code) {
      if (self->drain_after) self->drain();
    });
  }

  void drain() {
    error_code ignored;
    auto& transport = beast::get_lowest_layer(*stream);
    transport.socket().shutdown(tcp::socket::shutdown_send, ignored);
    buffer.consume(buffer.size());
    transport.async_read_some(buffer.prepare(drain_step_bytes),
                              [self = shared_from_this()](error_code error, std::size_t size) {
                                self->drained += size;
                                if (error || self->drained > drain_bytes_max) return;
                                self->drain();
                              });
  }

  void upgrade(http::request<http::string_body> message, HttpRequest request);

  Loop& loop;
  std::shared_ptr<TlsContext> context;
  beast::tcp_stream tcp_stream;
  std::optional<TlsStream> stream;
  beast::flat_buffer buffer{http_header_bytes_max + http_body_bytes_max};
  std::optional<http::request_parser<http::string_body>> parser;
  http::response<http::string_body> response;
  std::optional<http::response_serializer<http::string_body>> serializer;
  Clock::time_point write_deadline;
  std::size_t drained = 0;
  unsigned version = 11;
  bool head = false, close_after = false, drain_after = false, counted = true;
};

struct HttpServer::Loop::Socket : std::enable_shared_from_this<Socket> {
  Socket(Loop& of, std::shared_ptr<TlsContext> tls, TlsStream transport)
      : loop(of), context(std::move(tls)), stream(std::move(transport)) {
    ++loop.sockets;
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    --loop.sockets;
    --loop.connections;
  }

  void accept(http::request<http::string_body> request, HttpRequest ours) {
    beast::get_lowest_layer(stream).expires_never();
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = loop.timeouts.handshake;
    timeout.idle_timeout = loop.timeouts.websocket;
    timeout.keep_alive_pings = true;
    stream.set_option(timeout);
    stream.read_message_max(websocket_text_bytes_max);
    upgrade = std::move(request);
    stream.async_accept(upgrade, [self = shared_from_this(), ours](error_code error) {
      if (!error) self->open(ours);
    });
  }

  void open(const HttpRequest& request) {
    outbox =
        std::make_shared<WebSocket>([weak_loop = loop.weak_from_this(), weak = weak_from_this()] {
          const auto alive = weak_loop.lock();
          if (!alive) return;
          asio::post(alive->io, [weak] {
            if (const auto self = weak.lock()) self->pump();
          });
        });
    if (loop.stopping) return;
    loop.handler->on_open(request, outbox);
    read();
  }

  void read() {
    stream.async_read(buffer, [self = shared_from_this()](error_code error, std::size_t) {
      if (error || self->loop.stopping) return self->closed();
      if (self->stream.got_text()) {
        const auto data = self->buffer.cdata();
        self->loop.handler->on_text(*self->outbox,
                                    {static_cast<const char*>(data.data()), data.size()});
      }
      self->buffer.consume(self->buffer.size());
      self->read();
    });
  }

  void pump() {
    if (writing || gone) return;
    if (auto message = outbox->take()) {
      writing = true;
      current = std::move(*message);
      stream.text(true);
      stream.async_write(asio::buffer(current),
                         [self = shared_from_this()](error_code error, std::size_t) {
                           self->writing = false;
                           if (error) return self->closed();
                           self->pump();
                         });
    } else if (const auto reason = outbox->closing()) {
      gone = true;
      stream.async_close({websocket::close_code::normal, *reason},
                         [self = shared_from_this()](error_code) {});
    }
  }

  void closed() {
    gone = true;
    if (told || loop.stopping) return;
    told = true;
    outbox->close("gone");
    loop.handler->on_closed(*outbox);
  }

  Loop& loop;
  std::shared_ptr<TlsContext> context;
  websocket::stream<TlsStream> stream;
  http::request<http::string_body> upgrade;
  beast::flat_buffer buffer{websocket_text_bytes_max};
  std::shared_ptr<WebSocket> outbox;
  std::string current;
  bool writing = false, gone = false, told = false;
};

void HttpServer::Loop::Connection::upgrade(http::request<http::string_body> message,
                                           HttpRequest request) {
  counted = false;
  std::make_shared<Socket>(loop, context, std::move(*stream))
      ->accept(std::move(message), std::move(request));
}

Result<void> HttpServer::Loop::listen(const HttpServerOptions& options) {
  error_code error;
  const auto bind_to = [&](const asio::ip::address& where) {
    const tcp::endpoint endpoint(where, options.port);
    acceptor.close(error);
    acceptor.open(endpoint.protocol(), error);
    if (error) return;
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (where.is_v6()) acceptor.set_option(asio::ip::v6_only(!options.address.empty()), error);
    acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(static_cast<int>(http_connections_max), error);
  };
  if (options.address.empty()) {
    bind_to(asio::ip::address_v6::any());
    if (error == asio::error::address_family_not_supported ||
        error == boost::system::errc::address_not_available)
      bind_to(asio::ip::address_v4::any());  // a machine without IPv6
  } else {
    const auto where = asio::ip::make_address(options.address, error);
    if (error)
      return fail(ErrorCode::invalid_config,
                  fmt::format("'{}' is no address to listen on: write one like 192.0.2.7 or ::1",
                              options.address));
    bind_to(where);
  }
  if (error)
    return fail(ErrorCode::io,
                fmt::format("cannot listen on {} port {}: {}; free the port or choose another",
                            options.address.empty() ? "any address" : options.address, options.port,
                            error.message()));
  const auto bound = acceptor.local_endpoint(error);
  address = bound.address().is_v6()
                ? fmt::format("[{}]:{}", bound.address().to_string(), bound.port())
                : fmt::format("{}:{}", bound.address().to_string(), bound.port());
  return {};
}

void HttpServer::Loop::accept() {
  acceptor.async_accept([this](error_code error, tcp::socket socket) {
    if (stopping || error == asio::error::operation_aborted) return;
    if (error) {
      accept_timer.expires_after(accept_pause);
      return accept_timer.async_wait([this](error_code again) {
        if (!again) accept();
      });
    }
    if (connections >= http_connections_max)
      ++refused;
    else
      std::make_shared<Connection>(*this, std::move(socket))->detect();
    accept();
  });
}

void HttpServer::Loop::tick() {
  tick_timer.expires_after(sockets > 0 ? timeouts.tick : timeouts.idle_tick);
  tick_timer.async_wait([this](error_code error) {
    if (error || stopping) return;
    handler->on_tick();
    tick();
  });
}

void HttpServer::Loop::stop() {
  handler->on_stop();
  stopping = true;
  error_code ignored;
  acceptor.close(ignored);
  tick_timer.cancel();
  accept_timer.cancel();
  stop_when_quiet(Clock::now() + stop_grace);
}

void HttpServer::Loop::stop_when_quiet(Clock::time_point deadline) {
  if (sockets == 0 || Clock::now() > deadline) return io.stop();
  stop_timer.expires_after(std::chrono::milliseconds(5));
  stop_timer.async_wait([this, deadline](error_code) { stop_when_quiet(deadline); });
}

HttpServer::HttpServer(std::shared_ptr<Loop> loop)
    : loop_(std::move(loop)), thread_([this] { loop_->io.run(); }) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpServerOptions& options,
                                                      HttpHandler& handler) {
  auto loop = std::make_shared<Loop>();
  auto context = tls_context(options.certificate_pem, options.key_pem);
  if (!context) return tl::unexpected(context.error());
  loop->tls = std::move(*context);
  loop->handler = &handler;
  loop->timeouts = options.timeouts;
  if (auto listening = loop->listen(options); !listening) return tl::unexpected(listening.error());
  loop->accept();
  loop->tick();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(loop)));
}

HttpServer::~HttpServer() {
  asio::post(loop_->io, [loop = loop_.get()] { loop->stop(); });
  thread_.join();
}

std::string HttpServer::address() const { return loop_->address; }
std::uint16_t HttpServer::port() const {
  error_code ignored;
  return loop_->acceptor.local_endpoint(ignored).port();
}
std::size_t HttpServer::connections() const { return loop_->connections; }
std::uint64_t HttpServer::connections_refused() const { return loop_->refused; }

Result<void> HttpServer::set_certificate(const std::string& certificate_pem,
                                         const std::string& key_pem) {
  auto context = tls_context(certificate_pem, key_pem);
  if (!context) return tl::unexpected(context.error());
  asio::post(loop_->io, [loop = loop_.get(), tls = std::move(*context)] { loop->tls = tls; });
  return {};
}

}  // namespace polyphase::net
