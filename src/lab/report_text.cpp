#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lab/report.hpp"
#include "lab/report_event.hpp"

namespace polyphase::lab {
namespace {

std::string cell(double value, int decimals = 3) {
  return registers::available(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

/// Columns as wide as what stands in them; the first `left` and the last are flush left.
class Columns {
 public:
  explicit Columns(std::size_t left) : left_(left) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string text() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string out;
    for (const auto& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i)
        line += i < left_ || i + 1 == row.size() ? fmt::format("  {:<{}}", row[i], widths[i])
                                                 : fmt::format("  {:>{}}", row[i], widths[i]);
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    return out;
  }

 private:
  std::size_t left_;
  std::vector<std::vector<std::string>> rows_;
};

std::string limits_text(const Report& report) {
  Columns table(2);
  table.add({"", "limit", "share", "valid", "excl.", "beyond", "at share", "lowest", "highest",
             "verdict"});
  for (const ReportLine& line : report.lines) {
    if (line.verdict == Verdict::not_set_up) {
      table.add({line.what, "", "-", "-", "-", "-", "-", "-", "-", word(line.verdict)});
      continue;
    }
    table.add({line.what, line.limit, fmt::format("{:g} %", line.share),
               fmt::format("{:.0f}", line.count.valid), fmt::format("{:.0f}", line.count.invalid),
               fmt::format("{:.0f}", line.count.beyond), cell(line.at_share), cell(line.lowest),
               cell(line.highest), word(line.verdict)});
    if (line.reference > 0 && line.count.valid > 0)
      table.add({"  in " + line.unit, line.unit_limit, "", "", "", "",
                 cell(line.in_unit(line.at_share)), cell(line.in_unit(line.lowest)),
                 cell(line.in_unit(line.highest)), ""});
  }
  return table.text() +
         "  at share: the farthest value of as many intervals as must be within (nearest rank); "
         "excl.: flagged, not whole or not measured\n" +
         (report.kind == ReportKind::en50160
              ? "  percent: of the nominal value, of harmonics of the fundamental\n"
              : "  percent: of the nominal voltage and of the maximum demand current\n");
}

// A table for each assessment and kind of channel, a row for each order.
std::string orders_text(const Report& report) {
  std::string out;
  for (auto begin = report.orders.begin(); begin != report.orders.end();) {
    const auto of_table = [&](const ReportOrder& o) {
      return o.assessment == begin->assessment && o.channel[0] == begin->channel[0];
    };
    const bool done = std::any_of(report.orders.begin(), begin, of_table);
    std::map<unsigned, std::vector<std::string>> rows;
    std::vector<std::string> head{"order", "limit %"};
    std::string channel;
    for (const ReportOrder& o : report.orders) {
      if (!of_table(o)) continue;
      if (o.channel != channel) {
        channel = o.channel;
        head.insert(head.end(), {channel + " at share", "highest", "beyond %"});
      }
      auto& row = rows[o.order];
      if (row.empty()) row = {fmt::format("H{}", o.order), fmt::format("{:g}", o.limit)};
      row.resize(head.size() - 3, "-");
      row.insert(row.end(), {cell(o.at_share), cell(o.highest), cell(o.beyond_percent, 2)});
    }
    if (!done) {
      head.emplace_back();
      Columns table(1);
      table.add(head);
      for (auto& [order, row] : rows) {
        row.resize(head.size());
        table.add(row);
      }
      out += fmt::format("\n  {} of {}, in percent\n", begin->assessment,
                         begin->channel[0] == 'V' ? "voltages" : "currents") +
             table.text();
    }
    begin = std::find_if_not(begin, report.orders.end(), of_table);
  }
  return out;
}

std::string events_text(const Report& report) {
  std::string out = fmt::format("\n  events: {}\n", report.events.size());
  if (report.events.empty()) return out;
  const bool cells = report.kind == ReportKind::en50160;
  Columns table(3);
  std::vector<std::string> head{"time", "",    "channels", "duration", "extreme",
                                "",     "ITI", "SEMI F47", "direction"};
  if (cells) head.insert(head.begin() + 6, "cell");
  table.add(std::move(head));
  for (const registers::Disturbance& event : report.events) {
    std::vector<std::string> row{to_iso8601(event.time),
                                 std::string(event.type),
                                 channels_of(event),
                                 event.open ? "open" : cell(event.duration()) + " s",
                                 cell(percent_of(event), 1) + " %",
                                 cell(event.extreme, 2) + " V",
                                 iti_of(event),
                                 semi_f47_text(event),
                                 direction_of(event)};
    if (cells) row.insert(row.begin() + 6, cell_of(event));
    table.add(std::move(row));
  }
  return out + table.text() +
         (cells ? "  cell: of the tables of EN 50160; N1 to N3: interruptions shorter than 1 s, "
                  "shorter than 3 min, longer; -: in none\n"
                : "") +
         fmt::format("  {}\n", semi_f47_note);
}

std::string changes_text(const Report& report) {
  if (!report.changes_looked_for) return {};
  std::string out = fmt::format("\n  rapid voltage changes: {}\n", report.changes.size());
  if (report.changes.empty()) return out;
  Columns table(2);
  table.add({"time", "channels", "duration", "largest", "steady", ""});
  for (const registers::Disturbance& event : report.changes)
    table.add({to_iso8601(event.time), channels_of(event), cell(event.duration()) + " s",
               cell(event.delta_max, 2) + " V", cell(event.delta_ss, 2) + " V", ""});
  return out + table.text();
}

std::string motor_text(const Report& report) {
  std::string out;
  for (const auto& [what, which] : facts_of(report.motor))
    out += fmt::format("{}  {}: {}\n", out.empty() ? "\n" : "", what, which);
  return out.empty() ? out : out + "  " + motor_note + "\n";
}

}  // namespace

std::string report_text(const Report& report) {
  const RecordingFacts& recording = report.recording;
  std::string out =
      fmt::format("{} of {}\n  {} to {}: {:.6g} s\n", report.title, recording.source.description,
                  to_iso8601(recording.first), to_iso8601(recording.end),
                  seconds_between(recording.first, recording.end));
  for (const auto& [what, which] : facts_of(recording))
    out += what.empty() ? fmt::format("    {}\n", which) : fmt::format("  {}: {}\n", what, which);
  for (const auto& [what, which] : report.setup) out += fmt::format("  {}: {}\n", what, which);
  out += fmt::format("  {}\n", class_text(report));
  for (const std::string& note : report.notes) out += fmt::format("  {}\n", note);
  for (const std::string& warning : report.warnings) out += fmt::format("  warning: {}\n", warning);
  const Overall all = overall(report);
  out += fmt::format("\n  {}: {}{}{}\n", report.title, all.word(), all.why.empty() ? "" : ". ",
                     all.why);
  if (!report.lines.empty()) out += "\n" + limits_text(report);
  if (const std::string note = orders_note(report); !note.empty())
    out += fmt::format("  {}\n", note);
  return out + motor_text(report) + orders_text(report) + events_text(report) +
         changes_text(report);
}

}  // namespace polyphase::lab
