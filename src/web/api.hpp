#pragma once

#include <optional>
#include <span>

#include "web/call.hpp"

namespace polyphase::web {

inline constexpr const char* live_path = "/api/v1/live";

/// The routes that answer requests; the WebSocket at live_path comes besides.
std::span<const Route> routes();

/// Finds the route of a request below /api, checks what holds for all of them (form, session,
/// requests from other sites), and answers. The server's thread.
void answer_api(const Context& context, net::HttpRequest request, net::HttpReply reply);

/// Who asks for a WebSocket; an answer where it is refused.
Result<control::SessionInfo> live_session(const Context& context, const net::HttpRequest& request);

}  // namespace polyphase::web
