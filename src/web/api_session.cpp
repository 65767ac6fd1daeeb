// Sessions and passwords: what is slow on purpose runs on the worker of passwords.
#include <fmt/format.h>

#include "web/answer.hpp"
#include "web/call.hpp"

namespace polyphase::web {
namespace {

constexpr std::size_t user_bytes_max = 64;
constexpr std::size_t password_bytes_max = 256;

net::HttpResponse session_answer(const control::SessionInfo& session) {
  text::JsonWriter json;
  json.begin_object().key("user").text(session.caller.user).key("rights").begin_array();
  for (std::size_t i = 0; i < control::right_count; ++i)
    if (session.rights.has(static_cast<control::Right>(i))) json.text(control::right_names[i]);
  json.end_array();
  json.key("default_password").boolean(session.default_password);
  json.key("idle_s_max").integer(session.idle_s_max).end_object();
  return json_answer(json);
}

std::string cookie(std::string_view name, std::string_view token, std::string_view more) {
  return fmt::format("{}={}; Path=/; HttpOnly; Secure; SameSite=Strict{}", name, token, more);
}

/// The gate says `refused` both for a wrong password and for a user who is locked out; its words
/// tell them apart.
int status_of_refused_login(const Error& error) {
  return error.code == ErrorCode::limit || error.message.find("lock") != std::string::npos ? 429
                                                                                           : 401;
}

net::HttpResponse too_many_sessions() {
  return error_answer(
      429, ErrorCode::limit,
      fmt::format("{} users are signed in: one of them must sign out first", sessions_max));
}

net::HttpResponse log_in(control::Meter& meter, Sessions& sessions, const std::string& cookie_name,
                         const std::string& user, const std::string& password) {
  if (sessions.full(Sessions::Clock::now())) return too_many_sessions();
  const auto token = meter.log_in(control::Face::web, user, password);
  if (!token)
    return token.error().code == ErrorCode::io
               ? error_answer(token.error())
               : error_answer(status_of_refused_login(token.error()), token.error().code,
                              token.error().message);
  const auto session = meter.session(*token);
  if (!session) return error_answer(401, ErrorCode::refused, session.error().message);
  if (!sessions.open(*token, session->idle_s_max, Sessions::Clock::now())) {
    meter.log_out(*token);
    return too_many_sessions();
  }
  net::HttpResponse answer = session_answer(*session);
  answer.headers.emplace_back("Set-Cookie", cookie(cookie_name, *token, ""));
  return answer;
}

void too_busy(const net::HttpReply& reply) {
  reply.send(error_answer(429, ErrorCode::limit, "too many are signing in: try again"));
}

}  // namespace

std::string session_cookie(const net::HttpRequest& request) {
  return fmt::format("polyphase_session_{}", port_of(request.header("Host")));
}

std::string session_token(const net::HttpRequest& request) {
  return std::string(cookie_of(request.header("Cookie"), session_cookie(request)));
}

void get_session(const Context&, Call call, net::HttpReply reply) {
  reply.send(session_answer(call.session));
}

void post_session(const Context& context, Call call, net::HttpReply reply) {
  const auto body = text::parse_json(call.request.body);
  if (!body) return reply.send(error_answer(body.error()));
  auto user = Call::text_of(*body, "user", user_bytes_max);
  if (!user) return reply.send(error_answer(user.error()));
  auto password = Call::text_of(*body, "password", password_bytes_max);
  if (!password) return reply.send(error_answer(password.error()));
  if (!context.passwords.submit([&meter = context.meter, &sessions = context.sessions, reply,
                                 cookie_name = session_cookie(call.request),
                                 user = std::move(*user), password = std::move(*password)] {
        reply.send(log_in(meter, sessions, cookie_name, user, password));
      }))
    too_busy(reply);
}

void delete_session(const Context& context, Call call, net::HttpReply reply) {
  context.meter.log_out(call.token);
  context.sessions.close(call.token);
  net::HttpResponse answer = no_content();
  answer.headers.emplace_back("Set-Cookie",
                              cookie(session_cookie(call.request), "", "; Max-Age=0"));
  reply.send(std::move(answer));
}

void post_password(const Context& context, Call call, net::HttpReply reply) {
  const auto body = text::parse_json(call.request.body);
  if (!body) return reply.send(error_answer(body.error()));
  auto user = Call::text_of(*body, "user", user_bytes_max);
  if (!user) return reply.send(error_answer(user.error()));
  auto current = Call::text_of(*body, "current", password_bytes_max);
  if (!current) return reply.send(error_answer(current.error()));
  auto fresh = Call::text_of(*body, "fresh", password_bytes_max);
  if (!fresh) return reply.send(error_answer(fresh.error()));
  if (!context.passwords.submit([&meter = context.meter, reply, caller = call.session.caller,
                                 user = std::move(*user), current = std::move(*current),
                                 fresh = std::move(*fresh)] {
        const auto set = meter.set_password(caller, user, current, fresh);
        reply.send(set ? no_content() : error_answer(set.error()));
      }))
    too_busy(reply);
}

}  // namespace polyphase::web
