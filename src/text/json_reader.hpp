#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace polyphase::text {

inline constexpr std::size_t json_depth_max = 16;
inline constexpr std::size_t json_members_max = 256;    ///< of one object
inline constexpr std::size_t json_values_max = 10'000;  ///< of one document, nested ones included

/// One value of a JSON document that was read.
struct JsonValue {
  enum class Kind { null, boolean, number, text, array, object };
  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0;
  std::string text;
  std::vector<JsonValue> items;   ///< of an array; of an object the values of its keys
  std::vector<std::string> keys;  ///< of an object, in their order

  bool is(Kind other) const { return kind == other; }
  /// The member of an object; null: there is none, or this is no object.
  const JsonValue* find(std::string_view key) const;
};

/// errors  invalid_input: not JSON (RFC 8259), not UTF-8, a key twice, a number beyond a double, or
///         deeper or larger than the bounds above. The caller bounds the bytes.
Result<JsonValue> parse_json(std::string_view text);

}  // namespace polyphase::text
