#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace polyphase::net {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// A complete request. What stands in it comes from outside: only its form has been checked.
struct HttpRequest {
  std::string method;  ///< "GET"; a HEAD comes as GET, and its answer loses the body on the way out
  std::string path;    ///< up to the question mark, still percent-encoded
  std::string query;   ///< behind it, still percent-encoded
  HttpHeaders headers;
  std::string body;
  std::string remote_address;  ///< "192.0.2.7"
  bool tls = true;             ///< for those who test a handler without a server

  /// Of the first header of this name, without regard to case; empty: none.
  std::string_view header(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;  ///< empty: no body
  std::string body;
  HttpHeaders headers;  ///< without Content-Type, Content-Length, Connection
};

/// Where the answer of one request goes: once, from any thread, now or later. Copies are the same
/// reply; when the last is gone without an answer, the client gets status 503.
class HttpReply {
 public:
  using Sink = std::function<void(HttpResponse)>;
  explicit HttpReply(Sink sink);

  /// A second answer is ignored.
  void send(HttpResponse response) const;

 private:
  struct Once;
  std::shared_ptr<Once> once_;
};

}  // namespace polyphase::net
