// fuzzes: web
// What anybody may send to the web server: the address, cookies, the JSON of bodies and of a
// WebSocket.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "text/json_reader.hpp"
#include "text/utf8.hpp"
#include "web/live_messages.hpp"
#include "web/url.hpp"

namespace {

void address(std::string_view text) {
  namespace web = polyphase::web;
  const std::size_t mark = std::min(text.find('?'), text.size());
  if (const auto segments = web::path_segments(text.substr(0, mark))) {
    if (segments->size() > web::path_segments_max) std::abort();
    for (const std::string& segment : *segments)
      if (!polyphase::text::is_utf8(segment)) std::abort();
  }
  const auto query = web::Query::parse(text.substr(std::min(mark + 1, text.size())));
  if (!query) return;
  if (const auto limit = query->integer("limit", 1, 1, 10)) {
    if (*limit < 1 || *limit > 10) std::abort();
  }
  for (const std::string& label : query->list("labels"))
    if (label.empty() || label.find(',') != std::string::npos) std::abort();
}

void json(std::string_view text) {
  const auto body = polyphase::text::parse_json(text);
  if (body && !polyphase::text::is_utf8(text)) std::abort();
  const auto wanted = polyphase::web::parse_subscription(text, 500);
  if (wanted && (!body || wanted->labels.size() > 500)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  address(text);
  json(text);
  if (polyphase::web::cookie_of(text, "polyphase_session").find(';') != std::string_view::npos)
    std::abort();
  if (polyphase::web::port_of(text).find_first_not_of("0123456789") != std::string_view::npos)
    std::abort();
  polyphase::web::own_origin(text, "meter.example");
  return 0;
}
