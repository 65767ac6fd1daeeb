// Requests that no page of ours sends.
#include <gtest/gtest.h>

#include <thread>

#include "https_site.hpp"
#include "net/http_server.hpp"

namespace polyphase::web {
namespace {

using testing::Answer;

class HostileRequest : public testing::Site {
 protected:
  void SetUp() override { start(); }
  void start_impatient() {
    ServerOptions options;
    options.timeouts.handshake = options.timeouts.request = std::chrono::milliseconds(500);
    start(options);
  }
  /// Bytes through TLS as they are, and what comes back until the server closes.
  std::string raw(const std::string& bytes) {
    const std::string request = folder_.file("raw");
    std::ofstream(request, std::ios::binary) << bytes;
    return testing::run(
               "python3 - " + std::to_string(server_->port()) + " " + request +
               " <<'E'\n"
               "import socket, ssl, sys\n"
               "c = ssl._create_unverified_context()\n"
               "s = c.wrap_socket(socket.create_connection(('127.0.0.1', int(sys.argv[1]))))\n"
               "s.settimeout(10)\n"
               "s.sendall(open(sys.argv[2], 'rb').read())\n"
               "d = b''\n"
               "while True:\n"
               "    try: p = s.recv(65536)\n"
               "    except (ssl.SSLError, ConnectionError): break\n"
               "    if not p: break\n"
               "    d += p\n"
               "print(d.decode('latin1'))\nE\n")
        .text;
  }
  void expect_alive() { EXPECT_EQ(curl("/").status, 200); }
};

TEST_F(HostileRequest, TooLongAHeaderIs431) {
  EXPECT_EQ(curl("/", {"-H", "X-Long: " + std::string(net::http_header_bytes_max, 'a')}).status,
            431);
  expect_alive();
}

TEST_F(HostileRequest, TooLongABodyIs413) {
  sign_in("USER1");
  EXPECT_EQ(send("POST", "/api/v1/password", std::string(net::http_body_bytes_max + 1, 'a')).status,
            413);
  expect_alive();
}

TEST_F(HostileRequest, ThatIsNoHttpIs400) {
  for (const char* bytes : {"\x01\x02\x03\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                            "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                            "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                            "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"})
    EXPECT_EQ(raw(bytes).substr(0, 12), "HTTP/1.1 400") << bytes;
  expect_alive();
}

TEST_F(HostileRequest, ThatNeverEndsIsClosed) {
  start_impatient();
  EXPECT_EQ(raw("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "), "\n");
  EXPECT_EQ(raw("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"), "\n");
}

TEST_F(HostileRequest, ASlowHandshakeIsClosed) {
  start_impatient();
  const auto out = testing::run("python3 - " + std::to_string(server_->port()) +
                                " <<'E'\nimport socket, sys\n"
                                "s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"
                                "s.settimeout(10)\ns.sendall(b'\\x16\\x03\\x01')\n"
                                "print(s.recv(10))\nE\n");
  EXPECT_EQ(out.text, "b''\n");
}

TEST_F(HostileRequest, AConnectionMoreThanThereMayBeIsClosed) {
  const std::string program =
      "import socket, sys\n"
      "held = [socket.create_connection(('127.0.0.1', int(sys.argv[1]))) for _ in range(33)]\n"
      "held[32].settimeout(10)\n"
      "try: print(held[32].recv(10))\n"
      "except ConnectionError: print(b'')\n"
      "held[0].setblocking(False)\n"
      "try: print(held[0].recv(10))\n"
      "except BlockingIOError: print('open')\n";
  static_assert(net::http_connections_max == 32);
  const std::string port = std::to_string(server_->port());
  EXPECT_EQ(testing::run("python3 - " + port + " <<'E'\n" + program + "E\n").text, "b''\nopen\n");
  while (server_->connections() > 0) std::this_thread::yield();
  expect_alive();
}

TEST_F(HostileRequest, AnAddressThatIsNotUtf8OrBadlyEscapedIs400) {
  sign_in("USER1");
  for (const char* path :
       {"/api/v1/%ff", "/api/v1/registers?match=%ff", "/api/v1/values?labels=%0a",
        "/api/v1/values?labels=%4", "/api/v1/logs/%zz", "/api/v1/%00"})
    EXPECT_EQ(get(path).status, 400) << path;
}

TEST_F(HostileRequest, ABodyThatIsNotTheJsonItShouldBeIs400) {
  for (const char* body : {"", "{", "[]", "null", R"({"user":"USER1"})",
                           R"({"user":1,"password":"0"})", "{\"user\":\"\xff\",\"password\":\"0\"}",
                           R"({"user":"USER1","user":"USER2","password":"0"})"})
    EXPECT_EQ(send("POST", "/api/v1/session", body).status, 400) << body;
  const std::string deep(30'000, '[');
  EXPECT_EQ(send("POST", "/api/v1/session", deep).status, 400);
  EXPECT_EQ(send("POST", "/api/v1/session",
                 R"({"user":"USER1","password":")" + std::string(300, '0') + R"("})")
                .status,
            400);
}

TEST_F(HostileRequest, APathOutOfTheFolderIs404) {
  const auto site = folder_.path() / "site";
  std::filesystem::create_directories(site / "assets");
  std::ofstream(site / "index.html") << "page";
  std::ofstream(folder_.file("secret")) << "secret";
  std::filesystem::create_symlink(folder_.file("secret"), site / "link");
  ServerOptions options;
  options.static_folder = site;
  start(options);
  EXPECT_EQ(curl("/").body, "page");
  for (const char* path : {"/../secret", "/%2e%2e/secret", "/..%2fsecret", "/assets/../../secret",
                           "/assets/%2e%2e/%2e%2e/secret", "//etc/passwd", "/link", "/.hidden",
                           "/assets", "/..\\secret", "/%2fetc%2fpasswd"})
    EXPECT_EQ(curl(path).status, 404) << path;
}

TEST_F(HostileRequest, OfAPageOfAnotherSiteIs403) {
  const std::vector<std::string> other{"-H", "Origin: https://evil.example"};
  EXPECT_EQ(send("POST", "/api/v1/session", R"({"user":"USER1","password":"0"})", other).status,
            403);
  const std::vector<std::string> own{
      "-H", "Origin: https://127.0.0.1:" + std::to_string(server_->port())};
  EXPECT_EQ(send("POST", "/api/v1/session", R"({"user":"USER1","password":"0"})", own).status, 200);
  EXPECT_EQ(send("POST", "/api/v1/session", "{}", {"-H", "Origin: null"}).status, 403);
}

TEST_F(HostileRequest, AMethodThatARouteHasNotIs405) {
  sign_in("USER1");
  const Answer answer = send("PATCH", "/api/v1/session");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "GET, POST, DELETE");
  EXPECT_EQ(send("POST", "/").status, 405);
  EXPECT_EQ(curl("/api/v2/session").status, 404);
}

}  // namespace
}  // namespace polyphase::web
