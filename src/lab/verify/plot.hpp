#pragma once

#include <string>
#include <utility>
#include <vector>

namespace polyphase::lab::verify {

/// A picture for the report's page. Colours come from the page's style: series one after the other
/// have the classes s0 to s7.
struct Plot {
  struct Series {
    std::string name;  ///< empty: not named
    std::vector<std::pair<double, double>> points;
  };
  std::string title, x_label, y_label;
  bool log_x = false, log_y = false, dots = false;
  double limit = 0;  ///< a line across at this y; 0: none
  std::vector<Series> series;
};
inline constexpr std::size_t plot_colours = 8;

/// As an SVG element. Points that have no place on a logarithmic scale lie on its lower end.
std::string svg(const Plot& plot);

/// With the marks of HTML and SVG written as text.
std::string escaped(std::string_view text);

}  // namespace polyphase::lab::verify
