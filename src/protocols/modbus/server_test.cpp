#include "protocols/modbus/server.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <random>
#include <thread>

#include "fake_meter.hpp"
#include "modbus_client.hpp"

namespace polyphase::protocols::modbus {
namespace {

using polyphase::testing::Bytes;
using polyphase::testing::FakeMeter;
using polyphase::testing::from_hex;
using polyphase::testing::ModbusClient;

constexpr const char* ask_voltage = "03 0B D3 00 02";
constexpr const char* voltage = "03 04 43 66 80 00";

/// A server of a small meter on a port of its own.
class Served : public ::testing::Test {
 protected:
  Served() {
    meter_.module("PM1", "Power Meter");
    meter_.output("Vln a", 230.5);
    meter_.setup("PT Prim", 12, 1, 999'999);
    meter_.module("DM1", "Data Mapping");
    meter_.setup_text("Map", "3028,FLOAT32,Vln a");
    meter_.setup_text("Setup Map", "60001,FLOAT32,PM1.PT Prim");
    start();
  }
  void start() {
    server_.reset();
    options_.port = 0;
    auto started = Server::start(meter_, options_);
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  ModbusClient client() { return ModbusClient(server_->port()); }
  /// Waits until something holds that another thread makes true.
  static bool comes_true(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }

  FakeMeter meter_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
};

// Covers: MOD-001, MOD-005
TEST_F(Served, AnswersAClientWithNothingSetUp) {
  auto client = this->client();
  EXPECT_EQ(client.ask(ask_voltage), voltage);
  EXPECT_EQ(client.ask("04 0B D3 00 02"), "84 01");
}

TEST_F(Served, IsFoundByIpv6Too) {
  ModbusClient client(server_->port(), true);
  if (!client.connected()) GTEST_SKIP() << "this machine has no IPv6 loopback address";
  EXPECT_EQ(client.ask(ask_voltage), voltage);
}

TEST_F(Served, IsEveryUnitThatAClientMayName) {
  auto client = this->client();
  for (const std::uint8_t unit : Bytes{1, 2, 100, 247, 255}) {
    EXPECT_EQ(client.ask(ask_voltage, unit), voltage);
    EXPECT_EQ(client.last_unit(), unit);
  }
  client.request(ask_voltage, 248);
  EXPECT_EQ(client.ask(ask_voltage), voltage);
}

TEST_F(Served, AnswersRequestsSentTogetherInTheirOrder) {
  auto client = this->client();
  Bytes both = client.frame_of(ask_voltage, 1);
  const Bytes second = client.frame_of("03 13 87 00 01", 1);
  both.insert(both.end(), second.begin(), second.end());
  client.send(both);
  EXPECT_EQ(client.reply(), voltage);
  EXPECT_EQ(client.reply(), "03 02 80 00");
}

TEST_F(Served, PutsARequestTogetherThatComesByteByByte) {
  auto client = this->client();
  for (const std::uint8_t byte : client.frame_of(ask_voltage, 1)) client.send({&byte, 1});
  EXPECT_EQ(client.reply(), voltage);
}

TEST_F(Served, EndsAConnectionThatSpeaksAnotherProtocol) {
  auto client = this->client();
  client.send(from_hex("47 45 54 20 2F 20 48 54 54 50"));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Served, AnswersAClientThatHasSaidAll) {
  auto client = this->client();
  client.request(ask_voltage);
  client.half_close();
  EXPECT_EQ(client.reply(), voltage);
  EXPECT_EQ(client.reply(), "closed");
}

TEST_F(Served, WritesThroughTheMeter) {
  auto client = this->client();
  EXPECT_EQ(client.ask("10 EA 60 00 02 04 42 C8 00 00"), "10 EA 60 00 02");
  EXPECT_EQ(client.ask("03 EA 60 00 02"), "03 04 42 C8 00 00");
  const auto changes = meter_.changes();
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].target, "PM1.PT Prim");
  EXPECT_EQ(changes[0].value, "100");
}

// Covers: MOD-028
TEST_F(Served, AnswersAWriteWithoutTheRightAsProtected) {
  meter_.give(control::Rights::only(control::Right::read));
  auto client = this->client();
  EXPECT_EQ(client.ask("10 EA 60 00 02 04 42 C8 00 00"), "90 02");
  EXPECT_EQ(client.ask("03 EA 60 00 02"), "03 04 41 40 00 00");
}

TEST_F(Served, ServesOthersWhileAWriteIsUnderWay) {
  meter_.hold_changes();
  auto writer = client(), reader = client();
  writer.request("10 EA 60 00 02 04 42 C8 00 00");
  writer.request(ask_voltage);
  ASSERT_TRUE(comes_true([&] { return meter_.held() == 1; }));
  EXPECT_EQ(reader.ask(ask_voltage), voltage);
  meter_.answer();
  EXPECT_EQ(writer.reply(), "10 EA 60 00 02");
  EXPECT_EQ(writer.reply(), voltage);
}

TEST_F(Served, TellsWhatTheMeterSaysToAWrite) {
  meter_.hold_changes();
  auto client = this->client();
  client.request("10 EA 60 00 02 04 42 C8 00 00");
  ASSERT_TRUE(comes_true([&] { return meter_.held() == 1; }));
  meter_.answer(fail(ErrorCode::limit, "too much is waiting"));
  EXPECT_EQ(client.reply(), "90 06");
}

TEST_F(Served, SurvivesAClientAndAServerThatGoWhileAWriteIsUnderWay) {
  meter_.hold_changes();
  {
    auto client = this->client();
    client.request("10 EA 60 00 02 04 42 C8 00 00");
    ASSERT_TRUE(comes_true([&] { return meter_.held() == 1; }));
  }
  meter_.answer();
  auto client = this->client();
  client.request("10 EA 60 00 02 04 42 C8 00 00");
  ASSERT_TRUE(comes_true([&] { return meter_.held() == 1; }));
  server_.reset();
  meter_.answer();
  EXPECT_TRUE(client.is_closed());
}

// Covers: MOD-021
TEST_F(Served, TakesABroadcastInSilence) {
  auto client = this->client();
  client.request("10 EA 60 00 02 04 42 C8 00 00", 0);
  client.request("06 EA 60 00 01", 0);
  client.request(ask_voltage, 0);
  EXPECT_TRUE(comes_true([&] { return meter_.changes().size() == 1; }));
  EXPECT_EQ(client.ask(ask_voltage), voltage);  // the first answer there is
  EXPECT_EQ(client.ask("03 EA 60 00 02"), "03 04 42 C8 00 00");
  EXPECT_EQ(meter_.changes().size(), 1u);
}

// Covers: MOD-025
TEST_F(Served, DoesNotAnswerAWriteToNoRegister) {
  auto client = this->client();
  client.request("06 13 87 00 01");
  EXPECT_EQ(client.ask(ask_voltage), voltage);
  EXPECT_TRUE(meter_.changes().empty());
}

// Covers: PORT-003, MOD-004
TEST_F(Served, ServesFortyClientsAndNoMore) {
  options_.shared = net::SharedConnections::create();
  start();
  std::vector<ModbusClient> clients;
  for (unsigned i = 0; i < dedicated_connections + net::pool_places; ++i) {
    clients.push_back(client());
    ASSERT_EQ(clients.back().ask(ask_voltage), voltage) << i;
    EXPECT_EQ(options_.shared->taken(),
              i < dedicated_connections ? 0 : i + 1 - dedicated_connections);
  }
  auto one_more = client();
  EXPECT_TRUE(one_more.is_closed());
  for (ModbusClient& client : clients) client.request(ask_voltage);
  for (ModbusClient& client : clients) EXPECT_EQ(client.reply(), voltage);
  EXPECT_TRUE(comes_true([&] { return meter_.service(service_name).connections == 40; }));
  clients.pop_back();
  EXPECT_TRUE(comes_true([&] { return client().ask(ask_voltage) == voltage; }));
}

TEST_F(Served, LeavesThePoolToOthersWhereTheyHaveTakenIt) {
  options_.shared = net::SharedConnections::create();
  std::vector<net::SharedConnections::Place> taken;
  while (auto place = options_.shared->take(net::PoolUser::native))
    taken.push_back(std::move(*place));
  start();
  std::vector<ModbusClient> clients;
  for (unsigned i = 0; i < dedicated_connections; ++i) {
    clients.push_back(client());
    ASSERT_EQ(clients.back().ask(ask_voltage), voltage);
  }
  EXPECT_TRUE(client().is_closed());
}

TEST_F(Served, WaitsForAClientThatDoesNotReadWithoutHoldingUpOthers) {
  ModbusClient slow(server_->port(), false, 4'096), other = client();
  Bytes many;
  for (int i = 0; i < 200; ++i) {
    const Bytes one = slow.frame_of("03 0B D3 00 7C", 1);
    many.insert(many.end(), one.begin(), one.end());
  }
  // Until the system takes nothing more: the server has stopped reading.
  std::size_t sent = 0, rest = 0;
  for (unsigned refused = 0; refused < 100;) {
    const std::size_t taken = slow.send_some(std::span(many).subspan(rest));
    refused = taken == 0 ? refused + 1 : 0;
    sent += taken;
    rest = (rest + taken) % many.size();
    if (refused > 0) {
      ASSERT_EQ(other.ask(ask_voltage), voltage);
    }
  }
  EXPECT_EQ(other.ask(ask_voltage), voltage);
  for (std::size_t i = 0; i < sent / 12; ++i)
    ASSERT_EQ(slow.reply().substr(0, 17), "03 F8 43 66 80 00") << i << " of " << sent / 12;
}

TEST_F(Served, SurvivesWhateverIsSent) {
  const unsigned seed = 20'261'124;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  for (int round = 0; round < 300; ++round) {
    auto client = this->client();
    Bytes bytes;
    for (unsigned i = below(6); i-- > 0;) {
      // Half of it well framed, so that it comes as far as the requests.
      Bytes body(1 + below(12));
      for (auto& byte : body) byte = static_cast<std::uint8_t>(random());
      if (below(2) == 0)
        body[0] = std::array<std::uint8_t, 8>{1, 2, 3, 6, 16, 17, 43, 100}[below(8)];
      if (below(4) != 0) {
        const std::size_t begin = wire::modbus::begin_frame(1, 1, bytes);
        bytes.insert(bytes.end(), body.begin(), body.end());
        wire::modbus::end_frame(begin, bytes);
      } else {
        bytes.insert(bytes.end(), body.begin(), body.end());
      }
    }
    client.send(bytes);
    client.half_close();
    EXPECT_TRUE(client.is_closed());
  }
  EXPECT_EQ(client().ask(ask_voltage), voltage);
}

TEST_F(Served, SaysWhyItsPortCannotBeHad) {
  FakeMeter second;
  ServerOptions options;
  options.address = "127.0.0.1";
  options.port = server_->port();
  const auto refused = Server::start(second, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::io);
  EXPECT_EQ(refused.error().message,
            "cannot listen on 127.0.0.1:" + std::to_string(server_->port()) +
                ": another program listens there already; end it, or choose another port");
  EXPECT_EQ(second.service(service_name).state, control::ServiceStatus::State::failed);
  options.address = "localhost";
  EXPECT_EQ(Server::start(second, options).error().code, ErrorCode::invalid_config);
}

TEST_F(Served, ReportsItself) {
  const auto service = meter_.service(service_name);
  EXPECT_EQ(service.state, control::ServiceStatus::State::up);
  EXPECT_EQ(service.address, "127.0.0.1:" + std::to_string(server_->port()));
  EXPECT_EQ(service.reason, "this machine only, by the security settings");
  server_.reset();
  EXPECT_EQ(meter_.service(service_name).state, control::ServiceStatus::State::off);
}

TEST_F(Served, OpensToOtherMachinesWhenTheMeterLetsItAndKeepsItsConnections) {
  auto client = this->client();
  EXPECT_EQ(client.ask(ask_voltage), voltage);
  meter_.restrict_to_loopback(false);
  EXPECT_TRUE(
      comes_true([&] { return meter_.service(service_name).address.starts_with("0.0.0.0:"); }));
  EXPECT_EQ(client.ask(ask_voltage), voltage);
}

TEST_F(Served, ForgetsAClientThatSaysNothing) {
  options_.idle_s_max = 1;
  start();
  auto client = this->client();
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace polyphase::protocols::modbus
