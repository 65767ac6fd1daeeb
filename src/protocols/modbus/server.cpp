#include "protocols/modbus/server.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <vector>

#include "net/loop.hpp"
#include "net/tcp_server.hpp"
#include "protocols/modbus/register_image.hpp"
#include "protocols/modbus/requests.hpp"
#include "protocols/modbus/session.hpp"

namespace polyphase::protocols::modbus {
namespace {

using control::ServiceStatus;

constexpr std::chrono::milliseconds watch_period{500};

bool is_loopback(const std::string& address) {
  return address == "::1" || address.starts_with("127.");
}

// As the setup screens of this family of meters show it: which map, and where one's own registers
// are.
std::string map_text(const PointMap& map) {
  if (map.mode.empty()) return {};
  std::string text = "map " + map.mode;
  if (map.own_registers > 0)
    text += fmt::format(", {} registers of one's own, {} to {}", map.own_registers, map.own_first,
                        map.own_last);
  return text + "; ";
}

}  // namespace

struct Server::State {
  State(control::Meter& m, const ServerOptions& o)
      : meter(m),
        options(o),
        image(m),
        requests(m, image),
        shared(o.shared ? o.shared : net::SharedConnections::create()),
        tcp(*loop, {dedicated_connections + net::pool_places, o.idle_s_max},
            [this](net::Connection& connection) { return welcome(connection); }) {}

  std::unique_ptr<net::Session> welcome(net::Connection& connection);
  std::shared_ptr<void> take_place();
  Result<void> listen();
  Result<void> listen_on(const std::string& four, const std::string& six);
  bool watch();
  void note();

  control::Meter& meter;
  const ServerOptions options;
  std::shared_ptr<net::Loop> loop = std::make_shared<net::Loop>();
  RegisterImage image;  // this and what follows: on the loop's thread
  Requests requests;
  std::shared_ptr<net::SharedConnections> shared;
  std::shared_ptr<unsigned> dedicated = std::make_shared<unsigned>(0);
  bool loopback_only = true;
  bool stopping = false;
  ServiceStatus noted;
  std::string trouble;  // why it does not listen
  net::TcpServer tcp;
};

/// nullptr: all forty are taken.
std::shared_ptr<void> Server::State::take_place() {
  if (*dedicated < dedicated_connections) {
    ++*dedicated;
    return {dedicated.get(), [counter = dedicated](void*) { --*counter; }};
  }
  auto place = shared->take(net::PoolUser::modbus);
  if (!place) return nullptr;
  return std::make_shared<net::SharedConnections::Place>(std::move(*place));
}

std::unique_ptr<net::Session> Server::State::welcome(net::Connection& connection) {
  if (stopping || (loopback_only && !connection.is_local())) return nullptr;
  auto place = take_place();
  if (place == nullptr) return nullptr;
  return std::make_unique<Session>(connection, loop, meter, requests, std::move(place));
}

Result<void> Server::State::listen() {
  loopback_only = meter.loopback_only();
  if (options.address.empty())
    return loopback_only ? listen_on("127.0.0.1", "::1") : listen_on("0.0.0.0", "::");
  if (auto good = net::check_address(options.address); !good) return good;
  if (loopback_only && !is_loopback(options.address)) return listen_on("127.0.0.1", "::1");
  return tcp.listen({options.address}, options.port);
}

// A machine without IPv6 has no such address and is served by IPv4 alone.
Result<void> Server::State::listen_on(const std::string& four, const std::string& six) {
  if (auto alone = tcp.listen({four}, options.port); !alone) return alone;
  const std::uint16_t port = tcp.port();
  if (tcp.listen({four, six}, port)) return {};
  return tcp.listen({four}, port);
}

bool Server::State::watch() {
  if (stopping) return false;
  if (meter.loopback_only() != loopback_only || !trouble.empty()) {
    const Result<void> listening = listen();
    trouble = listening ? "" : listening.error().message;
    if (loopback_only) tcp.close_remote();
  }
  note();
  return true;
}

void Server::State::note() {
  ServiceStatus now;
  now.name = service_name;
  now.state = trouble.empty() ? ServiceStatus::State::up : ServiceStatus::State::failed;
  now.reason = trouble;
  now.connections = static_cast<std::uint32_t>(tcp.counts().open);
  const bool narrowed = loopback_only && (options.address.empty() || !is_loopback(options.address));
  if (trouble.empty()) {
    const std::string address = narrowed                  ? "127.0.0.1"
                                : options.address.empty() ? "0.0.0.0"
                                                          : options.address;
    now.address = net::endpoint_text(address, tcp.port());
    now.reason = map_text(image.map());
    if (narrowed) now.reason += "this machine only, by the security settings; ";
    for (const std::string& remark : image.map().remarks) now.reason += remark + "; ";
    if (!now.reason.empty()) now.reason.resize(now.reason.size() - 2);
  }
  if (now.state == noted.state && now.address == noted.address && now.reason == noted.reason &&
      now.connections == noted.connections)
    return;
  noted = now;
  meter.note_service(std::move(now));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Server>> Server::start(control::Meter& meter, const ServerOptions& options) {
  auto state = std::make_unique<State>(meter, options);
  Result<void> listening;
  state->loop->call([&] {
    listening = state->listen();
    if (!listening) state->trouble = listening.error().message;
    state->note();
  });
  if (!listening) {
    state->loop->stop();
    return tl::unexpected(listening.error());
  }
  state->loop->every(watch_period, [raw = state.get()] { return raw->watch(); });
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::~Server() {
  state_->loop->call([this] { state_->stopping = true; });
  state_->tcp.stop_listening();
  state_->loop->stop();
  ServiceStatus off;
  off.name = service_name;
  state_->meter.note_service(std::move(off));
}

std::uint16_t Server::port() const { return state_->tcp.port(); }

}  // namespace polyphase::protocols::modbus
