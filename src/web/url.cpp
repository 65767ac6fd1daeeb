#include "web/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "text/utf8.hpp"

namespace polyphase::web {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Calls `each` with every piece between separators; false from it ends the walk.
template <class Each>
void split(std::string_view text, char separator, Each&& each) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!each(text.substr(0, end)) || end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Result<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
      if (low < 0) return fail(ErrorCode::invalid_input, "in the address, % needs two hex digits");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return fail(ErrorCode::invalid_input, "a control character in the address");
    out += c;
  }
  if (!text::is_utf8(out)) return fail(ErrorCode::invalid_input, "the address is not UTF-8");
  return out;
}

Result<std::vector<std::string>> path_segments(std::string_view path) {
  if (path.empty() || path.front() != '/')
    return fail(ErrorCode::invalid_input, "a path begins with a slash");
  std::vector<std::string> segments;
  Result<void> good;
  split(path.substr(1), '/', [&](std::string_view piece) {
    auto segment = percent_decoded(piece);
    if (!segment)
      good = tl::unexpected(segment.error());
    else if (segments.size() >= path_segments_max)
      good = fail(ErrorCode::invalid_input, "too many parts in the path");
    else
      segments.push_back(std::move(*segment));
    return good.has_value();
  });
  if (!good) return tl::unexpected(good.error());
  return segments;
}

Result<Query> Query::parse(std::string_view text) {
  Query query;
  Result<void> good;
  split(text, '&', [&](std::string_view piece) {
    if (piece.empty()) return true;
    const std::size_t equals = std::min(piece.find('='), piece.size());
    auto name = percent_decoded(piece.substr(0, equals), true);
    auto value = percent_decoded(piece.substr(std::min(equals + 1, piece.size())), true);
    if (!name || !value)
      good = tl::unexpected((name ? value : name).error());
    else if (query.parameters_.size() >= query_parameters_max)
      good = fail(ErrorCode::invalid_input,
                  fmt::format("more than {} parameters", query_parameters_max));
    else
      query.parameters_.emplace_back(std::move(*name), std::move(*value));
    return good.has_value();
  });
  if (!good) return tl::unexpected(good.error());
  return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
  for (const auto& [key, value] : parameters_)
    if (key == name) return value;
  return std::nullopt;
}

Result<std::int64_t> Query::integer(std::string_view name, std::int64_t otherwise, std::int64_t low,
                                    std::int64_t high) const {
  const auto text = find(name);
  if (!text) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < low || value > high)
    return fail(ErrorCode::invalid_input, fmt::format("{}={}: write a whole number from {} to {}",
                                                      name, text->substr(0, 32), low, high));
  return value;
}

Result<bool> Query::flag(std::string_view name) const {
  const auto value = integer(name, 0, 0, 1);
  if (!value) return tl::unexpected(value.error());
  return *value == 1;
}

std::vector<std::string> Query::list(std::string_view name) const {
  std::vector<std::string> pieces;
  split(find(name).value_or(""), ',', [&](std::string_view piece) {
    if (!trimmed(piece).empty()) pieces.emplace_back(trimmed(piece));
    return true;
  });
  return pieces;
}

std::string_view cookie_of(std::string_view header, std::string_view name) {
  std::string_view found;
  split(header, ';', [&](std::string_view piece) {
    piece = trimmed(piece);
    if (piece.size() <= name.size() || !piece.starts_with(name) || piece[name.size()] != '=')
      return true;
    found = piece.substr(name.size() + 1);
    return false;
  });
  return found;
}

std::string_view port_of(std::string_view host) {
  constexpr std::size_t digits_max = 5;
  const std::size_t colon = host.rfind(':');
  const bool within_ipv6 = host.find(']', std::min(colon, host.size())) != std::string_view::npos;
  const std::string_view port =
      colon == std::string_view::npos || within_ipv6 ? "" : host.substr(colon + 1);
  const bool good = !port.empty() && port.size() <= digits_max &&
                    port.find_first_not_of("0123456789") == std::string_view::npos;
  return good ? port : "443";
}

bool own_origin(std::string_view origin, std::string_view host) {
  constexpr std::string_view scheme = "https://";
  if (origin.empty()) return true;
  return !host.empty() && origin.starts_with(scheme) && origin.substr(scheme.size()) == host;
}

}  // namespace polyphase::web
