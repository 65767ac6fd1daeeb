#include <fmt/format.h>

#include <cmath>

#include "lab/report.hpp"
#include "text/json.hpp"

namespace polyphase::lab {
namespace {

std::string cell(double value, int decimals = 3) {
  return registers::available(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

std::string affected(const registers::Disturbance& event) {
  std::string list;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (event.per_channel[c].affected)
      list += fmt::format("{}{}", list.empty() ? "" : " ", channel_names[c]);
  return list;
}

}  // namespace

std::string report_text(const Report& report) {
  std::string out = fmt::format("{} of {}\n  {} to {}: {:.6g} s\n", report.title, report.recording,
                                to_iso8601(report.first), to_iso8601(report.end),
                                seconds_between(report.first, report.end));
  out += fmt::format("  {}\n", class_text(report));
  for (const std::string& note : report.notes) out += fmt::format("  {}\n", note);
  out +=
      fmt::format("\n  {:<34} {:<18} {:>7} {:>7} {:>7} {:>7} {:>9} {:>9} {:>9}  {}\n", "", "limit",
                  "share", "valid", "excl.", "beyond", "at share", "lowest", "highest", "verdict");
  for (const ReportLine& line : report.lines)
    out += fmt::format(
        "  {:<34} {:<18} {:>5.4g} % {:>7.0f} {:>7.0f} {:>7.0f} {:>9} {:>9} {:>9}  {}\n", line.what,
        line.limit, line.share, line.count.valid, line.count.invalid, line.count.beyond,
        cell(line.at_share), cell(line.lowest), cell(line.highest), word(line.verdict));
  out += fmt::format("\n  events: {}\n", report.events.size());
  if (!report.events.empty())
    out += fmt::format("  {:<27} {:<13} {:<9} {:>9} {:>8}  {:<4} {:<7} {}\n", "", "", "channels",
                       "duration", "extreme", "cell", "ITI", "SEMI F47");
  for (const registers::Disturbance& event : report.events)
    out += fmt::format("  {} {:<13} {:<9} {:>7.3f} s {:>6} %  {:<4} {:<7} {}\n",
                       to_iso8601(event.time), event.type, affected(event),
                       event.duration(), cell(percent_of(event), 1),
                       cell_of(event), iti_of(event), semi_f47_of(event));
  return out;
}

std::string report_json(const Report& report) {
  text::JsonWriter json;
  json.begin_object();
  json.key("report").text(report.kind == ReportKind::en50160 ? "en50160" : "ieee519");
  json.key("recording").text(report.recording);
  json.key("first").text(to_iso8601(report.first)).key("end").text(to_iso8601(report.end));
  json.key("iec61000_4_30_class");
  report.measured_class.empty() ? json.null() : json.text(report.measured_class);
  json.key("nominal_voltage_v").number(report.nominal_v);
  json.key("notes").begin_array();
  for (const std::string& note : report.notes) json.text(note);
  json.end_array().key("limits").begin_array();
  for (const ReportLine& line : report.lines) {
    json.begin_object().key("what").text(line.what).key("limit").text(line.limit);
    json.key("share_percent").number(line.share).key("valid").number(line.count.valid);
    json.key("excluded").number(line.count.invalid).key("beyond").number(line.count.beyond);
    json.key("at_share").number(line.at_share).key("lowest").number(line.lowest);
    json.key("highest").number(line.highest).key("verdict").text(word(line.verdict)).end_object();
  }
  json.end_array().key("orders").begin_array();
  for (const ReportOrder& order : report.orders) {
    json.begin_object().key("channel").text(order.channel).key("assessment").text(order.assessment);
    json.key("order").integer(order.order).key("limit").number(order.limit);
    json.key("at_share").number(order.at_share);
    json.key("beyond_percent").number(order.beyond_percent).end_object();
  }
  json.end_array().key("events").begin_array();
  for (const registers::Disturbance& event : report.events) {
    json.begin_object().key("time").text(to_iso8601(event.time)).key("type").text(event.type);
    json.key("channels").text(affected(event));
    json.key("duration_s").number(event.duration());
    json.key("extreme_percent").number(percent_of(event)).key("open").boolean(event.open);
    json.key("cell").text(cell_of(event)).key("iti").text(iti_of(event));
    json.key("semi_f47").text(semi_f47_of(event)).end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace polyphase::lab
