#include "text/log_lines.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/quality_names.hpp"
#include "text/csv.hpp"

namespace polyphase::text {

std::string records_header_csv(std::span<const logs::Column> columns) {
  std::string header = "number,time";
  for (const logs::Column& column : columns)
    header +=
        "," + csv_field(column.unit.empty() ? column.label : column.label + " " + column.unit);
  return header + "\n";
}

std::string record_csv(const logs::Record& record) {
  std::string line = fmt::format("{},{}", record.number, to_iso8601(record.time));
  for (const logs::Field& field : record.fields)
    line += std::isnan(field.value) ? ",N/A" : fmt::format(",{}", field.value);
  return line + "\n";
}

std::string event_csv(const logs::Event& event) {
  const std::array<std::string, 9> fields{fmt::format("{}", event.number),
                                          to_iso8601(event.time),
                                          fmt::format("{}", event.priority),
                                          event.actor,
                                          event.cause,
                                          event.cause_value,
                                          event.effect,
                                          event.effect_value,
                                          event.node};
  return csv_line(fields) + "\n";
}

void write_columns(JsonWriter& json, std::span<const logs::Column> columns) {
  json.begin_array();
  for (const logs::Column& column : columns)
    json.begin_object().key("label").text(column.label).key("unit").text(column.unit).end_object();
  json.end_array();
}

void write_quality(JsonWriter& json, Quality quality) {
  json.begin_array();
  for (const QualityName& flag : quality_names)
    if (quality.has(flag.flag)) json.text(flag.name);
  json.end_array();
}

void write_record(JsonWriter& json, const logs::Record& record, std::size_t layout) {
  json.begin_object().key("number").integer(record.number);
  json.key("time").text(to_iso8601(record.time));
  json.key("layout").integer(static_cast<std::int64_t>(layout)).key("values").begin_array();
  for (const logs::Field& field : record.fields) json.number(field.value);
  json.end_array().key("quality").begin_array();
  for (const logs::Field& field : record.fields) write_quality(json, field.quality);
  json.end_array().end_object();
}

void write_event(JsonWriter& json, const logs::Event& event) {
  json.key("number").integer(event.number).key("time").text(to_iso8601(event.time));
  json.key("priority").integer(event.priority).key("actor").text(event.actor);
  json.key("cause").text(event.cause).key("cause_value").text(event.cause_value);
  json.key("effect").text(event.effect).key("effect_value").text(event.effect_value);
  json.key("node").text(event.node);
}

}  // namespace polyphase::text
