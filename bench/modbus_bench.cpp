// Requests of 100 registers a second, at one connection and at forty, beside libmodbus' own server
// where that is installed.
#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "fake_meter.hpp"
#include "protocols/modbus/server.hpp"

#ifdef POLYPHASE_HAS_LIBMODBUS
#include <modbus.h>
#endif

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::uint8_t, 12> request{0, 1, 0, 0, 0, 6, 1, 3, 0x0B, 0xB7, 0, 100};
constexpr std::size_t reply_size = 9 + 200;

/// Connections that each ask again as soon as they were answered.
class Clients {
 public:
  Clients(std::uint16_t port, std::size_t count) : sent_(count) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (std::size_t i = 0; i < count; ++i) {
      const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      connected_ =
          ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
          connected_;
      sockets_.push_back({socket, POLLIN, 0});
    }
    for (std::size_t i = 0; i < count && connected_; ++i) ask(i);
  }
  ~Clients() {
    for (const pollfd& socket : sockets_) ::close(socket.fd);
  }
  bool connected() const { return connected_; }
  /// Whether every one is served.
  bool all_answered() {
    for (std::size_t answers = 0; connected_ && answers < sockets_.size();) {
      const int more = turn();
      if (more < 0) return false;
      answers += static_cast<std::size_t>(more);
    }
    return connected_;
  }

  /// Takes what has been answered; returns how many answers, -1 when something is wrong.
  int turn() {
    if (::poll(sockets_.data(), sockets_.size(), 5'000) <= 0) return -1;
    int answers = 0;
    for (std::size_t i = 0; i < sockets_.size(); ++i) {
      if (sockets_[i].revents == 0) continue;
      std::array<std::uint8_t, 512> reply;
      if (::recv(sockets_[i].fd, reply.data(), reply.size(), 0) != reply_size) return -1;
      latencies_us_.push_back(
          std::chrono::duration<float, std::micro>(Clock::now() - sent_[i]).count());
      ask(i);
      ++answers;
    }
    return answers;
  }

  double p99_us() {
    if (latencies_us_.empty()) return 0;
    const auto at =
        latencies_us_.begin() + static_cast<std::ptrdiff_t>(latencies_us_.size() * 99 / 100);
    std::nth_element(latencies_us_.begin(), at, latencies_us_.end());
    return static_cast<double>(*at);
  }

 private:
  void ask(std::size_t i) {
    sent_[i] = Clock::now();
    connected_ = ::send(sockets_[i].fd, request.data(), request.size(), MSG_NOSIGNAL) ==
                     static_cast<ssize_t>(request.size()) &&
                 connected_;
  }

  std::vector<pollfd> sockets_;
  std::vector<Clock::time_point> sent_;
  std::vector<float> latencies_us_;
  bool connected_ = true;
};

/// Of all threads but this one, which is the server's: it does not depend on what else runs.
double server_cpu_s() {
  timespec process{}, thread{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &process);
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &thread);
  return static_cast<double>(process.tv_sec - thread.tv_sec) +
         1e-9 * static_cast<double>(process.tv_nsec - thread.tv_nsec);
}

void measure(benchmark::State& state, std::uint16_t port) {
  // A server that runs already has to notice first that the clients of the run before have gone.
  constexpr int attempts_max = 200;
  std::unique_ptr<Clients> made;
  for (int attempt = 0; attempt < attempts_max && (made == nullptr || !made->all_answered());
       ++attempt)
    made = std::make_unique<Clients>(port, static_cast<std::size_t>(state.range(0)));
  Clients& clients = *made;
  if (!clients.connected()) return state.SkipWithError("cannot connect");
  std::int64_t answers = 0;
  const double cpu_s = server_cpu_s();
  for ([[maybe_unused]] auto step : state) {
    const int more = clients.turn();
    if (more < 0) return state.SkipWithError("a wrong answer, or none");
    answers += more;
  }
  state.SetItemsProcessed(answers);
  state.counters["p99_us"] = clients.p99_us();
  state.counters["server_us"] =
      answers > 0 ? 1e6 * (server_cpu_s() - cpu_s) / static_cast<double>(answers) : 0;
}

/// Fifty FLOAT32 from 3000 on, published ten times a second.
void modbus_server(benchmark::State& state) {
  polyphase::testing::FakeMeter meter;
  meter.module("PM1", "Power Meter");
  std::string map = "3000,FLOAT32,";
  for (int i = 0; i < 50; ++i) {
    const std::string label = "value " + std::to_string(i);
    meter.output(label, i);
    map += label + ";";
  }
  meter.module("DM1", "Data Mapping");
  meter.setup_text("Map", map);
  polyphase::protocols::modbus::ServerOptions options;
  options.port = 0;
  const auto server = polyphase::protocols::modbus::Server::start(meter, options);
  if (!server) return state.SkipWithError(server.error().message.c_str());
  measure(state, (*server)->port());
}
BENCHMARK(modbus_server)->Arg(1)->Arg(40)->UseRealTime();

/// A meter that measures, in a process of its own: POLYPHASE_MODBUS_PORT says where.
void modbus_server_of_a_meter(benchmark::State& state) {
  const char* port = std::getenv("POLYPHASE_MODBUS_PORT");
  if (port == nullptr) return state.SkipWithError("no POLYPHASE_MODBUS_PORT");
  measure(state, static_cast<std::uint16_t>(std::strtoul(port, nullptr, 10)));
  state.counters.erase("server_us");  // of another process
}
BENCHMARK(modbus_server_of_a_meter)->Arg(1)->Arg(40)->UseRealTime();

#ifdef POLYPHASE_HAS_LIBMODBUS
// Its server answers one connection at a time, as its examples do with select().
void modbus_server_of_libmodbus(benchmark::State& state) {
  constexpr std::uint16_t port = 15'502;
  modbus_t* const context = modbus_new_tcp("127.0.0.1", port);
  modbus_mapping_t* const mapping = modbus_mapping_new(0, 0, 10'000, 0);
  int listener = modbus_tcp_listen(context, 64);
  if (listener < 0) return state.SkipWithError("libmodbus cannot listen");
  std::atomic<bool> stop{false};
  std::thread server([&] {
    std::vector<pollfd> sockets{{listener, POLLIN, 0}};
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> query{};
    while (!stop) {
      if (::poll(sockets.data(), sockets.size(), 100) <= 0) continue;
      const std::size_t count = sockets.size();
      for (std::size_t i = 0; i < count; ++i) {
        if (sockets[i].revents == 0) continue;
        if (i == 0) {
          sockets.push_back({::accept(listener, nullptr, nullptr), POLLIN, 0});
          continue;
        }
        modbus_set_socket(context, sockets[i].fd);
        const int size = modbus_receive(context, query.data());
        if (size > 0)
          modbus_reply(context, query.data(), size, mapping);
        else if (size < 0)
          sockets[i].events = 0;
      }
      std::erase_if(sockets, [](const pollfd& socket) {
        if (socket.events != 0) return false;
        ::close(socket.fd);
        return true;
      });
    }
    for (const pollfd& socket : sockets) ::close(socket.fd);
  });
  measure(state, port);
  stop = true;
  server.join();
  modbus_mapping_free(mapping);
  modbus_free(context);
}
BENCHMARK(modbus_server_of_libmodbus)->Arg(1)->Arg(40)->UseRealTime();
#endif

}  // namespace
