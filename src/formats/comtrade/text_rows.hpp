#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Rows of ASCII data: `number,stamp,analogue values…,digital values…`.
namespace polyphase::formats::comtrade {

inline constexpr double text_missing_code = 99999;

struct TextRow {
  double stamp = 0;
  bool stamped = false;
  std::string_view number;  ///< as it is written
  std::string_view values;  ///< what follows the stamp
};

/// Finds the next row from byte `at` on and moves `at` past it. Lines without a comma are no rows,
/// nor is a last line that breaks off before its analogue values are complete.
bool next_text_row(std::span<const std::uint8_t> data, std::size_t& at, std::size_t analogs,
                   TextRow& row);

struct TextRowCount {
  std::uint64_t rows = 0;
  std::string_view first_number, last_number;
};
TextRowCount count_text_rows(std::span<const std::uint8_t> data, std::size_t analogs);

/// Reads columns of one row from left to right.
class TextColumns {
 public:
  explicit TextColumns(const TextRow& row) : rest_(row.values) {}
  /// False when the field is empty or no number. `column` must not fall from call to call.
  bool at(std::size_t column, double& code);

 private:
  std::string_view rest_;
  std::size_t column_ = 0;
  bool ended_ = false;
};

}  // namespace polyphase::formats::comtrade
