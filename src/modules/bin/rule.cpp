#include "modules/bin/rule.hpp"

#include <fmt/format.h>

#include <charconv>

namespace polyphase::modules::bin {
namespace {

tl::unexpected<Error> refuse(std::string_view text, const char* why) {
  return fail(
      ErrorCode::invalid_config,
      fmt::format("rule '{}': {}; write A[80,90) B[0.01,0.2], a bound that is missing being "
                  "none",
                  text.substr(0, 60), why));
}

void skip_spaces(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

bool take(std::string_view& text, char c) {
  skip_spaces(text);
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// A missing number leaves the bound as it is.
void take_number(std::string_view& text, double& bound) {
  skip_spaces(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bound);
  if (error == std::errc{}) text.remove_prefix(static_cast<std::size_t>(end - text.data()));
}

bool take_interval(std::string_view& text, Interval& interval) {
  interval.with_low = take(text, '[');
  if (!interval.with_low && !take(text, '(')) return false;
  take_number(text, interval.low);
  if (!take(text, ',')) return false;
  take_number(text, interval.high);
  interval.with_high = take(text, ']');
  return interval.with_high || take(text, ')');
}

}  // namespace

Result<Rule> parse_rule(std::string_view text) {
  Rule rule;
  std::string_view rest = text;
  for (skip_spaces(rest); !rest.empty(); skip_spaces(rest)) {
    const std::size_t source = rest.front() == 'B' ? 1 : 0;
    if (rest.front() != 'A' && source == 0) return refuse(text, "an interval begins with A or B");
    if (rule.judges[source]) return refuse(text, "a source has one interval");
    rest.remove_prefix(1);
    if (!take_interval(rest, rule.of[source])) return refuse(text, "this is no interval");
    if (!(rule.of[source].low <= rule.of[source].high))
      return refuse(text, "a lower bound must not be above its upper one");
    rule.judges[source] = true;
  }
  return rule;
}

}  // namespace polyphase::modules::bin
