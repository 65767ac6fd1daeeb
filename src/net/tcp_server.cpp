#include "net/tcp_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <unordered_set>

#include "base/contract.hpp"
#include "net/loop.hpp"

namespace polyphase::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds tick_period{1'000};

Error why_not(const std::string& where, const error_code& error) {
  std::string why = error.message();
  if (error == asio::error::address_in_use)
    why = "another program listens there already; end it, or choose another port";
  else if (error == asio::error::access_denied)
    why =
        "ports below 1024 take a privilege (CAP_NET_BIND_SERVICE); grant it, or choose another "
        "port";
  else if (error == boost::system::errc::address_not_available)
    why = "this machine has no such address";
  return {ErrorCode::io, "cannot listen on " + where + ": " + why, ""};
}

Result<asio::ip::address> parse_address(const std::string& text) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(text, error);
  if (error)
    return fail(ErrorCode::invalid_config,
                fmt::format("'{}' is not an address: write one such as 127.0.0.1, ::1 or 0.0.0.0",
                            text.substr(0, 80)));
  return address;
}

}  // namespace

Result<void> check_address(const std::string& text) {
  if (const auto address = parse_address(text); !address) return tl::unexpected(address.error());
  return {};
}

std::string endpoint_text(const std::string& address, std::uint16_t port) {
  const bool six = address.find(':') != std::string::npos;
  return six ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

/// All that lives on the loop's thread. Handlers that are still under way keep it alive.
class TcpServer::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(asio::io_context& context, TcpServerOptions options, Welcome welcome)
      : context_(context), options_(options), welcome_(std::move(welcome)) {}

  Result<void> listen(const std::vector<std::string>& addresses, std::uint16_t port);
  void stop_listening();
  void close_all(bool remote_only);
  bool tick();

  std::atomic<std::uint16_t> port_bound{0};
  std::atomic<std::uint64_t> accepted{0}, refused{0}, timed_out{0};
  std::atomic<std::size_t> open{0};

 private:
  class TcpConnection;
  struct Door {
    explicit Door(tcp::acceptor a) : acceptor(std::move(a)) {}
    tcp::acceptor acceptor;
    bool waiting = false;
  };

  Result<tcp::acceptor> bind(const std::string& text, std::uint16_t port);
  void accept(const std::shared_ptr<Door>& door);
  void welcome(tcp::socket socket);
  void forget(const std::shared_ptr<TcpConnection>& connection);

  asio::io_context& context_;
  TcpServerOptions options_;
  Welcome welcome_;
  std::vector<std::shared_ptr<Door>> doors_;
  std::unordered_set<std::shared_ptr<TcpConnection>> connections_;
  bool ended_ = false;
};

class TcpServer::Core::TcpConnection final
    : public Connection,
      public std::enable_shared_from_this<TcpServer::Core::TcpConnection> {
 public:
  TcpConnection(std::weak_ptr<Core> core, tcp::socket socket, const tcp::endpoint& peer)
      : core_(std::move(core)), socket_(std::move(socket)) {
    peer_ = endpoint_text(peer.address().to_string(), peer.port());
    const asio::ip::address address = peer.address();
    local_ = address.is_loopback() ||
             (address.is_v6() && address.to_v6().is_v4_mapped() &&
              asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback());
  }

  void start(std::unique_ptr<Session> session) {
    session_ = std::move(session);
    read();
  }

  void send(std::span<const std::uint8_t> bytes) override {
    if (!socket_.is_open() || bytes.empty()) return;
    std::size_t sent = 0;
    if (waiting_.empty() && !writing_) {
      error_code error;
      sent = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
      if (error && error != asio::error::would_block && error != asio::error::try_again)
        return end_soon();
    }
    waiting_.insert(waiting_.end(), bytes.begin() + static_cast<std::ptrdiff_t>(sent), bytes.end());
    write();
  }

  bool backed_up() const override { return waiting_.size() + writing_size_ > write_buffer_max; }

  void resume() override {
    if (socket_.is_open()) offer();
  }

  void close() override {
    closing_ = true;
    if (waiting_.empty() && !writing_) end_soon();
  }

  bool is_local() const override { return local_; }
  const std::string& peer() const override { return peer_; }

  /// At once, whatever waits.
  void end() {
    if (!socket_.is_open()) return;
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
    session_.reset();
    if (const auto core = core_.lock()) core->forget(shared_from_this());
  }

  /// One more second without a word from the peer.
  unsigned grow_older() { return ++idle_s_; }

 private:
  // Not from within the session, which end() destroys.
  void end_soon() {
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->end(); });
  }

  void read() {
    if (reading_ || ended_by_peer_ || closing_ || !socket_.is_open() || filled_ == buffer_.size())
      return;
    reading_ = true;
    socket_.async_read_some(
        asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_),
        [self = shared_from_this()](const error_code& error, std::size_t count) {
          self->reading_ = false;
          self->idle_s_ = 0;
          self->filled_ += count;
          if (error == asio::error::eof)
            self->ended_by_peer_ = true;
          else if (error)
            return self->end();
          self->offer();
        });
  }

  void offer() {
    if (offering_ || !socket_.is_open() || closing_) return;
    offering_ = true;
    const std::size_t used = filled_ == 0 ? 0 : session_->received({buffer_.data(), filled_});
    offering_ = false;
    EXPECTS(used <= filled_);
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(used),
              buffer_.begin() + static_cast<std::ptrdiff_t>(filled_), buffer_.begin());
    filled_ -= used;
    const bool waits = session_->busy() || backed_up();
    // Said all, or a request that does not fit: nothing more can come of it.
    if (!waits && (ended_by_peer_ || filled_ == buffer_.size())) return close();
    if (!waits || filled_ < buffer_.size() / 2) read();
  }

  void write() {
    if (writing_ || waiting_.empty()) return;
    writing_ = true;
    outgoing_.swap(waiting_);
    writing_size_ = outgoing_.size();
    asio::async_write(socket_, asio::buffer(outgoing_),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        self->written(error);
                      });
  }

  void written(const error_code& error) {
    const bool was_backed_up = backed_up();
    writing_ = false;
    writing_size_ = 0;
    outgoing_.clear();
    if (error) return end();
    write();
    if (closing_ && !writing_) return end();
    if (was_backed_up && !backed_up()) offer();
  }

  std::weak_ptr<Core> core_;
  tcp::socket socket_;
  std::string peer_;
  bool local_ = false;
  std::unique_ptr<Session> session_;
  std::array<std::uint8_t, read_buffer_size> buffer_{};
  std::size_t filled_ = 0;
  std::vector<std::uint8_t> waiting_, outgoing_;
  std::size_t writing_size_ = 0;
  bool reading_ = false, writing_ = false, offering_ = false;
  bool closing_ = false, ended_by_peer_ = false;
  unsigned idle_s_ = 0;
};

Result<tcp::acceptor> TcpServer::Core::bind(const std::string& text, std::uint16_t port) {
  const auto address = parse_address(text);
  if (!address) return tl::unexpected(address.error());
  const tcp::endpoint endpoint(*address, port);
  error_code error;
  tcp::acceptor acceptor(context_);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && address->is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return tl::unexpected(why_not(endpoint_text(text, port), error));
  return acceptor;
}

Result<void> TcpServer::Core::listen(const std::vector<std::string>& addresses,
                                     std::uint16_t port) {
  stop_listening();
  if (addresses.empty() || addresses.size() > addresses_max)
    return fail(ErrorCode::invalid_config,
                fmt::format("name 1 to {} addresses to listen on", addresses_max));
  for (const std::string& address : addresses) {
    auto bound = bind(address, port);
    if (!bound) {
      stop_listening();
      return tl::unexpected(bound.error());
    }
    port = bound->local_endpoint().port();
    doors_.push_back(std::make_shared<Door>(std::move(*bound)));
  }
  port_bound = port;
  for (const auto& door : doors_) accept(door);
  return {};
}

void TcpServer::Core::stop_listening() {
  error_code ignored;
  for (const auto& door : doors_) door->acceptor.close(ignored);
  doors_.clear();
  port_bound = 0;
}

void TcpServer::Core::accept(const std::shared_ptr<Door>& door) {
  door->waiting = true;
  door->acceptor.async_accept(
      [core = shared_from_this(), door](const error_code& error, tcp::socket socket) {
        door->waiting = false;
        if (!door->acceptor.is_open()) return;
        // Too many files are open, or the like: tick() tries again.
        if (error && error != asio::error::connection_aborted) return;
        if (!error) core->welcome(std::move(socket));
        core->accept(door);
      });
}

void TcpServer::Core::welcome(tcp::socket socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return;  // gone already
  socket.set_option(tcp::no_delay(true), error);
  socket.non_blocking(true, error);
  std::unique_ptr<Session> session;
  const auto connection =
      std::make_shared<TcpConnection>(weak_from_this(), std::move(socket), peer);
  if (connections_.size() < options_.connections_max) session = welcome_(*connection);
  if (session == nullptr) {
    ++refused;  // closed with the last reference to it
    return;
  }
  ++accepted;
  connections_.insert(connection);
  open = connections_.size();
  connection->start(std::move(session));
}

void TcpServer::Core::forget(const std::shared_ptr<TcpConnection>& connection) {
  connections_.erase(connection);
  open = connections_.size();
}

void TcpServer::Core::close_all(bool remote_only) {
  if (!remote_only) ended_ = true;
  const std::vector<std::shared_ptr<TcpConnection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all)
    if (!remote_only || !connection->is_local()) connection->end();
}

bool TcpServer::Core::tick() {
  for (const auto& door : doors_)
    if (!door->waiting) accept(door);
  const std::vector<std::shared_ptr<TcpConnection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all)
    if (connection->grow_older() > options_.idle_s_max && options_.idle_s_max > 0) {
      ++timed_out;
      connection->end();
    }
  return !ended_;
}

TcpServer::TcpServer(Loop& loop, TcpServerOptions options, Welcome welcome)
    : loop_(loop), core_(std::make_shared<Core>(loop.context(), options, std::move(welcome))) {
  loop_.every(tick_period, [core = core_] { return core->tick(); });
}

TcpServer::~TcpServer() {
  loop_.call([core = core_] {
    core->stop_listening();
    core->close_all(false);
  });
}

Result<void> TcpServer::listen(const std::vector<std::string>& addresses, std::uint16_t port) {
  Result<void> result;
  loop_.call([&] { result = core_->listen(addresses, port); });
  return result;
}

void TcpServer::stop_listening() {
  loop_.call([core = core_] { core->stop_listening(); });
}

std::uint16_t TcpServer::port() const { return core_->port_bound; }

TcpServerCounts TcpServer::counts() const {
  return {core_->accepted, core_->refused, core_->timed_out, core_->open};
}

void TcpServer::close_remote() {
  loop_.call([core = core_] { core->close_all(true); });
}

}  // namespace polyphase::net
