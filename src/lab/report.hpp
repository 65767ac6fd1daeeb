#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/harmonic_check.hpp"
#include "lab/motor_voltage.hpp"
#include "lab/recording_facts.hpp"
#include "lab/report_point.hpp"
#include "pq/en50160.hpp"
#include "registers/sinks.hpp"

namespace polyphase::lab {

enum class ReportKind { en50160, ieee519 };

struct ReportSeries {
  std::string title;
  std::string unit;
  double interval_s = 0;
  double reference = 0;  ///< 100 %; 0: the values are what the limits are in
  pq::en50160::Characteristic limits;
  std::vector<ReportPoint> points;
  bool set_up = true;    ///< false: nobody has said what to look for
  bool required = true;  ///< false: the whole complies also where this is not set up
  bool judged = true;    ///< false: a picture alone, of what is judged elsewhere or not at all
};

/// One limit and how the values lie to it, in the unit of the limit.
struct ReportLine {
  std::string what;
  std::string limit;  ///< "90 to 110 %"
  double share = 0;   ///< percent of the intervals that must be within it
  Tally count;
  double at_share = registers::not_available;  ///< farthest value within that share: nearest rank
  double lowest = registers::not_available, highest = registers::not_available;
  Verdict verdict = Verdict::not_measured;
  bool required = true;
  double reference = 0;    ///< 100 % in `unit`; 0: the figures have no other unit
  std::string unit;        ///< "Hz", "V"
  std::string unit_limit;  ///< the limit in it: "49.5 to 50.5 Hz"

  double in_unit(double percent) const { return percent * reference / 100; }
};

/// One order of one channel against its limit.
struct ReportOrder {
  std::string channel, assessment;
  unsigned order = 0;
  double limit = 0, at_share = 0, highest = 0, beyond_percent = 0;
  bool fails = false;  ///< in more intervals above its limit than may be
};

/// What a report says, before it is written out in one of its forms.
struct Report {
  ReportKind kind = ReportKind::en50160;
  std::string title;
  RecordingFacts recording;
  std::string measured_class;  ///< of IEC 61000-4-30: "A", "S"; empty: of none
  double nominal_v = 0;
  Facts setup;  ///< what it was measured and judged by
  std::vector<std::string> warnings;
  std::vector<std::string> notes;
  bool all_judged = true;  ///< false: a note says what could not be, for want of a setting
  std::vector<ReportLine> lines;
  std::vector<ReportOrder> orders;
  unsigned orders_measured = 0, orders_wanted = 0;  ///< of harmonics; 0: none judged
  std::vector<ReportSeries> series;
  std::vector<registers::Disturbance> events;   ///< sags, swells, interruptions
  std::vector<registers::Disturbance> changes;  ///< rapid voltage changes
  bool changes_looked_for = false;
  MotorUnbalance motor;
};

/// Judges the series: of a period that is not whole what the rest of it cannot mend.
void judge(Report& report);
void judge(Report& report, const HarmonicCheck& check);

/// The whole: does not comply where a line does not; complies where all lines do.
struct Overall {
  bool known = false, complies = false;
  std::string why;
  const char* word() const {
    return !known ? "cannot be said" : complies ? "complies" : "does not comply";
  }
};
Overall overall(const Report& report);

/// "measured by class A of IEC 61000-4-30", or that it is by none.
std::string class_text(const Report& report);
/// To which order harmonics were measured, where that is less than there are limits for; else "".
std::string orders_note(const Report& report);

/// A page for people.
std::string report_text(const Report& report);
/// One file that needs no other: tables, trends, histograms, events over the curves of ITI and
/// SEMI.
std::string report_html(const Report& report);
std::string report_json(const Report& report);

}  // namespace polyphase::lab
