#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/toml.hpp"

namespace polyphase::text {

/// The first mistake found in a document: the one to mend first.
class TomlMistake {
 public:
  explicit TomlMistake(std::string_view file) : file_(file) {}
  void add(int line, std::string message);
  const std::optional<Error>& first() const { return first_; }

 private:
  std::string file_;
  std::optional<Error> first_;
};

/// Reads one table key by key, checking kinds and bounds; what the table lacks leaves `to` as it
/// is. finish() refuses keys that nobody asked for, so that a misspelt one is not silently ignored.
class TomlTable {
 public:
  /// `what` is what messages call the table, "[voltage]"; `table` must outlive the reader.
  TomlTable(const TomlValue& table, std::string what, TomlMistake& mistake);

  bool has(std::string_view key) const { return table_.find(key) != nullptr; }
  void number(std::string_view key, double low, double high, double& to);
  void integer(std::string_view key, std::uint64_t low, std::uint64_t high, std::uint64_t& to);
  void boolean(std::string_view key, bool& to);
  /// A date and time without quotes is its text.
  void string(std::string_view key, std::string& to);
  /// The place of the text among `choices`.
  void choice(std::string_view key, std::span<const std::string_view> choices, std::size_t& to);
  /// The value, where it is of this kind; else nullptr.
  const TomlValue* value(std::string_view key, TomlValue::Kind kind);

  void refuse(std::string_view key, const std::string& message);
  void finish();

 private:
  const TomlValue* asked(std::string_view key);

  const TomlValue& table_;
  std::string what_;
  TomlMistake& mistake_;
  std::vector<std::string> known_;
};

}  // namespace polyphase::text
