#include "net/http.hpp"

#include <algorithm>
#include <atomic>

namespace polyphase::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

struct HttpReply::Once {
  explicit Once(Sink to) : sink(std::move(to)) {}
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;
  ~Once() { send({503, "text/plain; charset=utf-8", "nobody answered: try again\n", {}}); }

  void send(HttpResponse response) {
    if (!sent.exchange(true)) sink(std::move(response));
  }
  Sink sink;
  std::atomic<bool> sent = false;
};

HttpReply::HttpReply(Sink sink) : once_(std::make_shared<Once>(std::move(sink))) {}

void HttpReply::send(HttpResponse response) const { once_->send(std::move(response)); }

}  // namespace polyphase::net
