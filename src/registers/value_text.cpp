#include "registers/value_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace polyphase::registers {
namespace {

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return same_word(text, w); });
}

tl::unexpected<Error> refuse(const RegisterInfo& info, std::string_view text, std::string_view wanted) {
  return fail(ErrorCode::invalid_config,
              fmt::format("'{}' is not a value of {}.{}: {}", text.substr(0, 64), info.module, info.name,
                          wanted));
}

}  // namespace

Result<double> parse_value(const RegisterInfo& info, std::string_view text) {
  if (info.type == RegisterType::boolean) {
    if (one_of(text, {"1", "on", "true", "yes", "enabled"})) return 1.0;
    if (one_of(text, {"0", "off", "false", "no", "disabled"})) return 0.0;
    return refuse(info, text, "write on or off");
  }
  if (info.type == RegisterType::enumerated)
    for (std::size_t i = 0; i < info.choices.size(); ++i)
      if (same_word(text, info.choices[i])) return static_cast<double>(i);
  if (same_word(text, "N/A") && info.role == Role::output) return not_available;

  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size() && std::isfinite(number);
  if (info.type == RegisterType::enumerated) {
    if (is_number && number >= 0 && number < static_cast<double>(info.choices.size()) &&
        number == std::floor(number))
      return number;
    return refuse(info, text, fmt::format("write one of {}", fmt::join(info.choices, ", ")));
  }
  if (!is_number) return refuse(info, text, "write a number");
  if (number < info.minimum || number > info.maximum)
    return refuse(info, text, fmt::format("write {} to {}{}{}", info.minimum, info.maximum,
                                          info.unit.empty() ? "" : " ", info.unit));
  if (!info.choices.empty() &&
      std::find(info.choices.begin(), info.choices.end(), fmt::format("{}", number)) == info.choices.end())
    return refuse(info, text, fmt::format("write one of {}", fmt::join(info.choices, ", ")));
  return number;
}

std::string value_text(const RegisterInfo& info, double number) {
  if (!available(number)) return "N/A";
  if (info.type == RegisterType::enumerated && number >= 0 &&
      number < static_cast<double>(info.choices.size()))
    return info.choices[static_cast<std::size_t>(number)];
  return fmt::format("{}", number);
}

}  // namespace polyphase::registers
