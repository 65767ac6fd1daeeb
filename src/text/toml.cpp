#include "text/toml.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace polyphase::text {
namespace {

using Kind = TomlValue::Kind;

struct TooDeep {
  int line;
};

std::string iso_text(const auto& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

TomlValue converted(const toml::node& node, unsigned depth) {
  TomlValue value;
  value.line = static_cast<int>(node.source().begin.line);
  if (depth > toml_depth_max) throw TooDeep{value.line};
  if (const auto* table = node.as_table()) {
    value.kind = Kind::table;
    struct Place {
      toml::source_position at;
      std::string key;
      const toml::node* node;
    };
    std::vector<Place> places;
    for (const auto& [key, member] : *table)
      places.push_back({key.source().begin, std::string(key.str()), &member});
    std::stable_sort(places.begin(), places.end(),
                     [](const Place& a, const Place& b) { return a.at < b.at; });
    for (const Place& place : places) {
      value.members.emplace_back(place.key, converted(*place.node, depth + 1));
      if (value.members.back().second.line == 0)
        value.members.back().second.line = static_cast<int>(place.at.line);
    }
  } else if (const auto* array = node.as_array()) {
    value.kind = Kind::array;
    for (const toml::node& item : *array) value.items.push_back(converted(item, depth + 1));
  } else if (const auto* text = node.as_string()) {
    value.kind = Kind::string;
    value.string = text->get();
  } else if (const auto* whole = node.as_integer()) {
    value.kind = Kind::integer;
    value.number = static_cast<double>(whole->get());
  } else if (const auto* real = node.as_floating_point()) {
    value.kind = Kind::real;
    value.number = real->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.kind = Kind::boolean;
    value.boolean = flag->get();
  } else {
    value.kind = Kind::date_time;
    if (const auto* both = node.as_date_time())
      value.string = iso_text(both->get());
    else if (const auto* date = node.as_date())
      value.string = iso_text(date->get());
    else if (const auto* time = node.as_time())
      value.string = iso_text(time->get());
  }
  return value;
}

tl::unexpected<Error> refuse(std::string message, std::string_view name, std::size_t line) {
  return fail(ErrorCode::invalid_config, std::move(message), fmt::format("{}:{}", name, line));
}

/// The line on which a key has more parts than the depth allowed; 0: none. Looked for beforehand:
/// the library walks such a tree by recursion and would run out of stack.
std::size_t line_of_too_deep_key(std::string_view text) {
  std::string_view ends;  // what ends the string or comment that we are in
  std::size_t line = 1, dots = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (!ends.empty()) {
      if (c == '\\' && ends[0] == '"') {
        ++at;
        if (at < text.size() && text[at] == '\n') ++line;
      } else if (text.substr(at).starts_with(ends)) {
        at += ends.size() - 1;
        ends = {};
      }
      continue;
    }
    for (const std::string_view mark : {"\"\"\"", "'''", "\"", "'"})
      if (ends.empty() && text.substr(at).starts_with(mark)) ends = mark;
    if (!ends.empty()) at += ends.size() - 1;
    if (c == '#') ends = "\n";
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots = 0;
    if (c == '.' && ++dots > toml_depth_max) return line;
  }
  return 0;
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
  for (const auto& [name, value] : members)
    if (name == key) return &value;
  return nullptr;
}

Result<TomlValue> parse_toml(std::string_view text, std::string_view name) {
  if (text.size() > toml_size_max)
    return refuse(fmt::format("{} bytes are more than the {} that a TOML file may have",
                              text.size(), toml_size_max),
                  name, 1);
  if (const std::size_t line = line_of_too_deep_key(text); line != 0)
    return refuse(fmt::format("nested more than {} deep", toml_depth_max), name, line);
  try {
    return converted(toml::parse(text, std::string(name)), 0);
  } catch (const toml::parse_error& error) {
    return refuse(std::string(error.description()), name, error.source().begin.line);
  } catch (const TooDeep& deep) {
    return refuse(fmt::format("nested more than {} deep", toml_depth_max), name,
                  static_cast<std::size_t>(deep.line));
  }
}

}  // namespace polyphase::text
