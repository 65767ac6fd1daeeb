#include "lab/report_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "lab/chart_axis.hpp"
#include "lab/report_event.hpp"
#include "pq/ride_through.hpp"

namespace polyphase::lab {
namespace {

constexpr double height = 210, left = 56, bottom = 184, top = 10;
constexpr double width = 640, right = 572;          // of what is over time
constexpr double narrow = 430, narrow_right = 414;  // of histograms, at the same scale

double judged(const ReportSeries& series, double value) {
  return series.reference > 0 ? 100 * value / series.reference : value;
}

const char* unit_of(const ReportSeries& series) {
  return series.reference > 0 ? "%" : series.unit.c_str();
}

// Each once, in order.
std::vector<double> limits_of(const ReportSeries& series) {
  std::vector<double> limits;
  if (!series.set_up) return limits;
  const auto add = [&](const pq::en50160::Limit& limit) {
    for (const double value : {limit.low, limit.high})
      if (std::isfinite(value)) limits.push_back(value);
  };
  add(series.limits.usual);
  if (series.limits.always) add(*series.limits.always);
  std::sort(limits.begin(), limits.end());
  limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
  return limits;
}

/// Of the values and the limits, with a margin.
struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  Axis axis(double from, double to) const {
    const double least = 1e-3 * std::max(std::abs(low), 1.0);
    const double margin = std::max(0.05 * (high - low), least);
    const bool positive = low >= 0;
    return {positive ? std::max(low - margin, 0.0) : low - margin, high + margin, from, to};
  }
};

std::string text_at(double x, double y, const char* anchor, const std::string& text,
                    const char* kind = "") {
  return fmt::format("<text{} x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>",
                     *kind == '\0' ? "" : fmt::format(" class=\"{}\"", kind), x, y, anchor,
                     escaped(text));
}

std::string line(const char* kind, double x1, double y1, double x2, double y2) {
  return fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>",
                     kind, x1, y1, x2, y2);
}

std::string open_chart(const std::string& title, double of_width = width) {
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\"><title>{}</title>", of_width, height,
                     escaped(title));
}

std::string with_unit(double value, std::string_view unit) {
  return fmt::format("{:g}{}{}", value, unit.empty() ? "" : " ", unit);
}

std::string in_words(const std::string& title, std::string_view why) {
  return open_chart(title) + line("grid", left, bottom, right, bottom) +
         text_at((left + right) / 2, (top + bottom) / 2, "middle", std::string(why)) + "</svg>";
}

// The scale stands on the left; the numbers that are limits on the right, where there is room.
std::string value_scale(const Axis& y, std::span<const double> limits, std::string_view unit) {
  constexpr double room = 11;
  std::string out;
  for (const double tick : round_ticks(y.low, y.high, 7)) {
    out += line("grid", left, y.at(tick), right, y.at(tick));
    out += text_at(left - 4, y.at(tick) + 4, "end", with_unit(tick, unit));
  }
  double last = height * 2;
  for (const double limit : limits) {
    out += line("limit", left, y.at(limit), right, y.at(limit));
    if (last - y.at(limit) < room) continue;
    out += text_at(right + 3, y.at(limit) + 4, "start", with_unit(limit, unit), "of-limit");
    last = y.at(limit);
  }
  return out;
}

// What the labels do not say stands at the end: the date, or of dates the year.
std::string time_scale(const Axis& x, Instant first, Instant end) {
  std::string out = line("grid", left, bottom, right, bottom);
  bool dates = false;
  for (const TimeTick& tick : time_ticks(first, end, 7)) {
    const double at = x.at(seconds_between(first, tick.time));
    out += line("grid", at, bottom, at, bottom + 4) + text_at(at, height - 6, "middle", tick.label);
    dates |= tick.label.find('-') != std::string::npos;
  }
  return out + text_at(width - 1, height - 6, "end", to_iso8601(first).substr(0, dates ? 4 : 10));
}

std::string stairs(std::span<const pq::CurveStep> curve, const Axis& x, const Axis& y,
                   double begin_s) {
  std::string points;
  double from_s = begin_s;
  for (const pq::CurveStep& step : curve) {
    const double until_s = std::isfinite(step.until_s) ? step.until_s : std::pow(10.0, x.high);
    points += fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} ", x.at(std::log10(from_s)),
                          y.at(step.percent), x.at(std::log10(until_s)), y.at(step.percent));
    from_s = until_s;
  }
  return points;
}

/// A curve as pieces: what is not there, and where nothing was recorded, parts them.
std::string pieces(const Trace& trace, const Axis& x, const Axis& y, Instant first,
                   const std::string& kind) {
  std::string out, points;
  std::size_t at_once = 0;  // points of this piece; of one a dot is left
  double last_x = 0, last_y = 0;
  const auto close = [&] {
    if (at_once == 1)
      out += fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\"/>", kind,
                         last_x, last_y);
    else if (at_once > 1)
      out += fmt::format("<polyline class=\"{}\" points=\"{}\"/>", kind, points);
    points.clear();
    at_once = 0;
  };
  const Trace::Stretch* before = nullptr;
  for (const Trace::Stretch& stretch : trace.stretches()) {
    const double length_s = seconds_between(stretch.begin, stretch.end);
    const bool hole =
        before != nullptr && seconds_between(before->end, stretch.begin) > 0.5 * length_s;
    if (hole || !stretch.any()) close();
    before = &stretch;
    if (!stretch.any()) continue;
    const double at = x.at(seconds_between(first, stretch.begin) + length_s / 2);
    for (const double value : {stretch.low, stretch.high}) {
      if (value == stretch.low && at_once > 0 && last_x == at) continue;
      last_x = at;
      last_y = y.at(value);
      points += fmt::format("{:.1f},{:.1f} ", last_x, last_y);
      ++at_once;
    }
  }
  close();
  return out;
}

// Neighbours are one mark: laid over each other they would look darker.
std::string excluded_marks(const Trace& trace, const Axis& x, Instant first) {
  std::string out;
  const auto& all = trace.stretches();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].excluded) continue;
    const double from = x.at(seconds_between(first, all[i].begin));
    while (i + 1 < all.size() && all[i + 1].excluded && all[i + 1].begin <= all[i].end) ++i;
    const double to = x.at(seconds_between(first, all[i].end));
    out += fmt::format(
        "<rect class=\"excluded\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/>", from,
        top, std::max(to - from, 1.0), bottom - top);
  }
  return out;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string trend_chart(const Trend& trend, std::string_view why_empty) {
  Range range;
  Instant first{std::numeric_limits<std::int64_t>::max()},
      end{std::numeric_limits<std::int64_t>::min()};
  for (const Trend::Curve& curve : trend.curves)
    for (const Trace::Stretch& stretch : curve.trace.stretches()) {
      first = std::min(first, stretch.begin);
      end = std::max(end, stretch.end);
      if (!stretch.any()) continue;
      range.take(stretch.low);
      range.take(stretch.high);
    }
  if (range.low > range.high) return in_words(trend.title, why_empty);
  for (const double limit : trend.limits) range.take(limit);
  const Axis y = range.axis(bottom, top);
  const Axis x{0, seconds_between(first, end), left, right};
  std::string out = open_chart(trend.title + " over time");
  for (const Trend::Curve& curve : trend.curves) out += excluded_marks(curve.trace, x, first);
  out += value_scale(y, trend.limits, trend.unit) + time_scale(x, first, end);
  for (std::size_t i = 0; i < trend.curves.size(); ++i) {
    const std::string kind = i == 0 ? "value" : fmt::format("value value{}", i + 1);
    out += pieces(trend.curves[i].trace, x, y, first, kind);
    if (trend.curves[i].name.empty()) continue;
    const double at = top + 12 + 14 * static_cast<double>(i);
    out += fmt::format("<polyline class=\"{}\" points=\"{},{} {},{}\"/>", kind, right + 4, at - 4,
                       right + 16, at - 4) +
           text_at(right + 20, at, "start", trend.curves[i].name);
  }
  return out + "</svg>";
}

std::string why_empty(const ReportSeries& series) {
  const Tally tally = tally_of(series.points);
  if (tally.valid > 0) return {};
  if (!series.set_up) return "Not set up.";
  if (series.points.empty())
    return series.interval_s > 0
               ? fmt::format("No interval of {} was completed.", duration_text(series.interval_s))
               : "Not measured.";
  std::vector<std::string> reasons;
  if (tally.flagged > 0) reasons.push_back(fmt::format("{:.0f} flagged", tally.flagged));
  if (tally.not_whole > 0) reasons.push_back(fmt::format("{:.0f} not whole", tally.not_whole));
  if (tally.missing > 0) reasons.push_back(fmt::format("{:.0f} not measured", tally.missing));
  return fmt::format("No interval of {} counts: {}.", duration_text(series.interval_s),
                     fmt::join(reasons, ", "));
}

std::string trend_chart(const ReportSeries& series) {
  Trend trend{series.title, unit_of(series), limits_of(series), {{}}};
  for (const ReportPoint& point : series.points)
    trend.curves[0].trace.add(
        point.end.plus_s(-series.interval_s), point.end,
        point.excluded() ? registers::not_available : judged(series, point.value));
  return trend_chart(trend, why_empty(series));
}

std::string histogram_chart(const ReportSeries& series) {
  constexpr std::size_t bars = 60;
  const std::vector<double> limits = limits_of(series);
  Range range;
  for (const ReportPoint& point : series.points)
    if (!point.excluded()) range.take(judged(series, point.value));
  if (range.low > range.high) return in_words(series.title, why_empty(series));
  for (const double limit : limits) range.take(limit);
  const Axis x = range.axis(left, narrow_right);
  std::array<double, bars> counts{};
  for (const ReportPoint& point : series.points) {
    if (point.excluded()) continue;
    const double share = (judged(series, point.value) - x.low) / (x.high - x.low);
    counts[std::min(static_cast<std::size_t>(share * bars), bars - 1)] += 1;
  }
  const double most = *std::max_element(counts.begin(), counts.end());
  const Axis y{0, most, bottom, top};
  constexpr double bar = (narrow_right - left) / bars;
  std::string out = open_chart(series.title + ", how often", narrow);
  for (const double tick : round_ticks(0, most, 4)) {
    if (tick != std::floor(tick)) continue;
    out += line("grid", left, y.at(tick), narrow_right, y.at(tick));
    out += text_at(left - 4, y.at(tick) + 4, "end", fmt::format("{:g}", tick));
  }
  for (std::size_t i = 0; i < bars; ++i)
    if (counts[i] > 0)
      out += fmt::format(
          "<rect class=\"value\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
          left + static_cast<double>(i) * bar, y.at(counts[i]), bar - 1, bottom - y.at(counts[i]));
  for (const double limit : limits) out += line("limit", x.at(limit), top, x.at(limit), bottom);
  for (const double tick : round_ticks(x.low, x.high, 6)) {
    out += line("grid", x.at(tick), bottom, x.at(tick), bottom + 4);
    out += text_at(x.at(tick), height - 6, "middle", with_unit(tick, unit_of(series)));
  }
  return out + "</svg>";
}

namespace {

// Of a curve what lies between these times.
std::vector<pq::CurveStep> part(std::span<const pq::CurveStep> curve, double from_s,
                                double until_s) {
  std::vector<pq::CurveStep> steps;
  for (const pq::CurveStep& step : curve) {
    if (step.until_s <= from_s) continue;
    steps.push_back({std::min(step.until_s, until_s), step.percent});
    if (step.until_s >= until_s) break;
  }
  return steps;
}

constexpr double shortest_s = 1e-3, longest_s = 1e3, highest_percent = 200;

std::string event_mark(const registers::Disturbance& event, const Axis& x, const Axis& y) {
  const double duration_s = event.duration(), percent = percent_of(event);
  const bool longer = duration_s > longest_s, higher = percent > highest_percent;
  const double cx = x.at(std::log10(std::max(shortest_s, duration_s))), cy = y.at(percent);
  const std::string words = fmt::format("{} {:.1f} %, {:.3f} s{}", event.type, percent, duration_s,
                                        event.open ? " when the recording ended" : "");
  if (longer || higher) {
    const std::string points = longer ? fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}",
                                                    cx - 4, cy - 5, cx - 4, cy + 5, cx + 5, cy)
                                      : fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}",
                                                    cx - 5, cy + 4, cx + 5, cy + 4, cx, cy - 5);
    return fmt::format("<polygon class=\"value\" points=\"{}\"><title>{}</title></polygon>", points,
                       words) +
           (longer ? text_at(cx + 8, cy + 4, "start", fmt::format("{:.0f} s", duration_s))
                   : text_at(cx, cy - 1, "middle", fmt::format("{:.0f} %", percent)));
  }
  return fmt::format(
      "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"><title>{}</title></circle>",
      event.open ? "value open" : "value", cx, cy, words);
}

}  // namespace

std::string event_chart(std::span<const registers::Disturbance> events) {
  const Axis x{std::log10(shortest_s), std::log10(longest_s), left, right};
  const Axis y{0, highest_percent, bottom, top};
  std::string out = open_chart("Events over the curves of ITI and SEMI F47");
  for (const double percent : {0.0, 50.0, 100.0, 150.0, 200.0}) {
    out += line("grid", left, y.at(percent), right, y.at(percent));
    out += text_at(left - 4, y.at(percent) + 4, "end", fmt::format("{:g} %", percent));
  }
  for (const double seconds : {0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1'000.0}) {
    const double at = x.at(std::log10(seconds));
    out += line("grid", at, top, at, bottom);
    out += text_at(at, height - 6, "middle", fmt::format("{:g} s", seconds));
  }
  const auto add = [&](const char* kind, std::span<const pq::CurveStep> curve, double from_s) {
    out += fmt::format("<polyline class=\"limit{}\" points=\"{}\"/>", kind,
                       stairs(curve, x, y, from_s));
  };
  add("", pq::iti_upper(), shortest_s);
  add("", pq::iti_lower(), shortest_s);
  constexpr double ever = std::numeric_limits<double>::infinity();
  constexpr double from_s = semi_f47_required_from_s, to_s = semi_f47_required_to_s;
  add(" semi recommended", part(pq::semi_f47(), 0, from_s), shortest_s);
  add(" semi", part(pq::semi_f47(), from_s, to_s), from_s);
  add(" semi recommended", part(pq::semi_f47(), to_s, ever), to_s);
  for (const registers::Disturbance& event : events) out += event_mark(event, x, y);
  return out + "</svg>";
}

}  // namespace polyphase::lab
