#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace polyphase::web {

inline constexpr std::size_t query_parameters_max = 32;
inline constexpr std::size_t path_segments_max = 16;

/// errors  invalid_input: an escape that is none, a control character, not UTF-8
Result<std::string> percent_decoded(std::string_view text, bool plus_is_space = false);

/// The segments of a path, decoded after it was cut: an escaped slash is part of a name.
/// errors  invalid_input: as percent_decoded, or more than path_segments_max
Result<std::vector<std::string>> path_segments(std::string_view path);

/// What stands behind the question mark; the first of a name counts.
class Query {
 public:
  /// errors  invalid_input: as percent_decoded, or more than query_parameters_max
  static Result<Query> parse(std::string_view text);

  std::optional<std::string_view> find(std::string_view name) const;
  /// errors  invalid_input: no whole number from `low` to `high`
  Result<std::int64_t> integer(std::string_view name, std::int64_t otherwise, std::int64_t low,
                               std::int64_t high) const;
  /// errors  invalid_input: neither 0 nor 1
  Result<bool> flag(std::string_view name) const;
  /// Cut at commas, without what is empty.
  std::vector<std::string> list(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

/// The value of one cookie of a Cookie header; empty: none.
std::string_view cookie_of(std::string_view header, std::string_view name);

/// The port of a Host header, as digits; without one that of https.
std::string_view port_of(std::string_view host);

/// Whether a request that says `origin` comes from the page that `host` (of the Host header) serves
/// over https; none said: it does not come from a page of somebody else.
bool own_origin(std::string_view origin, std::string_view host);

}  // namespace polyphase::web
