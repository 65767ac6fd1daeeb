#include "web/api.hpp"

#include <fmt/format.h>

#include "web/answer.hpp"

namespace polyphase::web {
namespace {

constexpr Route all_routes[] = {
    {"GET", "/api/v1/openapi.json", get_openapi, false},
    {"GET", "/api/v1/session", get_session},
    {"POST", "/api/v1/session", post_session, false},
    {"DELETE", "/api/v1/session", delete_session},
    {"POST", "/api/v1/password", post_password},
    {"GET", "/api/v1/status", get_status},
    {"GET", "/api/v1/registers", get_registers},
    {"PUT", "/api/v1/registers/{name}", put_register},
    {"POST", "/api/v1/pulses/{name}", post_pulse},
    {"PUT", "/api/v1/links/{name}", put_link},
    {"GET", "/api/v1/modules", get_modules},
    {"GET", "/api/v1/values", get_values},
    {"GET", "/api/v1/trend", get_trend},
    {"GET", "/api/v1/resets", get_resets},
    {"POST", "/api/v1/resets/{key}", post_reset},
    {"GET", "/api/v1/logs", get_logs},
    {"GET", "/api/v1/logs/{name}", get_records},
    {"GET", "/api/v1/memory", get_memory},
    {"GET", "/api/v1/events", get_events},
};

/// Whether the pattern fits, with what its {…} stand for.
bool fits(std::string_view pattern, const std::vector<std::string>& segments,
          std::vector<std::string>& names) {
  names.clear();
  const auto wanted = path_segments("/" + std::string(pattern.substr(1)));
  if (!wanted || wanted->size() != segments.size()) return false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string& word = (*wanted)[i];
    if (word.front() == '{' && !segments[i].empty())
      names.push_back(segments[i]);
    else if (word != segments[i])
      return false;
  }
  return true;
}

/// Requests that change something carry a header that another site's form or picture cannot send,
/// and come from our own page where the browser says which.
Result<void> from_own_site(const net::HttpRequest& request) {
  if (request.header("X-Polyphase") != "1")
    return fail(ErrorCode::refused, "send the header X-Polyphase: 1 with what changes something");
  if (!own_origin(request.header("Origin"), request.header("Host")))
    return fail(ErrorCode::refused, "the request comes from a page of another site");
  return {};
}

struct Found {
  const Route* route = nullptr;
  std::string allowed;  ///< methods of this path
};

Found find_route(const net::HttpRequest& request, const std::vector<std::string>& segments,
                 std::vector<std::string>& names) {
  Found found;
  std::vector<std::string> of_this;
  for (const Route& route : all_routes) {
    if (!fits(route.pattern, segments, of_this)) continue;
    found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(route.method);
    if (request.method != route.method) continue;
    found.route = &route;
    names = of_this;
  }
  return found;
}

Result<control::SessionInfo> check_session(const Context& context, const std::string& token) {
  if (token.empty()) return fail(ErrorCode::refused, "sign in first");
  auto session = context.meter.session(token);
  if (session)
    context.sessions.used(token, session->idle_s_max, Sessions::Clock::now());
  else
    context.sessions.close(token);
  return session;
}

}  // namespace

std::span<const Route> routes() { return all_routes; }

Result<std::string> Call::text_of(const text::JsonValue& body, std::string_view key,
                                  std::size_t bytes_max) {
  const text::JsonValue* value = body.find(key);
  if (value == nullptr || !value->is(text::JsonValue::Kind::text))
    return fail(ErrorCode::invalid_input, fmt::format("the body needs \"{}\" as text", key));
  if (value->text.size() > bytes_max)
    return fail(ErrorCode::invalid_input,
                fmt::format("\"{}\" is longer than {} bytes", key, bytes_max));
  return value->text;
}

void answer_api(const Context& context, net::HttpRequest request, net::HttpReply reply) {
  Call call;
  const auto segments = path_segments(request.path);
  if (!segments) return reply.send(error_answer(segments.error()));
  auto query = Query::parse(request.query);
  if (!query) return reply.send(error_answer(query.error()));
  const Found found = find_route(request, *segments, call.names);
  if (found.route == nullptr) {
    if (found.allowed.empty())
      return reply.send(
          error_answer(404, ErrorCode::not_found, "no such address; /api/v1/openapi.json has all"));
    auto answer = error_answer(405, ErrorCode::invalid_input, "write " + found.allowed);
    answer.headers.emplace_back("Allow", found.allowed);
    return reply.send(std::move(answer));
  }
  if (request.method != "GET")
    if (const auto own = from_own_site(request); !own) return reply.send(error_answer(own.error()));
  call.token = session_token(request);
  if (found.route->needs_session) {
    auto session = check_session(context, call.token);
    if (!session) return reply.send(error_answer(401, ErrorCode::refused, session.error().message));
    call.session = std::move(*session);
  }
  call.request = std::move(request);
  call.query = std::move(*query);
  found.route->handler(context, std::move(call), std::move(reply));
}

Result<control::SessionInfo> live_session(const Context& context, const net::HttpRequest& request) {
  if (!own_origin(request.header("Origin"), request.header("Host")))
    return fail(ErrorCode::refused, "the request comes from a page of another site");
  return check_session(context, session_token(request));
}

}  // namespace polyphase::web
