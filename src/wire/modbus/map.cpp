#include "wire/modbus/map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace polyphase::wire::modbus {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes what stands before `mark` (or all) off `text`.
std::string_view cut(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  const std::string_view head = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return trimmed(head);
}

std::optional<std::uint32_t> whole_number(std::string_view text, std::uint32_t low,
                                          std::uint32_t high) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < low || number > high)
    return std::nullopt;
  return number;
}

/// What one line says.
struct MapLine {
  std::uint32_t first = 0, step = 0, count = 1;
  MapEntry pattern;
  std::string_view labels;
};

using Mistake = std::optional<std::string>;

Mistake read_place(std::string_view text, MapLine& line) {
  const std::string whole(text.substr(0, 40));
  const auto refuse = [&] {
    return fmt::format("'{}' is not a register number from 1 to {} (or 3000+2, or 22878+6x63)",
                       whole, register_max);
  };
  const auto first = whole_number(cut(text, '+'), 1, register_max);
  if (!first) return refuse();
  line.first = *first;
  if (text.empty()) return {};
  const auto step = whole_number(cut(text, 'x'), 1, register_max);
  if (!step) return refuse();
  line.step = *step;
  if (text.empty()) return {};
  const auto count = whole_number(trimmed(text), 1, register_max);
  if (!count) return refuse();
  line.count = *count;
  return {};
}

Mistake read_format(std::string_view text, MapEntry& entry) {
  const std::string whole(text.substr(0, 40));
  const auto format = format_named(cut(text, '*'));
  const bool alone = format && *format != Format::packed_inputs &&
                     *format != Format::packed_coils && *format != Format::uint16_write;
  if (!alone || (*format == Format::utf8) == text.empty())
    return fmt::format(
        "'{}' is not a format: UINT16, INT16, UINT32, INT32, UINT32 M10K, INT32 M10K, FLOAT32, "
        "INT64 or UTF8*20",
        whole);
  entry.format = *format;
  entry.registers = static_cast<std::uint16_t>(registers_of(*format));
  if (*format != Format::utf8) return {};
  const auto length = whole_number(trimmed(text), 1, text_registers_max);
  if (!length) return fmt::format("UTF8 has 1 to {} registers", text_registers_max);
  entry.registers = static_cast<std::uint16_t>(*length);
  return {};
}

Mistake read_scale(std::string_view text, MapEntry& entry) {
  if (text.empty()) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), entry.scale);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(entry.scale) ||
      entry.scale == 0)
    return fmt::format("'{}' is not a factor", text.substr(0, 40));
  return {};
}

Mistake read_line(std::string_view text, MapLine& line) {
  if (auto no = read_place(cut(text, ','), line)) return no;
  if (auto no = read_format(cut(text, ','), line.pattern)) return no;
  line.labels = cut(text, ',');
  if (line.labels.empty()) return "write the label of a register behind the format";
  if (auto no = read_scale(cut(text, ','), line.pattern)) return no;
  if (!text.empty()) return "a line has at most four fields: register,format,label,scale";
  if (line.count > 1 && line.labels.find(';') != std::string_view::npos)
    return "a line that counts has one label, with {n} in it";
  return {};
}

class Reader {
 public:
  Result<std::vector<MapEntry>> read(std::string_view text) {
    for (int number = 1; !text.empty(); ++number) {
      std::string_view rest = cut_line(text);
      const std::string_view line = cut(rest, '#');
      if (line.empty()) continue;
      MapLine parsed;
      Mistake no = read_line(line, parsed);
      if (!no) no = add_all(parsed);
      if (no) return fail(ErrorCode::invalid_config, fmt::format("line {}: {}", number, *no));
    }
    return std::move(entries_);
  }

 private:
  static std::string_view cut_line(std::string_view& text) {
    const std::size_t at = text.find('\n');
    const std::string_view line = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    return line;
  }

  Mistake add_all(const MapLine& line) {
    const std::uint32_t step = line.step != 0 ? line.step : line.pattern.registers;
    std::uint64_t at = line.first;
    if (line.count > 1) {
      for (std::uint32_t n = 1; n <= line.count; ++n, at += step) {
        std::string label(line.labels);
        if (const std::size_t mark = label.find("{n}"); mark != std::string::npos)
          label.replace(mark, 3, std::to_string(n));
        if (auto no = add(line, at, std::move(label))) return no;
      }
      return {};
    }
    for (std::string_view labels = line.labels; !labels.empty(); at += step)
      if (auto no = add(line, at, std::string(cut(labels, ';')))) return no;
    return {};
  }

  Mistake add(const MapLine& line, std::uint64_t at, std::string label) {
    MapEntry entry = line.pattern;
    if (label.empty() || label == "?") return "a label is missing between semicolons";
    if (at + entry.registers - 1 > register_max)
      return fmt::format("register {} of '{}' is behind the last one, {}", at, label, register_max);
    if (entries_.size() >= map_entries_max)
      return fmt::format("more than {} values", map_entries_max);
    entry.first = static_cast<std::uint32_t>(at);
    entry.may_lack = label.ends_with('?');
    if (entry.may_lack) label.pop_back();
    entry.label = std::move(label);
    if (taken_.empty()) taken_.resize(register_max + 1);
    for (std::size_t i = entry.first; i < entry.first + entry.registers; ++i) {
      if (taken_[i])
        return fmt::format("register {} of '{}' is taken by a line above", i, entry.label);
      taken_[i] = true;
    }
    entries_.push_back(std::move(entry));
    return {};
  }

  std::vector<MapEntry> entries_;
  std::vector<bool> taken_;
};

}  // namespace

Result<std::vector<MapEntry>> parse_map(std::string_view text) { return Reader().read(text); }

}  // namespace polyphase::wire::modbus
