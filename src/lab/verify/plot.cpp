#include "lab/verify/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace polyphase::lab::verify {
namespace {

constexpr double width = 720, height = 260, left = 64, right = 12, top = 12, bottom = 40;

/// From values to places along one edge of the picture.
class Axis {
 public:
  Axis(bool logarithmic, double low, double high, double from, double to)
      : logarithmic_(logarithmic), from_(from), to_(to) {
    if (logarithmic) {
      low_ = std::floor(std::log10(low));
      high_ = std::max(low_ + 1, std::ceil(std::log10(high) - 1e-9));
      return;
    }
    // Of a single value, what lies about it.
    const double span =
        std::max(high - low, 1e-9 * std::max({std::abs(low), std::abs(high), 1e-9}));
    step_ = step_of(span / 5);
    low_ = std::floor(low / step_ + 1e-9) * step_;
    high_ = std::max(low_ + step_, std::ceil(high / step_ - 1e-9) * step_);
  }

  double place(double value) const {
    const double v = logarithmic_ ? (value > 0 ? std::log10(value) : low_) : value;
    return from_ + (to_ - from_) * (std::clamp(v, low_, high_) - low_) / (high_ - low_);
  }

  std::vector<double> ticks() const {
    std::vector<double> at;
    const double step = logarithmic_ ? 1 : step_;
    for (double v = low_; v <= high_ + step / 2; v += step)
      at.push_back(logarithmic_ ? std::pow(10, v) : (std::abs(v) < step / 1000 ? 0 : v));
    return at;
  }

 private:
  static double step_of(double rough) {
    const double ten = std::pow(10, std::floor(std::log10(std::max(rough, 1e-30))));
    for (const double part : {1.0, 2.0, 5.0})
      if (part * ten >= rough) return part * ten;
    return 10 * ten;
  }

  bool logarithmic_;
  double from_, to_, low_ = 0, high_ = 1, step_ = 1;
};

struct Bounds {
  double low = 0, high = 0;
  bool any = false;
  void add(double value, bool logarithmic) {
    if (!std::isfinite(value) || (logarithmic && value <= 0)) return;
    low = any ? std::min(low, value) : value;
    high = any ? std::max(high, value) : value;
    any = true;
  }
};

std::string line(double x1, double y1, double x2, double y2, const char* name) {
  return fmt::format(R"(<path class="{}" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>)", name, x1, y1, x2,
                     y2);
}

std::string text(double x, double y, const char* anchor, const std::string& words) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", x, y, anchor,
                     escaped(words));
}

std::string points(const Plot& plot, const Axis& x, const Axis& y, std::size_t s) {
  std::string path;
  bool pen_down = false;
  for (const auto& [at, value] : plot.series[s].points) {
    if (!std::isfinite(value)) {
      pen_down = false;
      continue;
    }
    // A stroke without length is a dot, with round ends.
    path += fmt::format("{}{:.1f} {:.1f}{}", plot.dots || !pen_down ? "M" : "L", x.place(at),
                        y.place(value), plot.dots ? "h0" : "");
    pen_down = true;
  }
  return fmt::format(R"(<path class="{} s{}" d="{}"><title>{}</title></path>)",
                     plot.dots ? "dots" : "line", s % plot_colours, path,
                     escaped(plot.series[s].name));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string svg(const Plot& plot) {
  Bounds xs, ys;
  for (const Plot::Series& series : plot.series)
    for (const auto& [x, y] : series.points) {
      xs.add(x, plot.log_x);
      ys.add(y, plot.log_y);
    }
  if (plot.limit != 0) ys.add(plot.limit, plot.log_y);
  if (!xs.any || !ys.any) return {};
  const Axis x(plot.log_x, xs.low, xs.high, left, width - right);
  const Axis y(plot.log_y, ys.low, ys.high, height - bottom, top);

  std::string out = fmt::format(
      R"(<figure><figcaption>{}</figcaption><svg viewBox="0 0 {} {}" role="img" aria-label="{}">)",
      escaped(plot.title), width, height, escaped(plot.title));
  for (const double tick : y.ticks()) {
    out += line(left, y.place(tick), width - right, y.place(tick), "grid");
    out += text(left - 6, y.place(tick) + 4, "end", fmt::format("{:.6g}", tick));
  }
  for (const double tick : x.ticks()) {
    out += line(x.place(tick), top, x.place(tick), height - bottom, "grid");
    out += text(x.place(tick), height - bottom + 16, "middle", fmt::format("{:.6g}", tick));
  }
  out += text((left + width - right) / 2, height - 6, "middle", plot.x_label);
  out += fmt::format(
      R"svg(<text transform="translate(14 {}) rotate(-90)" text-anchor="middle">{}</text>)svg",
      (top + height - bottom) / 2, escaped(plot.y_label));
  if (plot.limit != 0)
    out += line(left, y.place(plot.limit), width - right, y.place(plot.limit), "limit");
  for (std::size_t s = 0; s < plot.series.size(); ++s) out += points(plot, x, y, s);
  out += "</svg>";
  if (plot.series.size() > 1) {
    out += "<p class=\"legend\">";
    for (std::size_t s = 0; s < plot.series.size(); ++s)
      out += fmt::format(R"(<span class="s{}">{}</span> )", s % plot_colours,
                         escaped(plot.series[s].name));
    out += "</p>";
  }
  return out + "</figure>\n";
}

}  // namespace polyphase::lab::verify
