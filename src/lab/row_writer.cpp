#include "lab/row_writer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "registers/value_text.hpp"
#include "text/csv.hpp"
#include "text/json.hpp"

namespace polyphase::lab {

using registers::RegisterType;

RowWriter::RowWriter(const registers::RegisterTable& table, std::vector<registers::Index> sources,
                     const std::vector<std::string>& labels, Format format, const Output& output)
    : table_(table), sources_(std::move(sources)), json_(format == Format::json), output_(output) {
  std::string header = "time";
  for (const std::string& label : labels) {
    names_.push_back(json_ ? text::json_quoted(label) : text::csv_field(label));
    header += "," + names_.back();
  }
  if (!json_) put(header + "\n");
}

std::string RowWriter::cell(std::size_t column, double value) const {
  const registers::RegisterInfo& info = table_.info(sources_[column]);
  if (info.type == RegisterType::string) {
    const std::string& text = table_.text(sources_[column]);
    return json_ ? text::json_quoted(text) : text::csv_field(text);
  }
  if (!std::isfinite(value)) return json_ ? "null" : "N/A";
  if (info.type == RegisterType::enumerated) {
    const std::string choice = registers::value_text(info, value);
    return json_ ? text::json_quoted(choice) : text::csv_field(choice);
  }
  return fmt::format("{:.10g}", value);
}

void RowWriter::write(const Row& row) {
  std::string line;
  if (json_) {
    line = fmt::format("{}{{\"time\": \"{}\"", any_ ? ",\n  " : "[\n  ", to_iso8601(row.time));
    for (std::size_t i = 0; i < row.values.size(); ++i)
      line += fmt::format(", {}: {}", names_[i], cell(i, row.values[i]));
    line += "}";
  } else {
    line = to_iso8601(row.time);
    for (std::size_t i = 0; i < row.values.size(); ++i) line += "," + cell(i, row.values[i]);
    line += "\n";
  }
  any_ = true;
  put(line);
}

void RowWriter::finish() {
  if (json_) put(any_ ? "\n]\n" : "[]\n");
}

}  // namespace polyphase::lab
