#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lab/verify/plot.hpp"
#include "lab/verify/report.hpp"

namespace polyphase::lab::verify {
namespace {

constexpr const char* style = R"(
:root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--soft:#6a737d;--line:#d8dee4;--bad:#b3261e;
--c0:#0b66c3;--c1:#b35900;--c2:#1a7f4b;--c3:#8a3ab9;--c4:#00798c;--c5:#a8325e;--c6:#6b7000;--c7:#555}
@media (prefers-color-scheme:dark){:root{--fg:#e6e9ec;--bg:#14171a;--soft:#9aa4ae;--line:#30363d;--bad:#ff8a80;
--c0:#6cb2ff;--c1:#ffb066;--c2:#6fd39b;--c3:#d2a1f2;--c4:#5fd0e0;--c5:#f08fb5;--c6:#cdd35a;--c7:#bbb}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}
.soft,figcaption{color:var(--soft)}.bad{color:var(--bad);font-weight:600}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.2rem .6rem .2rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}figure{margin:1rem 0}svg{width:100%;height:auto}
svg text{font-size:11px;fill:var(--soft)}path{fill:none}.grid{stroke:var(--line)}
.limit{stroke:var(--bad);stroke-dasharray:5 4}.line{stroke-width:1.5}.dots{stroke-width:3;stroke-linecap:round}
.s0{stroke:var(--c0);color:var(--c0)}.s1{stroke:var(--c1);color:var(--c1)}.s2{stroke:var(--c2);color:var(--c2)}
.s3{stroke:var(--c3);color:var(--c3)}.s4{stroke:var(--c4);color:var(--c4)}.s5{stroke:var(--c5);color:var(--c5)}
.s6{stroke:var(--c6);color:var(--c6)}.s7{stroke:var(--c7);color:var(--c7)}
.legend{font-size:.85rem}.legend span{margin-right:.8rem;white-space:nowrap}.legend span::before{content:"\2501\00a0"}
summary{cursor:pointer;color:var(--soft)}
@media print{body{max-width:none;margin:0}h2,figure{break-inside:avoid}details:not([open]){display:none}}
)";

std::string place_of(const Check& c) {
  return c.influence == "none" ? c.test : c.test + "; " + c.influence;
}

std::string row(const Check& c) {
  return fmt::format(
      "<tr{}><td>{}</td><td>{}</td><td>{}</td><td class=n>{} {}</td><td class=n>{}</td>"
      "<td class=n>{} of {} {}</td><td class=n>{}</td></tr>\n",
      c.passed() ? "" : " class=bad", escaped(c.clause), escaped(place_of(c)), escaped(c.quantity),
      number_text(c.truth), escaped(c.unit), number_text(c.measured), number_text(c.error()),
      number_text(c.limit.amount), escaped(c.limit.unit), escaped(share_text(c)));
}

constexpr const char* rows_head =
    "<table><tr><th>clause<th>test; influence<th>quantity<th class=n>true<th class=n>measured"
    "<th class=n>error<th class=n>of limit</tr>\n";

std::string clause_table(const Group& group) {
  std::string out =
      "<table><tr><th>clause<th class=n>checks<th class=n>failed<th class=n>of limit<th>worst at"
      "</tr>\n";
  for (const auto& [clause, tally] : by_clause(group))
    out += fmt::format(
        "<tr{}><td>{}</td><td class=n>{}</td><td class=n>{}</td><td class=n>{}</td><td>{}, {}</td>"
        "</tr>\n",
        tally.failed == 0 ? "" : " class=bad", escaped(clause), tally.checks,
        tally.failed == 0 ? "-" : std::to_string(tally.failed), escaped(share_text(*tally.worst)),
        escaped(tally.worst->quantity), escaped(place_of(*tally.worst)));
  return out + "</table>\n";
}

Plot::Series& series_of(Plot& plot, const std::string& name) {
  const auto it = std::find_if(plot.series.begin(), plot.series.end(),
                               [&](const Plot::Series& s) { return s.name == name; });
  return it != plot.series.end() ? *it : plot.series.emplace_back(Plot::Series{name, {}});
}

// A dot a check, a colour a clause; those that must be exact and are have no place.
std::string shares_plot(const Group& group) {
  Plot plot{"Share of the limit that each error takes, in the order of the checks",
            "check",
            "%",
            false,
            true,
            true,
            100,
            {}};
  double n = 0;
  for (const Experiment& e : group.experiments)
    for (const Check& c : e.checks) {
      ++n;
      if (c.limit.amount > 0)
        series_of(plot, c.clause).points.emplace_back(n, std::max(c.share_percent(), 1e-4));
    }
  return svg(plot);
}

std::string series_plot(const Group& group) {
  Plot plot;
  plot.title = group.curve.title;
  plot.x_label = group.curve.x_label;
  plot.y_label = "% of the value";
  plot.log_x = group.curve.log_x;
  plot.dots = group.curve.dots;
  for (const Experiment& e : group.experiments)
    for (const Check& c : e.checks)
      if (!c.series.empty())
        series_of(plot, c.series).points.emplace_back(c.x, 100 * (c.measured / c.truth - 1));
  return plot.series.empty() ? std::string() : svg(plot);
}

std::string section(const Group& group) {
  std::string out =
      fmt::format("<h2>{}</h2>\n<p class=soft>Limits {}: {}.</p>\n{}", escaped(group.title),
                  confidence_text(group.confidence), escaped(group.limits), clause_table(group));
  std::string failed, all;
  for (const Experiment& e : group.experiments)
    for (const Check& c : e.checks) {
      all += row(c);
      if (!c.passed()) failed += row(c);
    }
  if (!failed.empty())
    out += fmt::format("<p class=bad>Failed:</p>{}{}</table>\n", rows_head, failed);
  out += shares_plot(group) + series_plot(group);
  return out + fmt::format("<details><summary>All checks</summary>{}{}</table></details>\n",
                           rows_head, all);
}

}  // namespace

std::string html_report(const std::vector<Group>& groups, const Title& title) {
  Tally all;
  for (const Group& group : groups)
    for (const Experiment& e : group.experiments)
      for (const Check& c : e.checks) all.add(c);
  std::string out = fmt::format(
      "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
      "content=\"width=device-width\"><title>{} type test</title><style>{}</style>\n"
      "<h1>Type test of {}</h1>\n<p>{}</p>\n<p class=soft>{}<br>{}<br>{}; {:.1f} s</p>\n"
      "<p{}>{}.</p>\n",
      escaped(title.program), style, escaped(title.program), what_it_certifies,
      escaped(title.command), escaped(title.machine), title.date, title.took_s,
      all.failed == 0 ? "" : " class=bad", escaped(summary(all)));
  for (const Group& group : groups) out += section(group);
  return out + "</html>\n";
}

}  // namespace polyphase::lab::verify
