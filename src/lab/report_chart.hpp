#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report.hpp"
#include "lab/trace.hpp"

namespace polyphase::lab {

/// Pictures as SVG, coloured by the style of page.hpp: lines of class `limit`, values of class
/// `value`, what was excluded of class `excluded`. A picture without any value says why in words.

/// Curves over time, each broken where there is no value or nothing was recorded.
struct Trend {
  struct Curve {
    std::string name;  ///< of several; one needs none
    Trace trace;
  };
  std::string title, unit;
  std::vector<double> limits;
  std::vector<Curve> curves;
};
std::string trend_chart(const Trend& trend, std::string_view why_empty);

/// Of a series, in percent where it has a reference.
std::string trend_chart(const ReportSeries& series);
/// How often which value, of those that were not excluded.
std::string histogram_chart(const ReportSeries& series);
/// Why a series has nothing to draw; empty: it has.
std::string why_empty(const ReportSeries& series);

/// Percent over duration, both curves of ITI and that of SEMI F47 behind the events; of this, what
/// is recommended alone is of class `recommended`. What lies beyond an axis stands at its edge, as
/// a triangle.
std::string event_chart(std::span<const registers::Disturbance> events);

/// Text for HTML.
std::string escaped(std::string_view text);

}  // namespace polyphase::lab
