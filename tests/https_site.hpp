#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "page_meter.hpp"
#include "temporary_folder.hpp"
#include "text/json_reader.hpp"
#include "web/server.hpp"

namespace polyphase::testing {

struct Answer {
  int status = 0;  ///< 0: none came
  std::string headers, body;

  text::JsonValue json() const {
    const auto value = text::parse_json(body);
    EXPECT_TRUE(value) << body;
    return value ? *value : text::JsonValue{};
  }
  /// A member of the answer as text; empty: there is none.
  std::string text(std::string_view key) const {
    const text::JsonValue value = json();
    const text::JsonValue* member = value.find(key);
    return member == nullptr ? std::string() : member->text;
  }
  /// Of the header, which is looked for as it is written; empty: none.
  std::string header(const std::string& name) const {
    const std::size_t at = headers.find("\n" + name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 3;
    return headers.substr(begin, headers.find("\r\n", begin) - begin);
  }
};

inline std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

struct Output {
  int status = -1;
  std::string text;
};
inline Output run(const std::string& command) {
  Output output;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return output;
  char piece[4096];
  while (const std::size_t size = std::fread(piece, 1, sizeof piece, pipe))
    output.text.append(piece, size);
  const int status = ::pclose(pipe);
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

/// The web server of a fake meter on loopback, and curl to speak to it.
class Site : public ::testing::Test {
 protected:
  void start(web::ServerOptions options = {}) {
    options.certificate_folder = folder_.path() / "tls";
    options.host_names.push_back("meter.example");
    auto server = web::Server::start(meter_, options);
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
  }

  std::string url(const std::string& path) const {
    return "https://127.0.0.1:" + std::to_string(server_->port()) + path;
  }

  Answer curl(const std::string& path, const std::vector<std::string>& arguments = {}) {
    return curl_url(url(path), arguments);
  }
  Answer curl_url(const std::string& address, const std::vector<std::string>& arguments = {}) {
    const std::string head = folder_.file("head"), body = folder_.file("body");
    std::ofstream(head, std::ios::trunc).close();
    std::ofstream(body, std::ios::trunc).close();
    std::string command = "curl -sk --path-as-is --max-time 30 -D " + head + " -o " + body;
    for (const std::string& argument : arguments) command += " " + quoted(argument);
    run(command + " " + quoted(address));
    Answer answer{0, slurp(head), slurp(body)};
    const std::size_t at = answer.headers.rfind("HTTP/1.1 ");
    if (at != std::string::npos) answer.status = std::stoi(answer.headers.substr(at + 9, 3));
    return answer;
  }

  /// Signs in; further requests are of this session.
  Answer sign_in(const std::string& user, const std::string& password = "0") {
    const Answer answer = send("POST", "/api/v1/session",
                               R"({"user":")" + user + R"(","password":")" + password + R"("})");
    const std::string cookie = answer.header("Set-Cookie");
    cookie_ = cookie.substr(0, cookie.find(';'));
    return answer;
  }
  Answer get(const std::string& path) { return curl(path, {"-H", "Cookie: " + cookie_}); }
  Answer send(const std::string& method, const std::string& path, const std::string& body = "",
              std::vector<std::string> more = {}) {
    more.insert(more.end(),
                {"-X", method, "-H", "X-Polyphase: 1", "-H", "Cookie: " + cookie_, "-d", body});
    return curl(path, more);
  }

  static std::string slurp(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  TemporaryFolder folder_;
  PageMeter meter_;
  std::unique_ptr<web::Server> server_;
  std::string cookie_;
};

}  // namespace polyphase::testing
