#include "lab/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <optional>
#include <span>

namespace polyphase::lab {
namespace {

using pq::en50160::Limit;
using registers::not_available;

std::string text_of(const Limit& limit, const char* unit) {
  const bool low = std::isfinite(limit.low), high = std::isfinite(limit.high);
  const std::string with = *unit == '\0' ? "" : fmt::format(" {}", unit);
  if (low && high) return fmt::format("{:g} to {:g}{}", limit.low, limit.high, with);
  return low ? fmt::format("at least {:g}{}", limit.low, with)
             : fmt::format("at most {:g}{}", limit.high, with);
}

// Of a band the value that deviates most from its middle, of one limit the largest: of as many of
// the values as must be within.
double farthest(std::vector<double> values, const Limit& limit) {
  if (values.empty()) return not_available;
  const bool band = std::isfinite(limit.low) && std::isfinite(limit.high);
  const double middle = band ? (limit.low + limit.high) / 2 : 0;
  const std::size_t rank = nearest_rank(values.size(), 100 - limit.beyond_percent_max);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), at, values.end(), [&](double a, double b) {
    return band ? std::abs(a - middle) < std::abs(b - middle) : a < b;
  });
  return *at;
}

ReportLine line_of(const ReportSeries& series, const Limit& limit,
                   std::span<const ReportPoint> points) {
  ReportLine line;
  const bool percent = series.reference > 0;
  line.what = series.title;
  line.required = series.required;
  if (!series.set_up) {  // without a limit there is nothing to count
    line.verdict = Verdict::not_set_up;
    return line;
  }
  line.limit = text_of(limit, percent ? "%" : series.unit.c_str());
  if (percent) {
    line.reference = series.reference;
    line.unit = series.unit;
    line.unit_limit =
        text_of({line.in_unit(limit.low), line.in_unit(limit.high)}, series.unit.c_str());
  }
  line.share = 100 - limit.beyond_percent_max;
  line.count = tally_of(points);
  std::vector<double> values;
  for (const ReportPoint& point : points) {
    if (point.excluded()) continue;
    values.push_back(percent ? 100 * point.value / series.reference : point.value);
    line.count.beyond += limit.beyond(values.back()) ? 1 : 0;
  }
  if (!values.empty()) {
    line.lowest = *std::min_element(values.begin(), values.end());
    line.highest = *std::max_element(values.begin(), values.end());
  }
  const double period_s = std::min(series.limits.period_s, pq::en50160::week_s);
  line.verdict = verdict_of(line.count, {series.interval_s, period_s}, limit.beyond_percent_max);
  line.at_share = farthest(std::move(values), limit);
  return line;
}

bool worse(const ReportLine& a, const ReportLine& b) {
  const auto rank = [](const ReportLine& line) {
    const int weight = line.verdict == Verdict::fails       ? 3
                       : line.verdict == Verdict::complies  ? 2
                       : line.verdict == Verdict::not_whole ? 1
                                                            : 0;
    return std::pair{weight, line.count.valid > 0 ? line.count.beyond_percent() : -1};
  };
  return rank(a) > rank(b);
}

// A week (a year) is what the recording gives; days are those of UTC, of which the worst counts:
// one that fails, else of the whole ones, where there are any.
ReportLine line_of(const ReportSeries& series, const Limit& limit) {
  if (series.limits.period_s > pq::en50160::day_s) return line_of(series, limit, series.points);
  constexpr std::int64_t day_ns = 86'400'000'000'000;
  const auto day_of = [](const ReportPoint& point) {
    return interval_of(point.end.plus_ns(-1), day_ns);
  };
  std::optional<ReportLine> worst;
  for (auto begin = series.points.begin(); begin != series.points.end();) {
    const auto end = std::find_if(begin, series.points.end(), [&](const ReportPoint& point) {
      return day_of(point) != day_of(*begin);
    });
    ReportLine day = line_of(series, limit, {begin, end});
    if (!worst || worse(day, *worst)) worst = std::move(day);
    begin = end;
  }
  return worst ? *worst : line_of(series, limit, {});
}

// "THD, 10 min, week (V1, V2); Frequency": the lines of that kind, each once.
template <typename Is>
std::string names_of(const Report& report, const Is& is) {
  std::vector<std::pair<std::string, std::string>> groups;  // of what the channels are
  for (const ReportLine& line : report.lines) {
    if (!is(line)) continue;
    const bool of_channel = line.what.size() > 3 && line.what[2] == ' ';
    const std::string channel = of_channel ? line.what.substr(0, 2) : std::string();
    const std::string what = of_channel ? line.what.substr(3) : line.what;
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& known) { return known.first == what; });
    if (group == groups.end()) group = groups.insert(group, {what, ""});
    if (group->second.find(channel) == std::string::npos)
      group->second += (group->second.empty() ? "" : ", ") + channel;
  }
  std::string names;
  for (const auto& [what, channels] : groups)
    names += fmt::format("{}{}{}", names.empty() ? "" : "; ", what,
                         channels.empty() ? "" : " (" + channels + ")");
  return names;
}

}  // namespace

std::string class_text(const Report& report) {
  if (report.measured_class.empty()) return "measured by no class of IEC 61000-4-30";
  return fmt::format("measured by class {} of IEC 61000-4-30{}", report.measured_class,
                     report.recording.doubts.unsynchronised_s > 0
                         ? ", but for the clock, which was not synchronised"
                         : "");
}

void judge(Report& report) {
  for (const ReportSeries& series : report.series) {
    if (!series.judged) continue;
    report.lines.push_back(line_of(series, series.limits.usual));
    if (series.limits.always && series.set_up)
      report.lines.push_back(line_of(series, *series.limits.always));
  }
}

namespace {

/// The picture of one value of each interval of a check, in percent.
ReportSeries picture(const HarmonicCheck& check, std::string title, double limit,
                     const std::function<float(const HarmonicCheck::Interval&)>& value_of) {
  const HarmonicAssessment& a = check.assessment();
  ReportSeries series{
      std::move(title), "%", a.interval_s, 0, {a.interval_s, a.period_s, {}, {}}, {}};
  series.limits.usual.high = limit;
  series.judged = false;
  for (const HarmonicCheck::Interval& interval : check.worst().intervals) {
    ReportPoint point{interval.end, registers::not_available, {}};
    if (interval.exclusion == Exclusion::flagged) point.quality.add(Quality::disturbed);
    if (interval.exclusion == Exclusion::not_whole) point.quality.add(Quality::partial);
    if (interval.exclusion == Exclusion::none || interval.exclusion == Exclusion::not_whole)
      point.value = static_cast<double>(value_of(interval));
    series.points.push_back(point);
  }
  return series;
}

// Two assessments of the same values are one picture with two limits.
void add_picture(Report& report, ReportSeries series) {
  for (ReportSeries& there : report.series)
    if (there.title == series.title && there.interval_s == series.interval_s) {
      there.limits.always = series.limits.usual;
      return;
    }
  report.series.push_back(std::move(series));
}

}  // namespace

void judge(Report& report, const HarmonicCheck& check) {
  const HarmonicAssessment& a = check.assessment();
  const HarmonicCheck::Period& p = check.worst();
  const unsigned h = p.worst_order;
  const char* total_name = a.channel[0] == 'I' ? "TDD" : "THD";
  ReportLine orders;
  orders.what = fmt::format("{} harmonics, {}", a.channel, a.name);
  orders.share = a.percentile;
  orders.count = p.orders_count();
  orders.verdict = p.orders_verdict;
  if (h != 0) {
    orders.limit = fmt::format("H{} at most {:g} %", h, a.limit[h]);
    orders.at_share = p.order[h].at_share;
    orders.lowest = p.order[h].lowest;
    orders.highest = p.order[h].highest;
  }
  ReportLine total;
  total.what = fmt::format("{} {}, {}", a.channel, total_name, a.name);
  total.limit = fmt::format("at most {:g} %", a.total_limit);
  total.share = a.percentile;
  total.count = p.count;
  total.verdict = p.total_verdict;
  if (p.count.valid > 0) {
    total.lowest = p.total.lowest;
    total.highest = p.total.highest;
    total.at_share = p.total.at_share;
    report.orders_wanted = std::max(report.orders_wanted, a.total_to);
    report.orders_measured =
        report.orders_measured == 0 ? p.order_max : std::min(report.orders_measured, p.order_max);
  }
  report.lines.push_back(std::move(orders));
  report.lines.push_back(std::move(total));
  for (unsigned order = 2; p.count.valid > 0 && order <= p.order_max; ++order) {
    if (!registers::available(a.limit[order])) continue;
    const HarmonicCheck::Figures& figures = p.order[order];
    const double beyond_percent = 100 * figures.beyond / p.count.valid;
    report.orders.push_back({a.channel, a.name, order, a.limit[order], figures.at_share,
                             figures.highest, beyond_percent, figures.at_share > a.limit[order]});
  }
  const std::string interval = duration_text(a.interval_s);
  const char* of_day = a.interval_s < 60 ? ", worst day" : "";
  add_picture(report,
              picture(check, fmt::format("{} {}, {}{}", a.channel, total_name, interval, of_day),
                      a.total_limit, [](const auto& i) { return i.total; }));
  if (h != 0)
    add_picture(
        report,
        picture(check, fmt::format("{} worst order H{}, {}{}", a.channel, h, interval, of_day),
                a.limit[h], [h](const auto& i) { return i.percent[h]; }));
}

std::string orders_note(const Report& report) {
  if (report.orders_measured >= report.orders_wanted) return {};
  const char* total = report.kind == ReportKind::en50160 ? "THD is" : "THD and TDD are";
  return fmt::format(
      "Harmonics were measured and are judged to order {0} of {1}, which is what the sampling rate "
      "carries; {2} of orders 2 to {0}",
      report.orders_measured, report.orders_wanted, total);
}

Overall overall(const Report& report) {
  Overall all;
  const auto failing =
      names_of(report, [](const ReportLine& line) { return line.verdict == Verdict::fails; });
  if (!failing.empty()) return {true, false, fmt::format("Beyond the limit: {}.", failing)};
  std::vector<std::string> reasons;
  bool any = false;
  for (const Verdict verdict : {Verdict::not_whole, Verdict::all_flagged, Verdict::all_excluded,
                                Verdict::not_measured, Verdict::not_set_up}) {
    const auto of_kind = [&](const ReportLine& line) { return line.verdict == verdict; };
    const auto wanting = [&](const ReportLine& line) { return of_kind(line) && line.required; };
    if (std::none_of(report.lines.begin(), report.lines.end(), of_kind)) continue;
    any |= std::any_of(report.lines.begin(), report.lines.end(), wanting);
    if (verdict == Verdict::not_whole)
      reasons.push_back(fmt::format(
          "the recording of {} holds no whole period of a week or a day",
          duration_text(seconds_between(report.recording.first, report.recording.end))));
    else if (verdict == Verdict::not_measured)
      reasons.push_back(
          fmt::format("{} in the recording of {}: {}", word(verdict),
                      duration_text(seconds_between(report.recording.first, report.recording.end)),
                      names_of(report, of_kind)));
    else
      reasons.push_back(fmt::format("{}: {}", word(verdict), names_of(report, of_kind)));
  }
  const auto too_often = names_of(report, [](const ReportLine& line) {
    return line.verdict == Verdict::not_whole && line.count.beyond_percent() > 100 - line.share;
  });
  if (!too_often.empty())
    reasons.push_back("so far more often beyond the limit than may be: " + too_often);
  if (!report.all_judged)
    reasons.emplace_back("part of the standard was not judged, as the notes say");
  if (report.lines.empty()) reasons.emplace_back("nothing was judged");
  if (!any && !orders_note(report).empty())
    reasons.push_back(fmt::format("harmonics to order {}", report.orders_measured));
  all.known = !any && report.all_judged && !report.lines.empty();
  all.complies = all.known;
  for (std::string& reason : reasons) {
    reason[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(reason[0])));
    all.why += fmt::format("{}{}.", all.why.empty() ? "" : " ", reason);
  }
  return all;
}

}  // namespace polyphase::lab
