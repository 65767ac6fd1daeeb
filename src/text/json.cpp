#include "text/json.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/contract.hpp"
#include "text/utf8.hpp"

namespace polyphase::text {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t size = utf8_character_size(text);
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

JsonWriter& JsonWriter::number(double value, int digits) {
  begin_value();
  out_ += std::isfinite(value) ? fmt::format("{:.{}g}", value == 0 ? 0.0 : value, digits) : "null";
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
