#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <map>

#include "lab/report.hpp"
#include "lab/report_chart.hpp"

namespace polyphase::lab {
namespace {

constexpr const char* style = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --rule: #d0d7de; --value: #0b66c3;
  --limit: #b3261e; --soft: #6b7280; --good: #1a7f37; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --rule: #30363d;
  --value: #58a6ff; --limit: #ff7b72; --soft: #9198a1; --good: #3fb950; --bad: #ff7b72; } }
@media print { :root { --ink: #000; --paper: #fff; --rule: #999; --value: #0b66c3; --limit: #b3261e;
  --soft: #444; --good: #1a7f37; --bad: #b3261e; } section { break-inside: avoid; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.soft, figcaption { color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--rule); text-align: right; }
th:first-child, td:first-child, .left { text-align: left; }
.complies { color: var(--good); } .fails { color: var(--bad); font-weight: 600; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
figure { margin: 0; } svg { width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; }
svg .limit { stroke: var(--limit); fill: none; stroke-dasharray: 5 3; }
svg .semi { stroke: var(--soft); stroke-dasharray: 2 3; }
svg polyline.value { stroke: var(--value); fill: none; } svg rect.value, svg circle.value { fill: var(--value); }
svg .excluded { stroke: var(--limit); stroke-opacity: .2; }
)";

std::string cell(double value, int decimals = 3) {
  return registers::available(value) ? fmt::format("{:.{}f}", value, decimals) : "–";
}

const char* style_of(Verdict verdict) {
  return verdict == Verdict::complies ? "complies" : verdict == Verdict::fails ? "fails" : "soft";
}

std::string limits_table(const Report& report) {
  std::string out =
      "<table><tr><th></th><th "
      "class=\"left\">Limit</th><th>Share</th><th>Valid</th><th>Excluded</th>"
      "<th>Beyond</th><th>At share</th><th>Lowest</th><th>Highest</th><th "
      "class=\"left\">Verdict</th>"
      "</tr>\n";
  for (const ReportLine& line : report.lines)
    out += fmt::format(
        "<tr><td>{}</td><td class=\"left\">{}</td><td>{:g} %</td><td>{:.0f}</td><td>{:.0f}</td>"
        "<td>{:.0f}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"left {}\">{}</td></tr>\n",
        escaped(line.what), escaped(line.limit), line.share, line.count.valid, line.count.invalid,
        line.count.beyond, cell(line.at_share), cell(line.lowest), cell(line.highest),
        style_of(line.verdict), word(line.verdict));
  return out + "</table>\n";
}

std::string pictures(const Report& report) {
  std::string out;
  for (const ReportSeries& series : report.series) {
    if (series.points.empty()) continue;
    out += fmt::format(
        "<section><h2>{}</h2><div class=\"pictures\"><figure>{}</figure><figure>{}</figure></div>"
        "</section>\n",
        escaped(series.title), trend_chart(series), histogram_chart(series));
  }
  return out;
}

std::string orders_table(const Report& report) {
  if (report.orders.empty()) return {};
  std::string out =
      "<section><h2>Harmonics by order</h2><table><tr><th></th><th class=\"left\">Assessment</th>"
      "<th>Order</th><th>Limit %</th><th>At share %</th><th>Intervals beyond %</th></tr>\n";
  for (const ReportOrder& order : report.orders)
    out += fmt::format(
        "<tr class=\"{}\"><td>{}</td><td class=\"left\">{}</td><td>{}</td><td>{:g}</td><td>{}</td>"
        "<td>{}</td></tr>\n",
        order.fails ? "fails" : "", escaped(order.channel), escaped(order.assessment), order.order,
        order.limit, cell(order.at_share), cell(order.beyond_percent, 2));
  return out + "</table></section>\n";
}

std::string events_section(const Report& report) {
  std::string out = fmt::format(
      "<section><h2>Sags, swells and interruptions</h2><figure>{}<figcaption>Dashed: ITI (CBEMA); "
      "dotted: SEMI F47. The cell is that of EN 50160.</figcaption></figure>\n",
      event_chart(report.events));
  if (report.events.empty()) return out + "<p>There were none.</p></section>\n";
  out +=
      "<table><tr><th>Time (UTC)</th><th class=\"left\">Type</th><th>Duration s</th><th>Extreme "
      "%</th>"
      "<th>Cell</th><th>ITI</th><th>SEMI F47</th></tr>\n";
  for (const registers::Disturbance& event : report.events)
    out += fmt::format(
        "<tr><td>{}</td><td "
        "class=\"left\">{}{}</td><td>{:.3f}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td>{}</td></tr>\n",
        to_iso8601(event.time), event.type, event.open ? ", still open" : "",
        event.duration(), cell(percent_of(event), 1), cell_of(event),
        iti_of(event), semi_f47_of(event));
  return out + "</table></section>\n";
}

// How many events fell into each cell; "A" to "X" down, "1" to "5" across.
template <std::size_t n>
std::string cells_table(const Report& report, const std::array<const char*, n>& names,
                        const char* title, std::initializer_list<const char*> columns) {
  std::map<std::string, std::size_t> counts;
  for (const registers::Disturbance& event : report.events) ++counts[cell_of(event)];
  std::string out = fmt::format("<table><tr><th>{}</th>", title);
  for (const char* column : columns) out += fmt::format("<th>{}</th>", column);
  for (std::size_t i = 0; i < n; ++i) {
    if (i % columns.size() == 0) out += fmt::format("</tr>\n<tr><td>{}</td>", names[i][0]);
    out += fmt::format("<td>{}</td>", counts[names[i]]);
  }
  return out + "</tr></table>\n";
}

std::string cells_section(const Report& report) {
  if (report.kind != ReportKind::en50160) return {};
  return "<section><h2>Tables of EN 50160</h2>\n" +
         cells_table(report, pq::en50160::dip_cell_names, "Dips",
                     {"to 0.2 s", "to 0.5 s", "to 1 s", "to 5 s", "to 60 s"}) +
         "<p class=\"soft\">A 90 to 80 %, B to 70 %, C to 40 %, D to 5 %, X below</p>\n" +
         cells_table(report, pq::en50160::swell_cell_names, "Swells",
                     {"to 0.5 s", "to 5 s", "to 60 s", "longer"}) +
         "<p class=\"soft\">S 120 % and more, T above 110 %</p></section>\n";
}

// Why an interval does not count: the first reason that holds.
std::string reason_of(const ReportPoint& point) {
  if (!registers::available(point.value)) return "not measured";
  if (point.quality.has(Quality::disturbed)) return "flagged: a sag, swell or interruption";
  return "not of whole cycles: the recording began, ended or had a gap";
}

std::string excluded_section(const Report& report) {
  std::string rows;
  for (const ReportSeries& series : report.series) {
    std::map<std::string, std::size_t> counts;
    for (const ReportPoint& point : series.points)
      if (point.excluded()) ++counts[reason_of(point)];
    for (const auto& [reason, count] : counts)
      rows += fmt::format("<tr><td>{}</td><td class=\"left\">{}</td><td>{}</td></tr>\n",
                          escaped(series.title), reason, count);
  }
  if (rows.empty()) rows = "<tr><td colspan=\"3\">Nothing was excluded.</td></tr>\n";
  return "<section><h2>What was excluded</h2><table><tr><th></th><th class=\"left\">Why</th>"
         "<th>Intervals</th></tr>\n" +
         rows + "</table></section>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{} of "
      "{}</title>"
      "<style>{}</style></head><body>\n<h1>{}</h1>\n<p class=\"soft\">{}<br>{} to {} "
      "(UTC)<br>{}</p>\n<ul>\n",
      report.title, escaped(report.recording), style, report.title, escaped(report.recording),
      to_iso8601(report.first), to_iso8601(report.end), class_text(report));
  for (const std::string& note : report.notes) out += fmt::format("<li>{}</li>\n", escaped(note));
  return out + "</ul>\n" + limits_table(report) + pictures(report) + orders_table(report) +
         events_section(report) + cells_section(report) + excluded_section(report) +
         "</body></html>\n";
}

}  // namespace polyphase::lab
