#include "lab/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "pq/ride_through.hpp"

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

Verdict verdict_of(const pq::IntervalCount& count, bool whole, double beyond_percent_max) {
  if (count.valid == 0) return Verdict::not_measured;
  if (!whole) return Verdict::not_whole;
  return count.beyond_percent() <= beyond_percent_max ? Verdict::complies : Verdict::fails;
}

// Of a band the value that deviates most from its middle, of one limit the largest: of as many of
// the values as must be within.
double farthest(std::vector<double> values, const Limit& limit) {
  if (values.empty()) return not_available;
  const bool band = std::isfinite(limit.low) && std::isfinite(limit.high);
  const double middle = band ? (limit.low + limit.high) / 2 : 0;
  const double share = 100 - limit.beyond_percent_max;
  const auto rank =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()) / 100 - 1e-9));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
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
  if (series.set_up) line.limit = text_of(limit, percent ? "%" : series.unit.c_str());
  line.share = 100 - limit.beyond_percent_max;
  std::vector<double> values;
  for (const ReportPoint& point : points) {
    if (point.excluded()) {
      line.count.invalid += 1;
      continue;
    }
    values.push_back(percent ? 100 * point.value / series.reference : point.value);
    line.count.valid += 1;
    line.count.beyond += limit.beyond(values.back()) ? 1 : 0;
  }
  if (!values.empty()) {
    line.lowest = *std::min_element(values.begin(), values.end());
    line.highest = *std::max_element(values.begin(), values.end());
  }
  const double period_s = std::min(series.limits.period_s, pq::en50160::week_s);
  line.verdict = verdict_of(
      line.count, is_whole(static_cast<double>(points.size()), series.interval_s, period_s),
      limit.beyond_percent_max);
  if (!series.set_up) line.verdict = Verdict::not_set_up;
  line.at_share = farthest(std::move(values), limit);
  return line;
}

bool worse(const ReportLine& a, const ReportLine& b) {
  const auto whole = [](const ReportLine& line) {
    return line.verdict == Verdict::complies || line.verdict == Verdict::fails;
  };
  if (whole(a) != whole(b)) return whole(a);
  return a.count.beyond_percent() > b.count.beyond_percent() ||
         (b.count.valid == 0 && a.count.valid > 0);
}

// A week (a year) is what the recording gives; days are those of UTC, of which the worst counts: of
// the whole ones, where there are any.
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

const char* word(pq::RideThrough place) {
  return place == pq::RideThrough::inside  ? "inside"
         : place == pq::RideThrough::above ? "above"
                                           : "below";
}

}  // namespace

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::complies:
      return "complies";
    case Verdict::fails:
      return "does not comply";
    case Verdict::not_whole:
      return "not a whole period";
    case Verdict::not_set_up:
      return "not set up";
    case Verdict::not_measured:
      break;
  }
  return "not measured";
}

std::string class_text(const Report& report) {
  return report.measured_class.empty()
             ? "measured by no class of IEC 61000-4-30"
             : fmt::format("measured by class {} of IEC 61000-4-30", report.measured_class);
}

void judge(Report& report) {
  for (const ReportSeries& series : report.series) {
    report.lines.push_back(line_of(series, series.limits.usual));
    if (series.limits.always) report.lines.push_back(line_of(series, *series.limits.always));
  }
}

// Percentiles are of classes: they must not contradict what was counted.
double kept_within(double at_share, double beyond, double limit) {
  return beyond == 0 ? std::fmin(at_share, limit) : at_share;
}

// Where a good part of the orders was not measured nobody knows whether the network complies.
Verdict verdict_to(unsigned order_max, const Verdict& verdict) {
  constexpr unsigned order_needed = 25;  // the highest that EN 50160 has a limit for
  return order_max < order_needed && verdict == Verdict::complies ? Verdict::not_measured : verdict;
}

void judge(Report& report, const HarmonicCheck& check) {
  const HarmonicAssessment& a = check.assessment();
  const HarmonicCheck::Period& p = check.worst();
  const bool whole = check.whole_periods() > 0;
  const double beyond_max = 100 - a.percentile;
  const unsigned h = check.worst_order();
  ReportLine orders;
  orders.what = fmt::format("{} harmonics, {}", a.channel, a.name);
  orders.share = a.percentile;
  orders.count = {p.valid, p.invalid, *std::max_element(p.beyond.begin(), p.beyond.end())};
  if (h != 0) {
    orders.limit = fmt::format("H{} at most {:g} %", h, a.limit[h]);
    orders.at_share = kept_within(p.order[h].at(a.percentile), p.beyond[h], a.limit[h]);
  }
  orders.verdict = verdict_to(p.order_max, verdict_of(orders.count, whole, beyond_max));
  ReportLine total;
  total.what = fmt::format("{} {}, {}", a.channel, a.channel[0] == 'I' ? "TDD" : "THD", a.name);
  total.limit = fmt::format("at most {:g} %", a.total_limit);
  total.share = a.percentile;
  total.count = {p.valid, p.invalid, p.total_beyond};
  total.at_share = p.total.at(a.percentile);
  if (p.valid > 0) {
    total.lowest = p.total_lowest;
    total.highest = p.total_highest;
    total.at_share = std::clamp(total.at_share, p.total_lowest, p.total_highest);
    if (p.order_max < a.total_to)
      report.notes.push_back(fmt::format("{} harmonics, {}: measured to order {} only", a.channel,
                                         a.name, p.order_max));
  }
  total.verdict = verdict_to(p.order_max, verdict_of(total.count, whole, beyond_max));
  report.lines.push_back(std::move(orders));
  report.lines.push_back(std::move(total));
  for (unsigned order = 2; p.valid > 0 && order <= p.order_max; ++order)
    if (registers::available(a.limit[order]))
      report.orders.push_back(
          {a.channel, a.name, order, a.limit[order],
           kept_within(p.order[order].at(a.percentile), p.beyond[order], a.limit[order]),
           100 * p.beyond[order] / p.valid, 100 * p.beyond[order] / p.valid > beyond_max});
}

double percent_of(const registers::Disturbance& event) {
  return event.nominal > 0 ? 100 * event.extreme / event.nominal : not_available;
}

std::string cell_of(const registers::Disturbance& event) {
  const double duration_s = event.duration(), percent = percent_of(event);
  if (event.open) return "-";
  if (event.type == "interruption")
    return fmt::format("N{}", pq::en50160::interruption_class(duration_s) + 1);
  if (event.type == "swell") {
    const auto cell = pq::en50160::swell_cell(percent, duration_s);
    return cell ? pq::en50160::swell_cell_names[*cell] : "-";
  }
  const auto cell = pq::en50160::dip_cell(percent, duration_s);
  return cell ? pq::en50160::dip_cell_names[*cell] : "-";
}

std::string iti_of(const registers::Disturbance& event) {
  return word(pq::classify_iti(percent_of(event), event.duration()));
}

std::string semi_f47_of(const registers::Disturbance& event) {
  return word(pq::classify_semi_f47(percent_of(event), event.duration()));
}

}  // namespace polyphase::lab
