#include "web/live_messages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text/json_reader.hpp"
#include "text/log_lines.hpp"
#include "web/answer.hpp"
#include "web/describe.hpp"

namespace polyphase::web {
namespace {

using Kind = text::JsonValue::Kind;

constexpr int scope_digits = 5;  // a screen has three
constexpr std::size_t label_bytes_max = 200;

text::JsonWriter begin(std::string_view type) {
  text::JsonWriter json;
  json.begin_object().key("type").text(type);
  return json;
}

Result<bool> flag_of(const text::JsonValue& body, std::string_view key) {
  const text::JsonValue* value = body.find(key);
  if (value == nullptr) return false;
  if (!value->is(Kind::boolean))
    return fail(ErrorCode::invalid_input, fmt::format("\"{}\" is true or false", key));
  return value->boolean;
}

Result<std::vector<std::string>> labels_of(const text::JsonValue& body, std::size_t labels_max) {
  std::vector<std::string> labels;
  const text::JsonValue* values = body.find("values");
  if (values == nullptr) return labels;
  const bool good =
      values->is(Kind::array) && values->items.size() <= labels_max &&
      std::all_of(values->items.begin(), values->items.end(), [](const text::JsonValue& item) {
        return item.is(Kind::text) && item.text.size() <= label_bytes_max;
      });
  if (!good)
    return fail(ErrorCode::invalid_input,
                fmt::format("\"values\" is a list of at most {} labels", labels_max));
  for (const text::JsonValue& item : values->items) labels.push_back(item.text);
  return labels;
}

}  // namespace

Result<Subscription> parse_subscription(std::string_view json, std::size_t labels_max) {
  const auto body = text::parse_json(json);
  if (!body) return tl::unexpected(body.error());
  if (!body->is(Kind::object))
    return fail(ErrorCode::invalid_input, "a subscription is a JSON object");
  auto labels = labels_of(*body, labels_max);
  if (!labels) return tl::unexpected(labels.error());
  const auto scope = flag_of(*body, "scope");
  if (!scope) return tl::unexpected(scope.error());
  const auto events = flag_of(*body, "events");
  if (!events) return tl::unexpected(events.error());
  Subscription wanted{std::move(*labels), registers::Cadence::second, *scope, *events};
  if (const text::JsonValue* cadence = body->find("cadence"); cadence != nullptr) {
    if (cadence->text != "second" && cadence->text != "window")
      return fail(ErrorCode::invalid_input, "\"cadence\" is \"second\" or \"window\"");
    if (cadence->text == "window") wanted.cadence = registers::Cadence::window;
  }
  return wanted;
}

std::string values_message(std::span<const registers::Value> values) {
  Instant latest;
  for (const registers::Value& value : values) latest = std::max(latest, value.time);
  text::JsonWriter json = begin("values");
  json.key("time");
  write_time(json, latest);
  json.key("values").begin_array();
  for (const registers::Value& value : values) json.number(value.number);
  json.end_array().key("quality").begin_array();
  for (const registers::Value& value : values) json.integer(value.quality.bits);
  return json.end_array().end_object().take();
}

std::string units_message(std::span<const std::string> units) {
  text::JsonWriter json = begin("units");
  json.key("units").begin_array();
  for (const std::string& unit : units) json.text(unit);
  return json.end_array().end_object().take();
}

std::string scope_message(const control::Waveform& waveform) {
  text::JsonWriter json = begin("scope");
  json.key("time");
  write_time(json, waveform.time_first);
  json.key("rate").number(waveform.sample_rate_hz).key("channels").begin_object();
  for (std::size_t channel = 0; channel < channel_count; ++channel) {
    if ((waveform.channels_present & (1u << channel)) == 0) continue;
    json.key(channel_names[channel]).begin_array();
    for (const Frame& frame : waveform.frames)
      json.number(double{frame.value[channel]}, scope_digits);
    json.end_array();
  }
  return json.end_object().end_object().take();
}

std::string event_message(const logs::Event& event) {
  text::JsonWriter json = begin("event");
  text::write_event(json, event);
  return json.end_object().take();
}

std::string status_message(const control::MeterStatus& status) {
  text::JsonWriter json = begin("status");
  write_status(json, status);
  return json.end_object().take();
}

std::string error_message(const Error& error) {
  return begin("error")
      .key("error")
      .text(error.text())
      .key("code")
      .text(code_name(error.code))
      .end_object()
      .take();
}

std::string end_message(std::string_view reason) {
  return begin("end").key("reason").text(reason).end_object().take();
}

}  // namespace polyphase::web
