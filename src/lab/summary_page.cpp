#include <fmt/format.h>

#include <map>

#include "lab/page.hpp"
#include "lab/report_event.hpp"
#include "lab/summary.hpp"
#include "text/json.hpp"

namespace polyphase::lab {
namespace {

using registers::available;

constexpr const char* too_short = "nothing could be measured: the recording is too short";

std::string counts_text(const SummaryPage& page) {
  std::map<std::string, std::size_t> counts;
  for (const SummaryPage::Event& event : page.events) ++counts[event.type];
  std::string out;
  for (const auto& [type, count] : counts) out += fmt::format(" {} {}", count, type);
  if (out.empty())
    out = available(page.nominal_v) ? " none" : " not looked for: they need --nominal-voltage";
  return out.substr(1);
}

std::string number_text(double value, int decimals) {
  return available(value) ? fmt::format("{:.{}f}", value, decimals) : "N/A";
}

// "V1 THD 12, I1 THD 40 windows left out: …"; empty: none was.
std::string left_out_text(const SummaryPage& page) {
  std::string out;
  for (const SummaryPage::Line& line : page.lines)
    if (line.left_out > 0)
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", line.label, line.left_out);
  if (out.empty()) return out;
  return fmt::format(
      "windows left out: {} (flagged, or with a fundamental below {:g} % of the nominal voltage, "
      "{:g} % of the nominal current; where none is set, of the highest)",
      out, 100 * DistortionFigures::voltage_share_min, 100 * DistortionFigures::current_share_min);
}

std::string needs_text(const SummaryPage& page) {
  return fmt::format("powers and energies need {}: not found; --map and --wiring choose otherwise",
                     page.missing_inputs);
}

Facts setup_of(const SummaryPage& page) {
  Facts facts = page.meter;
  facts.emplace_back("Events", counts_text(page));
  return facts;
}

std::string lines_html(const SummaryPage& page) {
  std::string out = fmt::format(
      "<h2>Readings</h2>\n<div class=\"wide\"><table><thead><tr><th>of {}</th><th>Mean</th><th>Low"
      "</th><th>High</th><th class=\"left\">Unit</th></tr></thead>\n",
      page.of);
  for (const SummaryPage::Line& line : page.lines)
    out += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"left\">{}</td></tr>\n",
        escaped(line.label), number_text(line.mean, line.decimals),
        number_text(line.low, line.decimals), number_text(line.high, line.decimals),
        escaped(line.unit));
  out += "</table></div>\n";
  if (const std::string text = left_out_text(page); !text.empty())
    out += fmt::format("<p class=\"soft\">Distortions: {}.</p>\n", escaped(text));
  if (!page.sums.empty()) out += "<h2>Energies</h2>\n<table class=\"facts\">\n";
  for (const SummaryPage::Sum& sum : page.sums)
    out += fmt::format("<tr><td>{}</td><td>{} {}</td></tr>\n", escaped(sum.label),
                       number_text(sum.value, 6), escaped(sum.unit));
  if (!page.sums.empty()) out += "</table>\n";
  if (!page.missing_inputs.empty()) out += fmt::format("<p>{}.</p>\n", escaped(needs_text(page)));
  return out;
}

std::string trends_html(const SummaryPage& page) {
  std::string out =
      "<h2>Over time</h2>\n<p class=\"soft\">Times are UTC. Of a long recording lowest and highest "
      "of each stretch; shaded: nothing could be measured.</p>\n";
  for (const Trend& trend : page.trends)
    out += fmt::format("<h3>{}</h3>\n<figure class=\"alone\">{}</figure>\n", trend.title,
                       trend_chart(trend, "None was found."));
  return out;
}

// A rapid voltage change has no extreme but how far it went.
std::string extreme_text(const registers::Disturbance& event) {
  return available(event.delta_max) ? "Δ " + figure(event.delta_max, 2) : figure(event.extreme, 2);
}

std::string events_html(const SummaryPage& page) {
  std::string out = "<h2>Events</h2>\n";
  if (page.events.empty())
    return out + fmt::format("<p>{}.</p>\n", available(page.nominal_v)
                                                 ? "There were none"
                                                 : "Not looked for: they need --nominal-voltage");
  out +=
      "<div class=\"wide\"><table><thead><tr><th>Time (UTC)</th><th class=\"left\">Type</th><th "
      "class=\"left\">Channels</th><th>Duration s</th><th>Extreme</th><th>Extreme %</th><th "
      "class=\"left\">Direction</th></tr></thead>\n";
  for (const SummaryPage::Event& event : page.events)
    out += fmt::format(
        "<tr><td>{}</td><td class=\"left\">{}</td><td class=\"left\">{}</td><td>{}</td><td>{}</td>"
        "<td>{}</td><td class=\"left\">{}</td></tr>\n",
        to_iso8601(event.told.time), escaped(event.type), channels_of(event.told),
        event_duration(event.told), extreme_text(event.told), figure(percent_of(event.told), 1),
        direction_of(event.told));
  return out +
         "</table></div>\n<p class=\"soft\">Extreme: in volts or amperes, and of the nominal "
         "value. "
         "open: not over when the recording ended. Direction: where the cause lay, with the "
         "confidence.</p>\n";
}

}  // namespace

std::string summary_text(const SummaryPage& page) {
  const RecordingFacts& recording = page.recording;
  std::string out = fmt::format(
      "{}\n  {} to {}: {:.6g} s at {:.6g} samples a second\n", recording.source.description,
      to_iso8601(recording.first), to_iso8601(recording.end),
      seconds_between(recording.first, recording.end), recording.source.sample_rate_hz);
  if (recording.missing.gaps.count > 0)
    out += fmt::format("  gaps: {}\n", stretches_text(recording.missing.gaps));
  if (recording.missing.bridged.count > 0)
    out += fmt::format("  bridged: {}\n", stretches_text(recording.missing.bridged));
  if (!recording.doubts.clipped.empty())
    out += fmt::format("  clipped: {}\n", clipped_text(recording.doubts));
  for (const std::string& warning : page.warnings) out += fmt::format("  warning: {}\n", warning);
  out += "\n";
  if (page.of.empty()) return out + fmt::format("  {}\n", too_short);
  out += fmt::format("  {:<12} {:>14} {:>14} {:>14}   of {}\n", "", "mean", "low", "high", page.of);
  for (const SummaryPage::Line& line : page.lines) {
    out += fmt::format("  {:<12} {:>14}", line.label, number_text(line.mean, line.decimals));
    if (available(line.mean))
      out += fmt::format(" {:>14} {:>14} {}", number_text(line.low, line.decimals),
                         number_text(line.high, line.decimals), line.unit);
    out += "\n";
  }
  if (const std::string text = left_out_text(page); !text.empty())
    out += fmt::format("  distortions: {}\n", text);
  if (!page.sums.empty() || !page.missing_inputs.empty()) out += "\n";
  for (const SummaryPage::Sum& sum : page.sums)
    out += fmt::format("  {:<12} {:>14}\n", sum.label, number_text(sum.value, 6));
  if (!page.missing_inputs.empty()) out += fmt::format("  {}\n", needs_text(page));
  const auto motor = facts_of(page.motor);
  if (!motor.empty()) out += "\n";
  for (const auto& [what, which] : motor) out += fmt::format("  {}: {}\n", what, which);
  if (page.motor.count.valid > 0) out += fmt::format("  {}\n", motor_note);
  return out + fmt::format("\n  {:<12} {}\n", "events", counts_text(page));
}

std::string summary_html(const SummaryPage& page) {
  const std::string readings =
      page.of.empty() ? fmt::format("<p>{}.</p>\n", too_short)
                      : lines_html(page) + motor_section(page.motor) + trends_html(page);
  return page_begin("Summary", page.recording.source.description) + warnings_html(page.warnings) +
         facts_table(setup_of(page)) + recording_section(page.recording) + readings +
         events_html(page) + sign_off() + page_end();
}

std::string summary_json(const SummaryPage& page) {
  text::JsonWriter json;
  json.begin_object().key("report").text("summary");
  put_recording(json, page.recording);
  json.key("notes").begin_array();
  for (const std::string& note : page.recording.notes) json.text(note);
  json.end_array().key("warnings").begin_array();
  for (const std::string& warning : page.warnings) json.text(warning);
  json.end_array().key("setup").begin_object();
  for (const auto& [what, which] : page.meter) json.key(what).text(which);
  json.end_object().key("nominal_voltage_v").number(page.nominal_v);
  json.key("of");
  page.of.empty() ? json.null() : json.text(page.of);
  json.key("readings").begin_array();
  for (const SummaryPage::Line& line : page.lines) {
    json.begin_object().key("label").text(line.label).key("unit").text(line.unit);
    json.key("mean").number(line.mean).key("low").number(line.low).key("high").number(line.high);
    if (line.left_out > 0)
      json.key("windows_left_out").integer(static_cast<std::int64_t>(line.left_out));
    json.end_object();
  }
  json.end_array().key("energies").begin_array();
  for (const SummaryPage::Sum& sum : page.sums) {
    json.begin_object().key("label").text(sum.label).key("unit").text(sum.unit);
    json.key("value").number(sum.value).end_object();
  }
  json.end_array();
  put_motor(json, page.motor);
  json.key("events").begin_array();
  for (const SummaryPage::Event& event : page.events) {
    json.begin_object().key("time").text(to_iso8601(event.told.time)).key("end");
    event.told.open ? json.null() : json.text(to_iso8601(event.told.end));
    json.key("type").text(event.type).key("channels").text(channels_of(event.told));
    json.key("duration_s");
    event.told.open ? json.null() : json.number(event.told.duration());
    json.key("extreme").number(event.told.extreme);
    json.key("extreme_percent").number(percent_of(event.told));
    if (event.told.direction) {
      json.key("direction").text(word_of(event.told.direction->direction));
      json.key("confidence").text(word_of(event.told.direction->confidence));
    }
    json.key("open").boolean(event.told.open).end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace polyphase::lab
