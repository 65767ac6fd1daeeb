#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "lab/page.hpp"
#include "lab/report.hpp"
#include "lab/report_chart.hpp"
#include "lab/report_event.hpp"

namespace polyphase::lab {
namespace {

const char* style_of(Verdict verdict) {
  return verdict == Verdict::complies ? "complies" : verdict == Verdict::fails ? "fails" : "soft";
}

std::string verdict_box(const Report& report) {
  const Overall all = overall(report);
  const char* kind = !all.known ? "open" : all.complies ? "complies" : "fails";
  return fmt::format("<div class=\"verdict {0}\"><b class=\"{0}\">{1}: {2}</b>{3}{4}</div>\n", kind,
                     escaped(report.title), all.word(), all.why.empty() ? "" : "<br>",
                     escaped(all.why));
}

// The figure, and below it in volts or hertz.
std::string both(const ReportLine& line, double percent) {
  std::string out = figure(percent);
  if (line.reference > 0 && registers::available(percent))
    out += fmt::format("<span class=\"in-unit\">{} {}</span>", figure(line.in_unit(percent)),
                       line.unit);
  return out;
}

std::string limits_table(const Report& report) {
  if (report.lines.empty()) return {};
  std::string out =
      "<h2>Limits</h2>\n<div class=\"wide\"><table><thead><tr><th></th><th "
      "class=\"left\">Limit</th>"
      "<th>Share</th><th>Valid</th><th>Excluded</th><th>Beyond</th><th>Beyond %</th><th>At "
      "share</th><th>Lowest</th><th>Highest</th><th class=\"left\">Verdict</th></tr></thead>\n";
  for (const ReportLine& line : report.lines) {
    if (line.verdict == Verdict::not_set_up) {
      out += fmt::format("<tr><td>{}</td><td class=\"left\"></td>", escaped(line.what));
      for (int i = 0; i < 8; ++i) out += "<td>–</td>";
      out += fmt::format("<td class=\"left soft\">{}</td></tr>\n", word(line.verdict));
      continue;
    }
    out += fmt::format(
        "<tr><td>{}</td><td class=\"left\">{}{}</td><td>{:g} %</td><td>{:.0f}</td><td>{:.0f}</td>"
        "<td>{:.0f}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td class=\"left {}\">{}</td></tr>\n",
        escaped(line.what), escaped(line.limit),
        line.unit_limit.empty() ? "" : "<span class=\"in-unit\">" + line.unit_limit + "</span>",
        line.share, line.count.valid, line.count.invalid, line.count.beyond,
        figure(line.count.beyond_percent(), 2), both(line, line.at_share), both(line, line.lowest),
        both(line, line.highest), style_of(line.verdict), word(line.verdict));
  }
  const bool en50160 = report.kind == ReportKind::en50160;
  out += fmt::format(
      "</table></div>\n<p class=\"soft\">Share: so many of the valid intervals must be within the "
      "limit. Excluded: flagged, not whole or not measured. Beyond: of the valid ones, those that "
      "were not within{}. At share: the farthest value of as many intervals as must be within "
      "(nearest rank). {} –: no figure.</p>\n",
      en50160 ? " (N1 of the first limit of a quantity, N2 of the second)" : "",
      en50160 ? "Percent are of the nominal value, of harmonics of the fundamental."
              : "Percent are of the nominal voltage and of the maximum demand current.");
  if (const std::string note = orders_note(report); !note.empty())
    out += fmt::format("<p>{}.</p>\n", note);
  return out;
}

std::string pictures(const Report& report) {
  std::string out =
      "<h2>Trends and distributions</h2>\n<p class=\"soft\">Left over time (UTC), "
      "right how many intervals have which value. Dashed: limits. Shaded: excluded, where the line "
      "breaks.</p>\n";
  for (const ReportSeries& series : report.series) {
    const std::string why = why_empty(series);
    out += !why.empty() ? fmt::format("<p class=\"empty\"><b>{}</b> {}</p>\n",
                                      escaped(series.title), escaped(why))
                        : fmt::format(
                              "<h3>{}</h3>\n<div class=\"picture\"><figure>{}</figure>"
                              "<figure>{}</figure></div>\n",
                              escaped(series.title), trend_chart(series), histogram_chart(series));
  }
  return report.series.empty() ? std::string() : out;
}

/// The orders of the same assessment and kind of channel: a table, a row for each order.
struct OrderTable {
  std::string assessment;
  char kind = 'V';
  std::vector<std::string> channels;
  std::map<unsigned, std::map<std::string, const ReportOrder*>> rows;
};

std::vector<OrderTable> order_tables(const Report& report) {
  std::vector<OrderTable> tables;
  for (const ReportOrder& order : report.orders) {
    auto table = std::find_if(tables.begin(), tables.end(), [&](const OrderTable& t) {
      return t.assessment == order.assessment && t.kind == order.channel[0];
    });
    if (table == tables.end())
      table = tables.insert(table, {order.assessment, order.channel[0], {}, {}});
    if (std::find(table->channels.begin(), table->channels.end(), order.channel) ==
        table->channels.end())
      table->channels.push_back(order.channel);
    table->rows[order.order][order.channel] = &order;
  }
  return tables;
}

std::string orders_section(const Report& report) {
  if (report.orders.empty()) return {};
  std::string out =
      "<h2>Harmonics by order</h2>\n<p class=\"soft\">Of each channel the value at the share "
      "(nearest rank), the highest, and how many percent of the valid intervals were above the "
      "limit. Red: in more of them than may be.";
  if (const std::string note = orders_note(report); !note.empty()) out += " " + note + ".";
  out += "</p>\n";
  for (const OrderTable& table : order_tables(report)) {
    out += fmt::format(
        "<h3>{}, {}</h3>\n<div class=\"wide\"><table><thead><tr><th>Order</th><th>Limit %</th>",
        table.kind == 'V' ? "Voltages" : "Currents", escaped(table.assessment));
    for (const std::string& channel : table.channels)
      out += fmt::format("<th>{0} at share %</th><th>highest %</th><th>beyond %</th>", channel);
    out += "</tr></thead>\n";
    for (const auto& [order, by_channel] : table.rows) {
      out += fmt::format("<tr><td>{}</td><td>{:g}</td>", order, by_channel.begin()->second->limit);
      for (const std::string& channel : table.channels) {
        const auto found = by_channel.find(channel);
        if (found == by_channel.end()) {
          out += "<td>–</td><td>–</td><td>–</td>";
          continue;
        }
        const ReportOrder& o = *found->second;
        out += fmt::format("<td{0}>{1}</td><td>{2}</td><td{0}>{3}</td>",
                           o.fails ? " class=\"fails\"" : "", figure(o.at_share), figure(o.highest),
                           figure(o.beyond_percent, 2));
      }
      out += "</tr>\n";
    }
    out += "</table></div>\n";
  }
  return out;
}

std::string events_table(const Report& report) {
  const bool cells = report.kind == ReportKind::en50160;
  std::string out = fmt::format(
      "<div class=\"wide\"><table><thead><tr><th>Time (UTC)</th><th class=\"left\">Type</th><th "
      "class=\"left\">Channels</th><th>Duration s</th><th>Extreme %</th><th>Extreme V</th><th "
      "class=\"left\">Direction</th>{}<th>ITI</th><th>SEMI F47</th></tr></thead>\n",
      cells ? "<th>Cell</th>" : "");
  for (const registers::Disturbance& event : report.events)
    out += fmt::format(
        "<tr><td>{}</td><td class=\"left\">{}</td><td class=\"left\">{}</td><td>{}</td><td>{}</td>"
        "<td>{}</td><td class=\"left\">{}</td>{}<td>{}</td><td>{}</td></tr>\n",
        to_iso8601(event.time), event.type, channels_of(event), event_duration(event),
        figure(percent_of(event), 1), figure(event.extreme, 2), direction_of(event),
        cells ? "<td>" + cell_of(event) + "</td>" : "", iti_of(event), semi_f47_text(event));
  return out +
         fmt::format(
             "</table></div>\n<p class=\"soft\">Extreme: the lowest voltage of a sag or "
             "interruption, the highest of a swell, on the channel where it was most. open: not "
             "over when the recording ended. Direction: where the cause lay, with the confidence. "
             "{}ITI, SEMI F47: how the event lies to the curve. {}.</p>\n",
             cells ? "Cell: of the tables of EN 50160; N1 to N3: interruptions shorter than 1 s, "
                     "shorter than 3 min, longer; -: in none, as a sag longer than a minute. "
                   : "",
             semi_f47_note);
}

std::string events_section(const Report& report) {
  std::string out = "<h2>Sags, swells and interruptions</h2>\n";
  if (!(report.nominal_v > 0)) return out + "<p>Not looked for: no nominal voltage is set.</p>\n";
  if (report.events.empty()) return out + "<p>There were none.</p>\n";
  return out +
         fmt::format(
             "<figure class=\"alone\">{}<figcaption>Percent of the nominal voltage over "
             "duration. Dashed: ITI (CBEMA); solid: what SEMI F47 requires; dotted: what it "
             "recommends. A triangle at the edge lies "
             "beyond the axis, its value beside it; a ring was not over when the recording "
             "ended.</figcaption></figure>\n",
             event_chart(report.events)) +
         events_table(report);
}

std::string changes_section(const Report& report) {
  if (!report.changes_looked_for) return {};
  std::string out = "<h2>Rapid voltage changes</h2>\n";
  if (report.changes.empty()) return out + "<p>There were none.</p>\n";
  out +=
      "<div class=\"wide\"><table><thead><tr><th>Time (UTC)</th><th class=\"left\">Channels</th>"
      "<th>Duration s</th><th>ΔUmax V</th><th>ΔUmax %</th><th>ΔUss V</th><th>ΔUss %</th></tr>"
      "</thead>\n";
  for (const registers::Disturbance& event : report.changes) {
    const auto percent = [&](double v) { return figure(100 * v / event.nominal, 2); };
    out += fmt::format(
        "<tr><td>{}</td><td class=\"left\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>"
        "{}</td></tr>\n",
        to_iso8601(event.time), channels_of(event), event_duration(event),
        figure(event.delta_max, 2), percent(event.delta_max), figure(event.delta_ss, 2),
        percent(event.delta_ss));
  }
  return out +
         "</table></div>\n<p class=\"soft\">ΔUmax: the largest deviation from the steady voltage "
         "before; ΔUss: between the steady voltages before and behind.</p>\n";
}

// How many events fell into each cell; "A" to "X" down, "1" to "5" across.
template <std::size_t n, std::size_t columns>
std::string cells_table(const Report& report, const std::array<const char*, n>& names,
                        const char* title, const std::array<const char*, columns>& heads,
                        const std::array<const char*, n / columns>& rows) {
  std::map<std::string, std::size_t> counts;
  for (const registers::Disturbance& event : report.events) ++counts[cell_of(event)];
  std::string out = fmt::format("<table><thead><tr><th>{}</th>", title);
  for (std::size_t c = 0; c < columns; ++c) out += fmt::format("<th>{} ({})</th>", heads[c], c + 1);
  out += "</tr></thead>";
  for (std::size_t i = 0; i < n; ++i) {
    if (i % columns == 0)
      out += fmt::format("{}<tr><td>{}: {}</td>", i == 0 ? "\n" : "</tr>\n", names[i][0],
                         rows[i / columns]);
    out += fmt::format("<td>{}</td>", counts[names[i]]);
  }
  return out + "</tr>\n</table>\n";
}

std::string interruptions_table(const Report& report) {
  std::array<std::size_t, pq::en50160::interruption_classes> counts{};
  std::size_t open = 0;
  for (const registers::Disturbance& event : report.events) {
    if (event.type != "interruption") continue;
    if (event.open)
      ++open;
    else
      ++counts[pq::en50160::interruption_class(event.duration())];
  }
  return fmt::format(
      "<table><thead><tr><th>Interruptions</th><th>shorter than 1 s (N1)</th><th>shorter than 3 "
      "min "
      "(N2)</th><th>longer (N3)</th><th>open</th></tr></thead>\n<tr><td>number</td><td>{}</td>"
      "<td>{}</td><td>{}</td><td>{}</td></tr>\n</table>\n",
      counts[0], counts[1], counts[2], open);
}

std::string cells_section(const Report& report) {
  if (report.kind != ReportKind::en50160 || !(report.nominal_v > 0)) return {};
  return "<h2>Tables of EN 50160</h2>\n<h3>Dips, by residual voltage u and duration t</h3>\n" +
         cells_table(report, pq::en50160::dip_cell_names, "u in % of the nominal voltage",
                     std::array{"t ≤ 0.2 s", "≤ 0.5 s", "≤ 1 s", "≤ 5 s", "≤ 60 s"},
                     std::array{"90 &gt; u ≥ 80", "80 &gt; u ≥ 70", "70 &gt; u ≥ 40",
                                "40 &gt; u ≥ 5", "5 &gt; u"}) +
         "<h3>Swells, by highest voltage u and duration t</h3>\n" +
         cells_table(report, pq::en50160::swell_cell_names, "u in % of the nominal voltage",
                     std::array{"t ≤ 0.5 s", "≤ 5 s", "≤ 60 s", "longer"},
                     std::array{"u ≥ 120", "120 &gt; u &gt; 110"}) +
         "<h3>Interruptions, by duration</h3>\n" + interruptions_table(report) +
         "<p class=\"soft\">One polyphase event each, which is in one table alone: what is an "
         "interruption is no dip. A dip longer than a minute is in no cell; neither is what was "
         "not "
         "over when the recording ended.</p>\n";
}

std::string excluded_section(const Report& report) {
  std::string rows;
  for (const ReportSeries& series : report.series) {
    const Tally tally = tally_of(series.points);
    if (tally.invalid > 0)
      rows += fmt::format(
          "<tr><td>{}</td><td>{:.0f}</td><td>{:.0f}</td><td>{:.0f}</td><td>{}</td></tr>\n",
          escaped(series.title), tally.flagged, tally.not_whole, tally.missing,
          series.points.size());
  }
  if (rows.empty()) return "<h2>What was excluded</h2>\n<p>Nothing.</p>\n";
  return "<h2>What was excluded</h2>\n<table><thead><tr><th>Intervals</th><th>flagged</th><th>not "
         "whole</th><th>not measured</th><th>of</th></tr></thead>\n" +
         rows +
         "</table>\n<p class=\"soft\">flagged: a sag, swell or interruption lay in them. not "
         "whole: "
         "the recording began, ended, had a gap or lacked samples.</p>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  auto facts = report.setup;
  facts.emplace_back("Class", class_text(report));
  std::string out = page_begin(report.title, report.recording.source.description) +
                    verdict_box(report) + warnings_html(report.warnings) + facts_table(facts) +
                    recording_section(report.recording);
  if (!report.notes.empty()) {
    out += "<ul>\n";
    for (const std::string& note : report.notes) out += fmt::format("<li>{}</li>\n", escaped(note));
    out += "</ul>\n";
  }
  return out + limits_table(report) + motor_section(report.motor) + pictures(report) +
         orders_section(report) + events_section(report) + changes_section(report) +
         cells_section(report) + excluded_section(report) + sign_off() + page_end();
}

}  // namespace polyphase::lab
