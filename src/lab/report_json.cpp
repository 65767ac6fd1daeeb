#include "lab/report.hpp"
#include "lab/report_event.hpp"
#include "text/json.hpp"

namespace polyphase::lab {
namespace {

void put_line(text::JsonWriter& json, const ReportLine& line) {
  json.begin_object().key("what").text(line.what).key("limit").text(line.limit);
  if (line.verdict == Verdict::not_set_up) {
    json.key("verdict").text(word(line.verdict)).end_object();
    return;
  }
  json.key("share_percent").number(line.share).key("valid").number(line.count.valid);
  json.key("excluded").number(line.count.invalid).key("flagged").number(line.count.flagged);
  json.key("not_whole").number(line.count.not_whole).key("missing").number(line.count.missing);
  json.key("beyond").number(line.count.beyond);
  json.key("at_share").number(line.at_share).key("lowest").number(line.lowest);
  json.key("highest").number(line.highest);
  if (line.reference > 0) {
    json.key("in_unit").begin_object().key("unit").text(line.unit);
    json.key("limit").text(line.unit_limit);
    json.key("at_share").number(line.in_unit(line.at_share));
    json.key("lowest").number(line.in_unit(line.lowest));
    json.key("highest").number(line.in_unit(line.highest)).end_object();
  }
  json.key("verdict").text(word(line.verdict)).end_object();
}

void put_event(text::JsonWriter& json, const registers::Disturbance& event, ReportKind kind) {
  json.begin_object().key("time").text(to_iso8601(event.time)).key("end");
  event.open ? json.null() : json.text(to_iso8601(event.end));
  json.key("type").text(event.type).key("channels").text(channels_of(event)).key("duration_s");
  event.open ? json.null() : json.number(event.duration());
  json.key("open").boolean(event.open);
  if (event.type == "rvc") {
    json.key("delta_max").number(event.delta_max).key("delta_ss").number(event.delta_ss);
    json.end_object();
    return;
  }
  json.key("extreme").number(event.extreme).key("extreme_percent").number(percent_of(event));
  if (event.direction) {
    json.key("direction").text(word_of(event.direction->direction));
    json.key("confidence").text(word_of(event.direction->confidence));
  }
  if (kind == ReportKind::en50160) json.key("cell").text(cell_of(event));
  json.key("iti").text(iti_of(event)).key("semi_f47").text(semi_f47_of(event));
  json.key("semi_f47_by").text(semi_f47_is_required(event) ? "requirement" : "recommendation");
  json.end_object();
}

}  // namespace

std::string report_json(const Report& report) {
  text::JsonWriter json;
  json.begin_object();
  json.key("report").text(report.kind == ReportKind::en50160 ? "en50160" : "ieee519");
  put_recording(json, report.recording);
  json.key("recording_notes").begin_array();
  for (const std::string& note : report.recording.notes) json.text(note);
  json.end_array().key("warnings").begin_array();
  for (const std::string& warning : report.warnings) json.text(warning);
  json.end_array();
  const Overall all = overall(report);
  json.key("verdict").text(all.word()).key("why").text(all.why);
  json.key("iec61000_4_30_class");
  report.measured_class.empty() ? json.null() : json.text(report.measured_class);
  json.key("nominal_voltage_v").number(report.nominal_v);
  json.key("setup").begin_object();
  for (const auto& [what, which] : report.setup) json.key(what).text(which);
  json.end_object().key("notes").begin_array();
  for (const std::string& note : report.notes) json.text(note);
  if (const std::string note = orders_note(report); !note.empty()) json.text(note);
  json.end_array().key("limits").begin_array();
  for (const ReportLine& line : report.lines) put_line(json, line);
  json.end_array();
  if (report.kind == ReportKind::en50160) put_motor(json, report.motor);
  json.key("percentiles").text("nearest rank").key("orders").begin_array();
  for (const ReportOrder& order : report.orders) {
    json.begin_object().key("channel").text(order.channel).key("assessment").text(order.assessment);
    json.key("order").integer(order.order).key("limit").number(order.limit);
    json.key("at_share").number(order.at_share).key("highest").number(order.highest);
    json.key("beyond_percent").number(order.beyond_percent).end_object();
  }
  json.end_array().key("events").begin_array();
  for (const registers::Disturbance& event : report.events) put_event(json, event, report.kind);
  json.end_array();
  if (report.changes_looked_for) {
    json.key("rapid_voltage_changes").begin_array();
    for (const registers::Disturbance& event : report.changes) put_event(json, event, report.kind);
    json.end_array();
  }
  json.end_object();
  return json.take() + "\n";
}

}  // namespace polyphase::lab
