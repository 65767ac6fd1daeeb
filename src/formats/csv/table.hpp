#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace polyphase::formats::csv {

struct Column {
  std::string name;
  std::string unit;  ///< from `name [unit]`, `name (unit)` or `name_unit`; empty: none
};

/// A table of numbers: a header line, then rows; `,` `;` or tab between, decimal comma with `;` or
/// tab. A first column of time (`time`, `t`, `timestamp`; seconds, or with unit ms or us, or ISO
/// 8601) is kept apart. Lines that begin with # are comments.
class Table {
 public:
  static constexpr std::size_t columns_max = 1'000;

  /// `text` must outlive it. errors  invalid_input, at "name:line"
  static Result<Table> open(std::string_view text, std::string_view name);

  const std::vector<Column>& columns() const { return columns_; }  ///< without the time
  bool has_time() const { return has_time_; }
  bool absolute_time() const { return absolute_; }  ///< ISO 8601: seconds since 1970

  /// Values of the next row, NaN where a field is empty; false at the end or where problem() says
  /// why.
  bool next(double& time_s, std::span<double> values);
  const std::string& problem() const { return problem_; }
  std::size_t line() const { return line_; }
  void rewind();

 private:
  std::string_view take_line();
  std::optional<double> number(std::string_view field) const;

  std::string_view text_;
  std::size_t at_ = 0, first_row_ = 0, line_ = 0, first_line_ = 0;
  char separator_ = ',';
  bool has_time_ = false, absolute_ = false;
  double time_scale_ = 1;
  std::vector<Column> columns_;
  std::string problem_;
};

}  // namespace polyphase::formats::csv
