#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace polyphase::text {

/// Writes one JSON document piece by piece. Numbers have the shortest digits that give the same
/// double back; what is not finite (a value that is not available) is null. Text that is not UTF-8
/// is written with U+FFFD in place of what is wrong.
///
/// Commas and colons are its business; that containers are closed in order and that members have
/// keys is the caller's, and checked.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& text(std::string_view value);
  JsonWriter& number(double value);
  /// Rounded to `digits` significant ones: for pictures, which carry thousands of numbers.
  JsonWriter& number(double value, int digits);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();

  /// The document, which must be complete; the writer then begins anew.
  std::string take();

 private:
  enum class Level : char { object, array };
  void begin_value();
  JsonWriter& open(Level level, char mark);
  JsonWriter& close(Level level, char mark);

  std::string out_;
  std::vector<Level> levels_;
  bool first_ = true;  ///< nothing yet in the innermost container
  bool after_key_ = false;
};

/// `text` in quotes, escaped.
std::string json_quoted(std::string_view text);

}  // namespace polyphase::text
