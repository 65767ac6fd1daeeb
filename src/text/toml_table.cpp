#include "text/toml_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polyphase::text {
namespace {

using Kind = TomlValue::Kind;

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::string:
      return "text";
    case Kind::integer:
      return "a whole number";
    case Kind::real:
      return "a number";
    case Kind::boolean:
      return "true or false";
    case Kind::array:
      return "an array";
    case Kind::table:
      return "a table";
    case Kind::date_time:
      return "a date and time";
  }
  return "";
}

}  // namespace

void TomlMistake::add(int line, std::string message) {
  if (first_) return;
  first_ = Error{ErrorCode::invalid_config, std::move(message), fmt::format("{}:{}", file_, line)};
}

TomlTable::TomlTable(const TomlValue& table, std::string what, TomlMistake& mistake)
    : table_(table), what_(std::move(what)), mistake_(mistake) {
  if (table.kind != Kind::table) mistake.add(table.line, fmt::format("{} must be a table", what_));
}

const TomlValue* TomlTable::asked(std::string_view key) {
  known_.emplace_back(key);
  return table_.find(key);
}

const TomlValue* TomlTable::value(std::string_view key, Kind kind) {
  const TomlValue* found = asked(key);
  if (found == nullptr || found->kind == kind) return found;
  if (kind == Kind::real && found->kind == Kind::integer) return found;
  if (kind == Kind::string && found->kind == Kind::date_time) return found;
  refuse(key, fmt::format("must be {}", name_of(kind)));
  return nullptr;
}

void TomlTable::number(std::string_view key, double low, double high, double& to) {
  const TomlValue* found = value(key, Kind::real);
  if (found == nullptr) return;
  if (found->number >= low && found->number <= high)
    to = found->number;
  else
    refuse(key, fmt::format("is {}; {} to {} is possible", found->number, low, high));
}

void TomlTable::integer(std::string_view key, std::uint64_t low, std::uint64_t high,
                        std::uint64_t& to) {
  const TomlValue* found = value(key, Kind::integer);
  if (found == nullptr) return;
  if (found->number >= static_cast<double>(low) && found->number <= static_cast<double>(high))
    to = static_cast<std::uint64_t>(found->number);
  else
    refuse(key, fmt::format("is {}; {} to {} is possible", found->number, low, high));
}

void TomlTable::boolean(std::string_view key, bool& to) {
  if (const TomlValue* found = value(key, Kind::boolean)) to = found->boolean;
}

void TomlTable::string(std::string_view key, std::string& to) {
  if (const TomlValue* found = value(key, Kind::string)) to = found->string;
}

void TomlTable::choice(std::string_view key, std::span<const std::string_view> choices,
                       std::size_t& to) {
  const TomlValue* found = value(key, Kind::string);
  if (found == nullptr) return;
  const auto it = std::find(choices.begin(), choices.end(), found->string);
  if (it == choices.end())
    refuse(key, fmt::format("is '{}'; possible are {}", found->string, fmt::join(choices, ", ")));
  else
    to = static_cast<std::size_t>(it - choices.begin());
}

void TomlTable::refuse(std::string_view key, const std::string& message) {
  const TomlValue* found = table_.find(key);
  mistake_.add(found != nullptr ? found->line : table_.line,
               fmt::format("{} of {} {}", key, what_, message));
}

void TomlTable::finish() {
  for (const auto& [key, value] : table_.members)
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
      mistake_.add(value.line, fmt::format("{} has no key '{}'; it may have {}", what_, key,
                                           fmt::join(known_, ", ")));
}

}  // namespace polyphase::text
