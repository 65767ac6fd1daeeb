#include "lab/event_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "text/csv.hpp"
#include "text/json.hpp"

namespace polyphase::lab {
namespace {

using registers::Disturbance;

std::vector<Disturbance> in_order(const Findings& findings) {
  std::vector<Disturbance> list(findings.disturbances.begin(), findings.disturbances.end());
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  return list;
}

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.9g}", value) : "null";
}

std::string cell(double value) {
  return std::isfinite(value) ? fmt::format("{:.9g}", value) : "N/A";
}

double percent_of_nominal(const Disturbance& d) {
  return d.nominal > 0 ? 100 * d.extreme / d.nominal : registers::not_available;
}

std::string affected(const Disturbance& d, std::string_view between, bool quote) {
  std::string list;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (d.per_channel[c].affected)
      list += fmt::format("{}{}", list.empty() ? "" : between,
                          quote ? text::json_quoted(channel_names[c]) : channel_names[c]);
  return list;
}

std::string event_json(const Disturbance& d, const registers::RegisterTable& table) {
  std::string out = fmt::format("{{\"time\": \"{}\", ", to_iso8601(d.time));
  out +=
      d.open ? std::string("\"end\": null, ") : fmt::format("\"end\": \"{}\", ", to_iso8601(d.end));
  out +=
      fmt::format("\"duration_s\": {}, ", d.open ? "null" : number(d.duration()));
  out += fmt::format("\"type\": {}, \"channels\": [{}], ", text::json_quoted(type_of(d, table)),
                     affected(d, ", ", true));
  out += fmt::format("\"extreme\": {}, \"extreme_percent\": {}, \"per_channel\": [",
                     number(d.extreme), number(percent_of_nominal(d)));
  bool first = true;
  for (std::size_t c = 0; c < channel_count; ++c) {
    if (!d.per_channel[c].affected) continue;
    out += fmt::format("{}{{\"channel\": {}, \"extreme\": {}, \"duration_s\": {}}}",
                       first ? "" : ", ", text::json_quoted(channel_names[c]),
                       number(d.per_channel[c].extreme), number(d.per_channel[c].duration_s));
    first = false;
  }
  out += "]";
  if (registers::available(d.delta_max))
    out += fmt::format(", \"delta_max\": {}", number(d.delta_max));
  if (registers::available(d.delta_ss))
    out += fmt::format(", \"delta_ss\": {}", number(d.delta_ss));
  if (d.edge_start) out += fmt::format(", \"edge_start\": \"{}\"", to_iso8601(*d.edge_start));
  if (d.edge_end) out += fmt::format(", \"edge_end\": \"{}\"", to_iso8601(*d.edge_end));
  if (d.direction)
    out += fmt::format(", \"direction\": \"{}\", \"confidence\": \"{}\"",
                       word_of(d.direction->direction), word_of(d.direction->confidence));
  return out +
         fmt::format(", \"priority\": {}, \"open\": {}}}", d.priority, d.open ? "true" : "false");
}

}  // namespace

std::string type_of(const Disturbance& d, const registers::RegisterTable& table) {
  if (d.setpoint == registers::no_register) return std::string(d.type);
  const registers::RegisterInfo& info = table.info(d.setpoint);
  return info.label.empty() ? info.module : info.label;
}

std::string events_json(const Findings& findings, const registers::RegisterTable& table) {
  std::string out;
  for (const Disturbance& d : in_order(findings))
    out += (out.empty() ? "[\n  " : ",\n  ") + event_json(d, table);
  return out.empty() ? "[]\n" : out + "\n]\n";
}

std::string events_csv(const Findings& findings, const registers::RegisterTable& table) {
  std::string out = "time,end,duration_s,type,channels,extreme,extreme_percent,priority,open\n";
  for (const Disturbance& d : in_order(findings))
    out += fmt::format("{},{},{},{},{},{},{},{},{}\n", to_iso8601(d.time),
                       d.open ? "" : to_iso8601(d.end),
                       d.open ? "" : cell(d.duration()),
                       text::csv_field(type_of(d, table)), affected(d, " ", false), cell(d.extreme),
                       cell(percent_of_nominal(d)), d.priority, d.open ? 1 : 0);
  return out;
}

}  // namespace polyphase::lab
