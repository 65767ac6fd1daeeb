#include "lab/event_list.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polyphase::lab {
namespace {

using registers::Disturbance;

std::vector<Disturbance> in_order(const Findings& findings) {
  std::vector<Disturbance> list(findings.disturbances.begin(), findings.disturbances.end());
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  return list;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += fmt::format("\\{}", c);
    else if (static_cast<unsigned char>(c) < 0x20) out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else out += c;
  }
  return out + "\"";
}

std::string number(double value) { return registers::available(value) ? fmt::format("{:.9g}", value) : "null"; }

std::string type_of(const Disturbance& d, const graph::Engine& engine) {
  if (d.setpoint == registers::no_register) return std::string(d.type);
  const registers::RegisterInfo& info = engine.registers().info(d.setpoint);
  return info.label.empty() ? info.module : info.label;
}

std::string affected(const Disturbance& d, std::string_view between, bool quote) {
  std::string list;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (d.per_channel[c].affected)
      list += fmt::format("{}{}", list.empty() ? "" : between, quote ? quoted(channel_names[c]) : channel_names[c]);
  return list;
}

std::string name_of(registers::Index index, const graph::Engine& engine) {
  if (index == registers::no_register) return "";
  const registers::RegisterInfo& info = engine.registers().info(index);
  return info.label.empty() ? info.module + "." + info.name : info.label;
}

std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string event_json(const Disturbance& d, const graph::Engine& engine) {
  std::string out = fmt::format("{{\"time\": \"{}\", ", to_iso8601(d.time));
  out += d.open ? std::string("\"end\": null, ") : fmt::format("\"end\": \"{}\", ", to_iso8601(d.end));
  out += fmt::format("\"duration_s\": {}, ", d.open ? "null" : number(seconds_between(d.time, d.end)));
  out += fmt::format("\"type\": {}, \"channels\": [{}], ", quoted(type_of(d, engine)), affected(d, ", ", true));
  const double percent = d.nominal > 0 ? 100 * d.extreme / d.nominal : registers::not_available;
  out += fmt::format("\"extreme\": {}, \"extreme_percent\": {}, \"per_channel\": [", number(d.extreme), number(percent));
  bool first = true;
  for (std::size_t c = 0; c < channel_count; ++c) {
    if (!d.per_channel[c].affected) continue;
    out += fmt::format("{}{{\"channel\": {}, \"extreme\": {}, \"duration_s\": {}}}", first ? "" : ", ",
                       quoted(channel_names[c]), number(d.per_channel[c].extreme), number(d.per_channel[c].duration_s));
    first = false;
  }
  out += "]";
  if (registers::available(d.delta_max)) out += fmt::format(", \"delta_max\": {}", number(d.delta_max));
  if (registers::available(d.delta_ss)) out += fmt::format(", \"delta_ss\": {}", number(d.delta_ss));
  if (d.edges_known)
    out += fmt::format(", \"edge_start\": \"{}\", \"edge_end\": \"{}\"", to_iso8601(d.edge_start), to_iso8601(d.edge_end));
  return out + fmt::format(", \"priority\": {}, \"open\": {}}}", d.priority, d.open ? "true" : "false");
}

}  // namespace

std::string events_json(const Findings& findings, const graph::Engine& engine) {
  std::string out;
  for (const Disturbance& d : in_order(findings)) out += (out.empty() ? "[\n  " : ",\n  ") + event_json(d, engine);
  return out.empty() ? "[]\n" : out + "\n]\n";
}

std::string events_csv(const Findings& findings, const graph::Engine& engine) {
  std::string out = "time,end,duration_s,type,channels,extreme,extreme_percent,priority,open\n";
  for (const Disturbance& d : in_order(findings))
    out += fmt::format("{},{},{},{},{},{},{},{},{}\n", to_iso8601(d.time), d.open ? "" : to_iso8601(d.end),
                       d.open ? "" : number(seconds_between(d.time, d.end)), csv_text(type_of(d, engine)),
                       affected(d, " ", false), number(d.extreme),
                       d.nominal > 0 ? number(100 * d.extreme / d.nominal) : "", d.priority, d.open ? 1 : 0);
  return out;
}

std::string event_log_csv(const Findings& findings, const graph::Engine& engine) {
  std::string out = "time,priority,cause,cause_value,effect,effect_value,text\n";
  const auto value = [](double v) { return registers::available(v) ? fmt::format("{:.9g}", v) : std::string(); };
  for (const Findings::KeptEvent& kept : findings.events)
    out += fmt::format("{},{},{},{},{},{},{}\n", to_iso8601(kept.event.time), kept.event.priority,
                       csv_text(name_of(kept.event.cause, engine)), value(kept.event.cause_value),
                       csv_text(name_of(kept.event.effect, engine)), value(kept.event.effect_value), csv_text(kept.text));
  return out;
}

}  // namespace polyphase::lab
