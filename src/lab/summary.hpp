#pragma once

#include <array>
#include <string>
#include <vector>

#include "lab/accumulator.hpp"
#include "lab/distortion_figures.hpp"
#include "lab/motor_voltage.hpp"
#include "lab/recording_facts.hpp"
#include "lab/report_chart.hpp"
#include "lab/session.hpp"
#include "lab/trace.hpp"

namespace polyphase::lab {

/// What a recording holds, on the whole, before it is written out in one of its forms.
struct SummaryPage {
  struct Line {
    std::string label, unit;
    int decimals = 3;
    double mean = registers::not_available, low = mean, high = mean;
    std::size_t left_out = 0;  ///< windows of a distortion that means nothing
  };
  struct Sum {
    std::string label, unit;
    double value = registers::not_available;
  };
  struct Event {
    std::string type;
    registers::Disturbance told;
  };
  RecordingFacts recording;
  Facts meter;  ///< how it was set up
  std::vector<std::string> warnings;
  std::string of;  ///< "seconds": what lines and trends are of; empty: nothing could be measured
  std::vector<Line> lines;
  std::vector<Sum> sums;
  std::string missing_inputs;                   ///< that powers and energies need; empty: none
  double nominal_v = registers::not_available;  ///< N/A: voltage events were not looked for
  std::vector<Event> events;                    ///< by time
  std::vector<Trend> trends;
  MotorUnbalance motor;
};

/// A page for people.
std::string summary_text(const SummaryPage& page);
/// One file that needs no other.
std::string summary_html(const SummaryPage& page);
std::string summary_json(const SummaryPage& page);

/// Gathers it from a running engine. Mean, low and high of the one-second values; where there is no
/// whole second, of windows, and where there is no window, of cycles.
class Summary final : public graph::StepObserver {
 public:
  /// `engine` is started.
  explicit Summary(const graph::Engine& engine);
  void stepped(graph::Cadence cadence, Instant end, double duration_s,
               Quality quality) noexcept override;
  SummaryPage page(const Findings& findings, RecordingFacts recording);

 private:
  struct OfPace {
    registers::Index index = registers::no_register;
    Accumulator values;
    Trace trace;
    DistortionFigures distortion;
  };
  struct Line {
    const char* label;
    int decimals;
    bool power, input;
    registers::Index fundamental;  ///< of a distortion; no_register: it is none
    std::array<OfPace, registers::cadence_count> paces;  ///< by cadence
  };
  /// What a line has at a pace: THD has no meter of its own at each.
  const OfPace& chosen(const Line& line, std::size_t pace) const;
  DistortionFigures::Figures distortion_of(const Line& line, const OfPace& taken) const;
  void add_line(SummaryPage& page, const Line& line, std::size_t pace) const;
  void add_trends(SummaryPage& page, std::size_t pace) const;

  const graph::Engine& engine_;
  MotorVoltage motor_;
  std::vector<Line> lines_;
  std::array<bool, registers::cadence_count> seen_{};  ///< whole intervals of each cadence
};

}  // namespace polyphase::lab
