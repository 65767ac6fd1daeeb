#pragma once

#include <span>
#include <string>

#include "lab/report.hpp"

namespace polyphase::lab {

/// Pictures of a report as SVG, coloured by the page's style: lines of class `limit`, values of
/// class `value`, what was excluded of class `excluded`.

/// Values over time, of many the lowest and highest of each column; limits as lines.
std::string trend_chart(const ReportSeries& series);
/// How often which value, of those that were not excluded.
std::string histogram_chart(const ReportSeries& series);
/// Percent over duration, both curves of ITI and that of SEMI F47 behind the events.
std::string event_chart(std::span<const registers::Disturbance> events);

/// Text for HTML.
std::string escaped(std::string_view text);

}  // namespace polyphase::lab
