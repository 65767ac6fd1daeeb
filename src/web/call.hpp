#pragma once

#include <string>
#include <vector>

#include "control/meter.hpp"
#include "net/http.hpp"
#include "text/json_reader.hpp"
#include "web/sessions.hpp"
#include "web/trend.hpp"
#include "web/url.hpp"
#include "web/worker.hpp"

namespace polyphase::web {

/// "polyphase_session_10443", by the port that the client asked: a browser keeps cookies by host
/// name alone, and several meters may share one.
std::string session_cookie(const net::HttpRequest& request);
/// The token of the request's session; empty: none.
std::string session_token(const net::HttpRequest& request);

/// What the routes work with.
struct Context {
  control::Meter& meter;
  Sessions& sessions;
  Trend& trend;       ///< of the server's thread
  Worker& passwords;  ///< log_in and set_password
  Worker& records;    ///< logs and events
};

/// One request as its route sees it: its session checked, its address decoded.
struct Call {
  net::HttpRequest request;
  std::vector<std::string> names;  ///< what stood in place of the {…} of its pattern
  Query query;
  std::string token;
  control::SessionInfo session;  ///< of routes that need one

  bool may_read(const control::Meter& meter) const {
    return meter.rights_of(session.caller).has(control::Right::read);
  }
  /// A member of the body, which must be text of at most `bytes_max`.
  static Result<std::string> text_of(const text::JsonValue& body, std::string_view key,
                                     std::size_t bytes_max);
};

using RouteHandler = void (*)(const Context&, Call, net::HttpReply);

struct Route {
  const char* method;
  const char* pattern;  ///< "/api/v1/registers/{name}"
  RouteHandler handler;
  bool needs_session = true;
};

// The routes, by file.
void get_session(const Context&, Call, net::HttpReply);
void post_session(const Context&, Call, net::HttpReply);
void delete_session(const Context&, Call, net::HttpReply);
void post_password(const Context&, Call, net::HttpReply);

void get_openapi(const Context&, Call, net::HttpReply);
void get_status(const Context&, Call, net::HttpReply);
void get_registers(const Context&, Call, net::HttpReply);
void get_modules(const Context&, Call, net::HttpReply);
void get_values(const Context&, Call, net::HttpReply);
void get_trend(const Context&, Call, net::HttpReply);

void put_register(const Context&, Call, net::HttpReply);
void post_pulse(const Context&, Call, net::HttpReply);
void put_link(const Context&, Call, net::HttpReply);
void get_resets(const Context&, Call, net::HttpReply);
void post_reset(const Context&, Call, net::HttpReply);

void get_logs(const Context&, Call, net::HttpReply);
void get_records(const Context&, Call, net::HttpReply);
void get_memory(const Context&, Call, net::HttpReply);
void get_events(const Context&, Call, net::HttpReply);

}  // namespace polyphase::web
