#include "text/json.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/contract.hpp"

namespace polyphase::text {
namespace {

/// How many bytes at the front of `text` are one well-formed UTF-8 character; 0: none (RFC 3629).
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xc0u) != 0x80u) return 0;
  const unsigned second = byte(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second > 0x9f;
  const bool beyond = first == 0xf4 && second > 0x8f;
  return overlong || surrogate || beyond ? 0 : size;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const char c = text[0];
    if (size == 0)
      out += "\xef\xbf\xbd";
    else if (c == '"' || c == '\\')
      out.append({'\\', c});
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out += '"';
}

}  // namespace

std::string json_quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

void JsonWriter::begin_value() {
  EXPECTS(levels_.empty() ? out_.empty() : levels_.back() == Level::array || after_key_);
  if (!after_key_ && !first_) out_ += ',';
  first_ = after_key_ = false;
}

JsonWriter& JsonWriter::open(Level level, char mark) {
  begin_value();
  levels_.push_back(level);
  out_ += mark;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(Level level, char mark) {
  EXPECTS(!levels_.empty() && levels_.back() == level && !after_key_);
  levels_.pop_back();
  out_ += mark;
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::begin_object() { return open(Level::object, '{'); }
JsonWriter& JsonWriter::end_object() { return close(Level::object, '}'); }
JsonWriter& JsonWriter::begin_array() { return open(Level::array, '['); }
JsonWriter& JsonWriter::end_array() { return close(Level::array, ']'); }

JsonWriter& JsonWriter::key(std::string_view name) {
  EXPECTS(!levels_.empty() && levels_.back() == Level::object && !after_key_);
  if (!first_) out_ += ',';
  first_ = false;
  append_quoted(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  begin_value();
  append_quoted(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  begin_value();
  // "-0" would be the only text that reads back as a number that equals another.
  out_ += std::isfinite(value) ? fmt::format("{}", value == 0 ? 0.0 : value) : "null";
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  begin_value();
  out_ += fmt::format("{}", value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  begin_value();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  begin_value();
  out_ += "null";
  return *this;
}

std::string JsonWriter::take() {
  EXPECTS(levels_.empty() && !out_.empty());
  std::string out = std::move(out_);
  *this = {};
  return out;
}

}  // namespace polyphase::text
