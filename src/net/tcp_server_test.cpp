#include "net/tcp_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "net/loop.hpp"

namespace polyphase::net {
namespace {

/// Sends back what it is sent, line by line.
class Echo final : public Session {
 public:
  explicit Echo(Connection& connection) : connection_(connection) {}
  std::size_t received(std::span<const std::uint8_t> bytes) override {
    std::size_t used = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      if (bytes[i] == '\n') {
        connection_.send(bytes.subspan(used, i + 1 - used));
        used = i + 1;
      }
    return used;
  }

 private:
  Connection& connection_;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { ::close(socket_); }

  void send(const std::string& text) { ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }
  /// Until a line ends, or the connection: then "closed".
  std::string line() {
    std::string text;
    for (char c = 0; c != '\n'; text += c)
      if (::recv(socket_, &c, 1, 0) != 1) return "closed";
    return text;
  }
  void half_close() { ::shutdown(socket_, SHUT_WR); }

  bool connected = false;

 private:
  int socket_;
};

class TcpServing : public ::testing::Test {
 protected:
  TcpServing() : server_(loop_, {2, 0}, [](Connection& c) { return std::make_unique<Echo>(c); }) {
    const auto listening = server_.listen({"127.0.0.1"}, 0);
    EXPECT_TRUE(listening) << listening.error().text();
  }
  Loop loop_;
  TcpServer server_;
};

TEST_F(TcpServing, OffersBytesUntilTheyAreUsedUp) {
  Client client(server_.port());
  client.send("hal");
  client.send("f a line\nand anoth");
  EXPECT_EQ(client.line(), "half a line\n");
  client.send("er\n");
  EXPECT_EQ(client.line(), "and another\n");
}

TEST_F(TcpServing, AnswersWhatWasAskedBeforeTheClientWentSilent) {
  Client client(server_.port());
  client.send("last words\nof whic");
  client.half_close();
  EXPECT_EQ(client.line(), "last words\n");
  EXPECT_EQ(client.line(), "closed");
}

TEST_F(TcpServing, EndsAConnectionWhoseRequestDoesNotFit) {
  Client client(server_.port());
  client.send(std::string(2 * read_buffer_size, 'x'));
  EXPECT_EQ(client.line(), "closed");
}

TEST_F(TcpServing, RefusesOneConnectionTooMany) {
  Client first(server_.port()), second(server_.port());
  first.send("1\n");
  second.send("2\n");
  EXPECT_EQ(first.line() + second.line(), "1\n2\n");
  Client third(server_.port());
  EXPECT_EQ(third.line(), "closed");
  EXPECT_EQ(server_.counts().refused, 1u);
  EXPECT_EQ(server_.counts().open, 2u);
}

TEST_F(TcpServing, KeepsConnectionsWhenItListensElsewhere) {
  Client client(server_.port());
  client.send("1\n");
  EXPECT_EQ(client.line(), "1\n");
  const std::uint16_t before = server_.port();
  ASSERT_TRUE(server_.listen({"127.0.0.1"}, 0));
  EXPECT_NE(server_.port(), before);
  client.send("2\n");
  EXPECT_EQ(client.line(), "2\n");
  EXPECT_FALSE(Client(before).connected);
  EXPECT_TRUE(Client(server_.port()).connected);
}

TEST_F(TcpServing, SaysWhatToDoAboutAnAddressItCannotHave) {
  TcpServer other(loop_, {1, 0}, [](Connection&) { return nullptr; });
  const auto taken = other.listen({"127.0.0.1"}, server_.port());
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().message.find("choose another port"), std::string::npos);
  const auto elsewhere = other.listen({"192.0.2.1"}, 0);
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().message,
            "cannot listen on 192.0.2.1:0: this machine has no such address");
  EXPECT_EQ(other.listen({"meter.example"}, 0).error().code, ErrorCode::invalid_config);
  EXPECT_EQ(other.port(), 0);
}

TEST(TcpServer, EndsItsConnectionsWithItself) {
  Loop loop;
  auto server = std::make_unique<TcpServer>(
      loop, TcpServerOptions{}, [](Connection& c) { return std::make_unique<Echo>(c); });
  ASSERT_TRUE(server->listen({"127.0.0.1"}, 0));
  Client client(server->port());
  client.send("1\n");
  EXPECT_EQ(client.line(), "1\n");
  server.reset();
  EXPECT_EQ(client.line(), "closed");
}

}  // namespace
}  // namespace polyphase::net
