#include "lab/row_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "registers/value_text.hpp"
#include "text/csv.hpp"
#include "text/json.hpp"

namespace polyphase::lab {

using registers::RegisterType;

RowWriter::RowWriter(const registers::RegisterTable& table, std::vector<registers::Index> sources,
                     const std::vector<std::string>& labels, Format format, const Output& output)
    : table_(table), sources_(std::move(sources)), json_(format == Format::json), output_(output) {
  for (const registers::Index source : sources_) types_.push_back(table_.info(source).type);
  std::string header = "time";
  for (const std::string& label : labels) {
    names_.push_back(json_ ? text::json_quoted(label) : text::csv_field(label));
    header += "," + names_.back();
  }
  if (!json_) put(header + "\n");
}

void RowWriter::add_cell(std::string& line, std::size_t column, double value) const {
  const auto add_text = [&](const std::string& text) {
    line += json_ ? text::json_quoted(text) : text::csv_field(text);
  };
  const RegisterType type = types_[column];
  if (type == RegisterType::string) return add_text(table_.text(sources_[column]));
  if (!std::isfinite(value)) {
    line += json_ ? "null" : "N/A";
    return;
  }
  if (type == RegisterType::enumerated)
    return add_text(registers::value_text(table_.info(sources_[column]), value));
  constexpr int digits = 10;
  std::array<char, 32> number;
  const auto written = std::to_chars(number.data(), number.data() + number.size(), value,
                                     std::chars_format::general, digits);
  line.append(number.data(), written.ptr);
}

void RowWriter::write(const Row& row) {
  std::string line;
  if (json_) {
    line = fmt::format("{}{{\"time\": \"{}\"", any_ ? ",\n  " : "[\n  ", to_iso8601(row.time));
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      line.append(", ").append(names_[i]).append(": ");
      add_cell(line, i, row.values[i]);
    }
    line += "}";
  } else {
    line = to_iso8601(row.time);
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      line += ",";
      add_cell(line, i, row.values[i]);
    }
    line += "\n";
  }
  any_ = true;
  put(line);
}

void RowWriter::finish() {
  if (json_) put(any_ ? "\n]\n" : "[]\n");
}

}  // namespace polyphase::lab
