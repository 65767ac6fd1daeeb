#include "text/json_reader.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace polyphase::text {
namespace {

using Json = nlohmann::json;
using Kind = JsonValue::Kind;

/// Takes the parser's events and puts the document together; false stops the parser.
class Builder : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return put({}); }
  bool boolean(bool value) override {
    JsonValue out;
    out.kind = Kind::boolean;
    out.boolean = value;
    return put(std::move(out));
  }
  bool number_integer(number_integer_t value) override {
    return number(static_cast<double>(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return number(static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return number(value); }
  bool string(string_t& value) override {
    JsonValue out;
    out.kind = Kind::text;
    out.text = std::move(value);
    return put(std::move(out));
  }
  bool binary(binary_t&) override { return refuse("no binary values"); }
  bool start_object(std::size_t) override { return open(Kind::object); }
  bool start_array(std::size_t) override { return open(Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back().find(name) != nullptr)
      return refuse(fmt::format("'{}' stands there twice", name.substr(0, 64)));
    if (open_.back().keys.size() >= json_members_max)
      return refuse(fmt::format("more than {} members in one object", json_members_max));
    open_.back().keys.push_back(std::move(name));
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse(fmt::format("not JSON at byte {}", position));
  }

  JsonValue root;
  std::string trouble;

 private:
  bool refuse(std::string why) {
    if (trouble.empty()) trouble = std::move(why);
    return false;
  }
  bool number(double value) {
    JsonValue out;
    out.kind = Kind::number;
    out.number = value;
    return put(std::move(out));
  }
  bool put(JsonValue value) {
    if (++values_ > json_values_max)
      return refuse(fmt::format("more than {} values", json_values_max));
    if (open_.empty())
      root = std::move(value);
    else
      open_.back().items.push_back(std::move(value));
    return true;
  }
  bool open(Kind kind) {
    if (open_.size() >= json_depth_max)
      return refuse(fmt::format("nested deeper than {} levels", json_depth_max));
    open_.emplace_back().kind = kind;
    return true;
  }
  bool close() {
    JsonValue done = std::move(open_.back());
    open_.pop_back();
    return put(std::move(done));
  }

  std::vector<JsonValue> open_;  ///< containers not closed yet, outermost first
  std::size_t values_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i] == key) return &items[i];
  return nullptr;
}

Result<JsonValue> parse_json(std::string_view text) {
  // The library takes a zero byte for the end of the text, whatever follows.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
    return fail(ErrorCode::invalid_input, fmt::format("not JSON at byte {}", zero));
  Builder builder;
  try {
    if (Json::sax_parse(text.begin(), text.end(), &builder)) return std::move(builder.root);
  } catch (const std::exception& error) {
    builder.trouble = error.what();
  }
  return fail(ErrorCode::invalid_input, builder.trouble.empty() ? "not JSON" : builder.trouble);
}

}  // namespace polyphase::text
