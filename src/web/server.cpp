#include "web/server.hpp"

#include <atomic>
#include <chrono>
#include <mutex>

#include "net/certificate.hpp"
#include "web/answer.hpp"
#include "web/api.hpp"
#include "web/assets.hpp"
#include "web/live.hpp"

namespace polyphase::web {
namespace {

constexpr std::size_t passwords_waiting_max = 8;
constexpr std::size_t reads_waiting_max = 32;
constexpr std::chrono::seconds housekeeping_every{1};
constexpr std::chrono::hours certificate_check_every{24};

using control::ServiceStatus;

Instant now() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

bool is_api(const std::string& path) { return path == "/api" || path.starts_with("/api/"); }

/// What every answer says. A page of ours loads nothing from elsewhere and stands in no frame.
void add_headers(net::HttpResponse& answer, bool api, bool own_certificate) {
  answer.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; "
      "frame-ancestors 'none'");
  answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
  answer.headers.emplace_back("Referrer-Policy", "no-referrer");
  answer.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  answer.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  if (api) answer.headers.emplace_back("Cache-Control", "no-store");
  // Not with a certificate of our own: a browser that once trusted it would, when it is renewed,
  // let nobody through any more.
  if (own_certificate) answer.headers.emplace_back("Strict-Transport-Security", "max-age=15552000");
}

std::string address_to_bind(const control::Meter& meter, const std::string& configured) {
  const bool loopback = configured == "::1" || configured.starts_with("127.");
  return meter.loopback_only() && !loopback ? "127.0.0.1" : configured;
}

net::CertificateSubject subject_of(const control::Meter& meter, const ServerOptions& options) {
  net::CertificateSubject subject{meter.status().name, {}, {}};
  for (const std::string& name : options.host_names)
    (name.find(':') != std::string::npos ||
             name.find_first_not_of("0123456789.") == std::string::npos
         ? subject.addresses
         : subject.names)
        .push_back(name);
  return subject;
}

}  // namespace

class Server::Pages : public net::HttpHandler {
 public:
  Pages(control::Meter& meter, const ServerOptions& options)
      : meter_(meter),
        options_(options),
        trend_(meter),
        passwords_(passwords_waiting_max),
        records_(reads_waiting_max),
        context_{meter, sessions_, trend_, passwords_, records_},
        live_(context_),
        assets_(options.static_folder) {}

  ~Pages() override {
    if (!http_) return;
    http_.reset();
    meter_.note_service({service_name, ServiceStatus::State::off, "", "stopped", 0});
  }

  Result<void> start() {
    const std::string address = address_to_bind(meter_, options_.address);
    auto certificate = net::load_or_make_certificate(options_.certificate_folder,
                                                     subject_of(meter_, options_), now());
    if (!certificate) return failed(certificate.error());
    certificate_ = std::move(*certificate);
    own_certificate_ = !certificate_.self_signed;
    trend_.tick();  // a request may come before the first tick
    auto http = net::HttpServer::start(
        {address, options_.port, certificate_.chain_pem, certificate_.key_pem, options_.timeouts},
        *this);
    if (!http) return failed(http.error());
    http_ = std::move(*http);
    server_ = http_.get();
    note(ServiceStatus::State::up, remark());
    started_ = true;
    return {};
  }

  const net::HttpServer& http() const { return *http_; }
  std::string certificate_sha256() const {
    const std::lock_guard lock(certificate_mutex_);
    return certificate_.sha256;
  }

  void on_request(net::HttpRequest request, net::HttpReply reply) override {
    const bool api = is_api(request.path);
    const bool own = own_certificate_;
    if (!api) {
      net::HttpResponse answer = assets_.answer(request);
      add_headers(answer, false, own);
      return reply.send(std::move(answer));
    }
    answer_api(context_, std::move(request),
               net::HttpReply([reply = std::move(reply), own](net::HttpResponse answer) {
                 add_headers(answer, true, own);
                 reply.send(std::move(answer));
               }));
  }

  std::optional<net::HttpResponse> refuse_websocket(const net::HttpRequest& request) override {
    std::optional<net::HttpResponse> answer;
    if (request.path != live_path)
      answer = error_answer(404, ErrorCode::not_found,
                            "no WebSocket here; there is one at /api/v1/live");
    else if (!own_origin(request.header("Origin"), request.header("Host")))
      answer =
          error_answer(403, ErrorCode::refused, "the request comes from a page of another site");
    else if (const auto session = live_session(context_, request); !session)
      answer = error_answer(401, ErrorCode::refused, session.error().message);
    else if (!session->rights.has(control::Right::read))
      answer = error_answer(403, ErrorCode::refused, "this takes the right Read Access");
    if (answer) add_headers(*answer, true, own_certificate_);
    return answer;
  }

  void on_open(const net::HttpRequest& request, std::shared_ptr<net::WebSocket> socket) override {
    const auto session = live_session(context_, request);
    if (!session) return socket->close("session ended");
    live_.open(socket, session_token(request), *session);
  }
  void on_text(net::WebSocket& socket, std::string_view text) override { live_.text(socket, text); }
  void on_closed(net::WebSocket& socket) override { live_.closed(socket); }

  void on_tick() override {
    trend_.tick();
    const auto at = Live::Clock::now();
    live_.tick(at);
    if (!started_ || at < housekeeping_due_) return;
    housekeeping_due_ = at + housekeeping_every;
    if (server_->connections() != connections_told_) note(ServiceStatus::State::up, remark());
    if (!own_certificate_ && at >= certificate_due_) {
      certificate_due_ = at + certificate_check_every;
      renew_certificate();
    }
  }
  void on_stop() override { live_.end("the meter's web server stops"); }

 private:
  Result<void> failed(const Error& error) {
    note(ServiceStatus::State::failed, error.text());
    return tl::unexpected(error);
  }
  std::string remark() const {
    std::string text;
    if (!own_certificate_) text = "self-signed certificate, SHA-256 " + certificate_sha256();
    if (meter_.loopback_only())
      text += (text.empty() ? "" : "; ") +
              std::string("this machine only, until the default password is changed");
    return text;
  }
  void note(ServiceStatus::State state, std::string reason) {
    ServiceStatus service{service_name, state, "", std::move(reason), 0};
    if (server_ != nullptr) {
      connections_told_ = server_->connections();
      service.address = server_->address();
      service.connections = static_cast<std::uint32_t>(connections_told_);
    }
    meter_.note_service(std::move(service));
  }
  /// A meter runs for years: its own certificate is made anew while it does.
  void renew_certificate() {
    auto fresh = net::load_or_make_certificate(options_.certificate_folder,
                                               subject_of(meter_, options_), now());
    if (!fresh || fresh->sha256 == certificate_sha256()) return;
    if (!server_->set_certificate(fresh->chain_pem, fresh->key_pem)) return;
    const std::lock_guard lock(certificate_mutex_);
    certificate_ = std::move(*fresh);
  }

  control::Meter& meter_;
  ServerOptions options_;
  mutable std::mutex certificate_mutex_;
  net::Certificate certificate_;
  bool own_certificate_ = false;  ///< the operator's, fixed for the life of this server
  Sessions sessions_;
  Trend trend_;
  Worker passwords_, records_;
  Context context_;
  Live live_;
  Assets assets_;
  Live::Clock::time_point housekeeping_due_{}, certificate_due_{};
  std::size_t connections_told_ = 0;
  std::atomic<bool> started_ = false;  ///< server_ is there for the server's own thread
  net::HttpServer* server_ = nullptr;
  std::unique_ptr<net::HttpServer> http_;
};

Server::Server(std::unique_ptr<Pages> pages) : pages_(std::move(pages)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(control::Meter& meter, const ServerOptions& options) {
  auto pages = std::make_unique<Pages>(meter, options);
  if (auto started = pages->start(); !started) return tl::unexpected(started.error());
  return std::unique_ptr<Server>(new Server(std::move(pages)));
}

std::string Server::address() const { return pages_->http().address(); }
std::uint16_t Server::port() const { return pages_->http().port(); }
std::size_t Server::connections() const { return pages_->http().connections(); }
std::string Server::certificate_sha256() const { return pages_->certificate_sha256(); }

}  // namespace polyphase::web
