#include "lab/report_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "pq/ride_through.hpp"

namespace polyphase::lab {
namespace {

constexpr double width = 640, height = 200, left = 56, bottom = 24, top = 8;

/// A range of numbers laid along an axis.
struct Axis {
  double low, high, from, to;
  double at(double value) const {
    const double share = high > low ? (value - low) / (high - low) : 0.5;
    return from + (to - from) * std::clamp(share, 0.0, 1.0);
  }
};

double judged(const ReportSeries& series, double value) {
  return series.reference > 0 ? 100 * value / series.reference : value;
}

const char* unit_of(const ReportSeries& series) {
  return series.reference > 0 ? "%" : series.unit.c_str();
}

std::vector<double> limits_of(const ReportSeries& series) {
  std::vector<double> limits;
  const auto add = [&](const pq::en50160::Limit& limit) {
    for (const double value : {limit.low, limit.high})
      if (std::isfinite(value)) limits.push_back(value);
  };
  add(series.limits.usual);
  if (series.limits.always) add(*series.limits.always);
  return limits;
}

// Of the values and the limits near them.
Axis range_of(const ReportSeries& series, double from, double to) {
  double low = limits_of(series).front(), high = low;
  const auto take = [&](double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (const double limit : limits_of(series)) take(limit);
  for (const ReportPoint& point : series.points)
    if (!point.excluded()) take(judged(series, point.value));
  const double margin = high > low ? 0.05 * (high - low) : 1;
  return {low - margin, high + margin, from, to};
}

std::string open_chart(const std::string& title) {
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\"><title>{}</title>", width, height,
                     escaped(title));
}

std::string text_at(double x, double y, const char* anchor, const std::string& text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>", x, y, anchor,
                     escaped(text));
}

std::string line(const char* kind, double x1, double y1, double x2, double y2) {
  return fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>",
                     kind, x1, y1, x2, y2);
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

std::string trend_chart(const ReportSeries& series) {
  if (series.points.empty()) return {};
  const Axis y = range_of(series, height - bottom, top);
  const Instant first = series.points.front().end, last = series.points.back().end;
  const Axis x{0, seconds_between(first, last), left, width - 8};
  std::string out = open_chart(series.title + " over time");
  for (const double limit : limits_of(series)) {
    out += line("limit", left, y.at(limit), width - 8, y.at(limit));
    out +=
        text_at(left - 4, y.at(limit) + 4, "end", fmt::format("{:g} {}", limit, unit_of(series)));
  }
  struct Column {
    double low = 0, high = 0;
    bool any = false, excluded = false;
  };
  std::vector<Column> columns(static_cast<std::size_t>(width - left));
  for (const ReportPoint& point : series.points) {
    const auto at = static_cast<std::size_t>(x.at(seconds_between(first, point.end)) - left);
    Column& column = columns[std::min(at, columns.size() - 1)];
    if (point.excluded()) {
      column.excluded = true;
      continue;
    }
    const double value = judged(series, point.value);
    column.low = column.any ? std::min(column.low, value) : value;
    column.high = column.any ? std::max(column.high, value) : value;
    column.any = true;
  }
  std::string points;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double at = left + static_cast<double>(i) + 0.5;
    if (columns[i].excluded) out += line("excluded", at, top, at, height - bottom);
    if (!columns[i].any) continue;
    points += fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} ", at, y.at(columns[i].low), at,
                          y.at(columns[i].high));
  }
  out += fmt::format("<polyline class=\"value\" points=\"{}\"/>", points);
  out += text_at(left, height - 6, "start", to_iso8601(first).substr(0, 16));
  out += text_at(width - 8, height - 6, "end", to_iso8601(last).substr(0, 16));
  return out + "</svg>";
}

std::string histogram_chart(const ReportSeries& series) {
  constexpr std::size_t bars = 40;
  const Axis x = range_of(series, left, width - 8);
  std::array<double, bars> counts{};
  for (const ReportPoint& point : series.points) {
    if (point.excluded()) continue;
    const double share = (judged(series, point.value) - x.low) / (x.high - x.low);
    counts[std::min(static_cast<std::size_t>(share * bars), bars - 1)] += 1;
  }
  const double most = *std::max_element(counts.begin(), counts.end());
  if (most == 0) return {};
  const Axis y{0, most, height - bottom, top};
  constexpr double bar = (width - 8 - left) / bars;
  std::string out = open_chart(series.title + ", how often");
  for (std::size_t i = 0; i < bars; ++i)
    if (counts[i] > 0)
      out += fmt::format(
          "<rect class=\"value\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
          left + static_cast<double>(i) * bar, y.at(counts[i]), bar - 1,
          height - bottom - y.at(counts[i]));
  for (const double limit : limits_of(series)) {
    out += line("limit", x.at(limit), top, x.at(limit), height - bottom);
    out +=
        text_at(x.at(limit), height - 6, "middle", fmt::format("{:g} {}", limit, unit_of(series)));
  }
  out += text_at(left - 4, top + 10, "end", fmt::format("{:g}", most));
  return out + "</svg>";
}

std::string event_chart(std::span<const registers::Disturbance> events) {
  constexpr double shortest_s = 1e-3;
  const Axis x{std::log10(shortest_s), 2.5, left, width - 8}, y{0, 200, height - bottom, top};
  std::string out = open_chart("Events over the curves of ITI and SEMI F47");
  for (const auto& [kind, curve] : {std::pair{"limit", pq::iti_upper()},
                                    {"limit", pq::iti_lower()},
                                    {"limit semi", pq::semi_f47()}})
    out += fmt::format("<polyline class=\"{}\" points=\"{}\"/>", kind,
                       stairs(curve, x, y, shortest_s));
  for (const registers::Disturbance& event : events) {
    const double duration_s = std::max(shortest_s, event.duration());
    out += fmt::format(
        "<circle class=\"value\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"><title>{} {:.1f} "
        "%, {:.3f} s</title></circle>",
        x.at(std::log10(duration_s)), y.at(percent_of(event)), event.type, percent_of(event),
        duration_s);
  }
  for (const double percent : {0.0, 50.0, 100.0, 150.0, 200.0})
    out += text_at(left - 4, y.at(percent) + 4, "end", fmt::format("{:g} %", percent));
  for (const double seconds : {0.001, 0.01, 0.1, 1.0, 10.0, 100.0})
    out += text_at(x.at(std::log10(seconds)), height - 6, "middle", fmt::format("{:g} s", seconds));
  return out + "</svg>";
}

}  // namespace polyphase::lab
