#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace polyphase::text {

/// A parsed TOML document: tables, arrays and scalars with the line they stand on.
struct TomlValue {
  enum class Kind { string, integer, real, boolean, array, table, date_time };

  // Written in the source: a pair with this type in it must not be asked for before it is complete.
  TomlValue();
  TomlValue(const TomlValue&);
  TomlValue(TomlValue&&) noexcept;
  TomlValue& operator=(const TomlValue&);
  TomlValue& operator=(TomlValue&&) noexcept;
  ~TomlValue();

  Kind kind = Kind::table;
  std::string string;  ///< of string; of date_time: as ISO 8601 text
  double number = 0;   ///< of integer and real
  bool boolean = false;
  std::vector<TomlValue> items;                            ///< of array
  std::vector<std::pair<std::string, TomlValue>> members;  ///< of table, in the order of the file
  int line = 0;

  const TomlValue* find(std::string_view key) const;  ///< nullptr where absent
};

inline constexpr std::size_t toml_size_max = 16u << 20;
inline constexpr unsigned toml_depth_max = 32;

/// `name` is what messages call the document.
/// errors  invalid_config, at "name:line"
Result<TomlValue> parse_toml(std::string_view text, std::string_view name);

}  // namespace polyphase::text
