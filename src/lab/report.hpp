#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lab/harmonic_check.hpp"
#include "lab/output.hpp"
#include "pq/en50160.hpp"
#include "registers/sinks.hpp"

namespace polyphase::lab {

enum class ReportKind { en50160, ieee519 };

/// One value of a series: an aggregate that the meter has told.
struct ReportPoint {
  Instant end;
  double value = registers::not_available;
  Quality quality;
  bool counts = false;  ///< though flagged: a voltage that was low or high for long is judged
  /// Not there, flagged, or of fewer cycles than it should be.
  bool excluded() const {
    const bool flagged = quality.has(Quality::disturbed) && !counts;
    return !registers::available(value) || flagged || quality.has(Quality::partial);
  }
};

struct ReportSeries {
  std::string title;
  std::string unit;
  double interval_s = 0;
  double reference = 0;  ///< 100 %; 0: the values are what the limits are in
  pq::en50160::Characteristic limits;
  std::vector<ReportPoint> points;
  bool set_up = true;  ///< false: nobody has said what to look for
};

enum class Verdict { complies, fails, not_whole, not_measured, not_set_up };
const char* word(Verdict verdict);

/// One limit and how the values lie to it, in the unit of the limit.
struct ReportLine {
  std::string what;
  std::string limit;  ///< "90 to 110 %"
  double share = 0;   ///< percent of the intervals that must be within it
  pq::IntervalCount count;
  double at_share =
      registers::not_available;  ///< farthest value within that share of the intervals
  double lowest = registers::not_available, highest = registers::not_available;
  Verdict verdict = Verdict::not_measured;
};

/// One order of one channel against its limit.
struct ReportOrder {
  std::string channel, assessment;
  unsigned order = 0;
  double limit = 0, at_share = 0, beyond_percent = 0;
  bool fails = false;  ///< in more intervals above its limit than may be
};

/// What a report says, before it is written out in one of its forms.
struct Report {
  ReportKind kind = ReportKind::en50160;
  std::string title, recording;
  std::string measured_class;  ///< of IEC 61000-4-30: "A", "S"; empty: of none
  Instant first, end;
  double nominal_v = 0;
  std::vector<std::string> notes;
  std::vector<ReportLine> lines;
  std::vector<ReportOrder> orders;
  std::vector<ReportSeries> series;
  std::vector<registers::Disturbance> events;  ///< sags, swells, interruptions
};

/// Judges the series; a period that is not whole gets no verdict but the figures.
void judge(Report& report);
void judge(Report& report, const HarmonicCheck& check);

/// "measured by class A of IEC 61000-4-30", or that it is by none.
std::string class_text(const Report& report);

/// A page for people.
std::string report_text(const Report& report);
/// One file that needs no other: tables, trends, histograms, events over the curves of ITI and
/// SEMI.
std::string report_html(const Report& report);
std::string report_json(const Report& report);

/// The name of the cell of EN 50160 that an event falls into: "C2", "T1", "N3"; "-": none.
std::string cell_of(const registers::Disturbance& event);
/// "inside", "above" or "below" of a curve.
std::string iti_of(const registers::Disturbance& event);
std::string semi_f47_of(const registers::Disturbance& event);
double percent_of(const registers::Disturbance& event);

}  // namespace polyphase::lab
