#include "lab/page.hpp"

#include <fmt/format.h>

#include "lab/report_chart.hpp"

namespace polyphase::lab {
namespace {

constexpr const char* style = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --rule: #d0d7de; --value: #0b66c3;
  --value2: #b45309; --value3: #7c3aed; --value4: #4d7c0f; --limit: #b3261e; --soft: #57606a; --good: #1a7f37;
  --bad: #b3261e; --open: #8a6100; --faint: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --rule: #30363d;
  --value: #58a6ff; --value2: #f0a04b; --value3: #b794f6; --value4: #a3d154; --limit: #ff7b72; --soft: #9198a1;
  --good: #3fb950; --bad: #ff7b72; --open: #d9a441; --faint: #161b22; } }
@media print { :root { --ink: #000; --paper: #fff; --rule: #999; --value: #0b66c3;
  --value2: #b45309; --value3: #7c3aed; --value4: #4d7c0f; --limit: #b3261e; --soft: #444; --good: #1a7f37;
  --bad: #b3261e; --open: #6b4c00; --faint: #fff; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin-bottom: 0; } h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
.soft, figcaption { color: var(--soft); font-size: .9em; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .93em; }
th { border-bottom: 2px solid var(--rule); vertical-align: bottom; }
th, td { padding: .2rem .45rem; text-align: right; }
td { border-bottom: 1px solid var(--rule); vertical-align: top; }
th:first-child, td:first-child, .left { text-align: left; }
.facts { width: auto; } .facts td { text-align: left; } .facts td:first-child { color: var(--soft); }
.sign { width: auto; margin-top: 3rem; break-inside: avoid; } .sign td { height: 2.6rem; vertical-align: bottom; border: 0; }
.sign td + td { min-width: 22rem; border-bottom: 1px solid var(--soft); }
.wide { overflow-x: auto; } .in-unit { color: var(--soft); display: block; font-size: .92em; white-space: nowrap; }
.verdict { border: 1px solid var(--rule); border-left: .4rem solid var(--open); background: var(--faint);
  padding: .6rem .9rem; margin: 1rem 0; } .verdict b { font-size: 1.15em; }
.verdict.complies { border-left-color: var(--good); } .verdict.fails { border-left-color: var(--bad); }
td.complies, b.complies { color: var(--good); } .fails td, td.fails, b.fails { color: var(--bad); font-weight: 600; }
.picture { display: grid; grid-template-columns: 640fr 430fr; gap: 1rem; }
@media (max-width: 50rem) { .picture { grid-template-columns: 1fr; } .picture figure + figure svg { max-width: 27rem; } }
.empty { margin: .4rem 0; } .empty b { display: inline-block; min-width: 13rem; }
figure { margin: 0; } svg { width: 100%; height: auto; } .alone svg { max-width: 52rem; }
svg text { fill: var(--soft); font-size: 11px; } svg text.of-limit { fill: var(--limit); }
svg .grid { stroke: var(--rule); stroke-width: .7; }
svg .limit { stroke: var(--limit); fill: none; stroke-dasharray: 5 3; }
svg .semi { stroke: var(--ink); stroke-dasharray: none; } svg .recommended { stroke: var(--soft); stroke-dasharray: 2 3; }
svg polyline.value { stroke: var(--value); fill: none; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
svg rect.value, svg circle.value, svg polygon.value { fill: var(--value); }
svg polyline.value2 { stroke: var(--value2); } svg polyline.value3 { stroke: var(--value3); }
svg polyline.value4 { stroke: var(--value4); } svg circle.value4 { fill: var(--value4); }
svg circle.value2 { fill: var(--value2); } svg circle.value3 { fill: var(--value3); }
svg circle.open { fill: none; stroke: var(--value); stroke-width: 1.5; }
svg .excluded { fill: var(--limit); fill-opacity: .13; }
.wide td { white-space: nowrap; } .wide td.left:last-child { white-space: normal; min-width: 7.2em; } .wide table { font-size: .87em; }
@media print { html { font-size: 10px; } body { font-size: 10px; margin: 0; padding: 0; max-width: none; }
  .wide { overflow: visible; } .picture { grid-template-columns: 640fr 430fr; } th, td { padding: .15rem .3rem; } tr, .picture, figure, .verdict { break-inside: avoid; }
  h2, h3 { break-after: avoid; } thead { display: table-header-group; } }
)";

}  // namespace

std::string page_begin(const std::string& title, const std::string& recording) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{0} of "
      "{1}</title><style>{2}</style></head><body>\n<h1>{0}</h1>\n<p class=\"soft\">{1}</p>\n",
      escaped(title), escaped(recording), style);
}

std::string page_end() { return "</body></html>\n"; }

std::string facts_table(std::span<const std::pair<std::string, std::string>> facts) {
  std::string out = "<table class=\"facts\">\n";
  for (const auto& [what, which] : facts)
    out += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", escaped(what), escaped(which));
  return out + "</table>\n";
}

std::string warnings_html(std::span<const std::string> warnings) {
  std::string out;
  for (const std::string& warning : warnings)
    out += fmt::format("<div class=\"verdict\"><b>Warning</b><br>{}</div>\n", escaped(warning));
  return out;
}

std::string recording_section(const RecordingFacts& recording) {
  Facts facts{
      {"Recording", recording.source.description},
      {"Time",
       fmt::format("{} to {} (UTC), {}", to_iso8601(recording.first), to_iso8601(recording.end),
                   duration_text(seconds_between(recording.first, recording.end)))}};
  for (auto& fact : facts_of(recording)) facts.push_back(std::move(fact));
  return "<h2>Recording</h2>\n" + facts_table(facts);
}

std::string sign_off() {
  std::string out = "<table class=\"sign\">\n";
  for (const char* what : {"Site", "Author", "Date", "Signature"})
    out += fmt::format("<tr><td>{}</td><td></td></tr>\n", what);
  return out + "</table>\n";
}

std::string motor_section(const MotorUnbalance& unbalance) {
  const auto facts = facts_of(unbalance);
  if (facts.empty()) return {};
  return "<h2>Motors</h2>\n" + facts_table(facts) +
         fmt::format("<p class=\"soft\">{}</p>\n", motor_note);
}

std::string figure(double value, int decimals) {
  return registers::available(value) ? fmt::format("{:.{}f}", value, decimals) : "–";
}

std::string event_duration(const registers::Disturbance& event) {
  return event.open ? "open" : figure(event.duration());
}

}  // namespace polyphase::lab
