#pragma once

#include <array>
#include <vector>

#include "graph/engine.hpp"
#include "lab/report.hpp"
#include "lab/session.hpp"
#include "pq/spectrum_aggregate.hpp"

namespace polyphase::lab {

/// Takes from a running engine what a report is about: the aggregates of IEC 61000-4-30 by their
/// labels whenever their pulse comes ("V1 10m" at "10m Ready"), and the harmonics in the data set
/// of the same interval.
///
/// A label that this meter does not have makes a line "not measured".
class ReportGatherer final : public graph::StepObserver {
 public:
  /// Switches on what is off as supplied and a report needs, before the engine is started.
  static void prepare(graph::Engine& engine, ReportKind kind);
  /// `engine` is started; `present`: the inputs that its source has.
  ReportGatherer(const graph::Engine& engine, ReportKind kind, ChannelMask present);
  void stepped(graph::Cadence cadence, Instant end, double duration_s,
               Quality quality) noexcept override;
  Report report(const Findings& findings, RecordingFacts recording);

 private:
  /// What is looked at whenever one pulse comes.
  struct Pace {
    const char* pulse_label;
    const char* spectrum_label;  ///< empty: none
    const char* valid_label;     ///< empty: what is flagged or not whole is not
    registers::Index pulse = registers::no_register, spectrum = registers::no_register,
                     valid = registers::no_register;
    double seen = 0;
    std::vector<std::size_t> series = {};
    std::vector<registers::Index> sources = {};  ///< of the series
    std::vector<std::size_t> checks = {};
  };
  enum PaceName : std::size_t { three_seconds, ten_seconds, ten_minutes, pst, plt };

  void add_series(PaceName pace, std::string title, const std::string& label, double reference,
                  const pq::en50160::Characteristic& limits);
  void add_check(PaceName pace, HarmonicAssessment assessment);
  void add_en50160();
  void add_severities();
  void add_signalling();
  void add_ieee519();
  void look(Pace& pace, Instant end);
  void take(Pace& pace, Instant end);
  PercentByOrder percent_of(const pq::SpectrumAggregate& spectrum, std::size_t channel,
                            bool& known) const;
  void describe(Report& report) const;
  pq::en50160::Characteristic as_set_up(pq::en50160::Characteristic standard,
                                        const std::string& usual, const std::string& always) const;
  void add_distortion(const std::string& channel, const std::string& module);
  bool has_limits() const;
  std::string network() const;
  double setting(const std::string& name) const;
  std::string setting_text(const char* name) const;
  registers::Index find(const std::string& label) const;
  std::vector<std::size_t> phases(Channel first) const;

  const graph::Engine& engine_;
  ReportKind kind_;
  ChannelMask present_;
  std::vector<std::size_t> voltages_, currents_;  ///< 0 to 2: those that the wiring has
  MotorVoltage motor_;
  std::array<Pace, 5> paces_;
  std::vector<ReportSeries> series_;
  std::vector<HarmonicCheck> checks_;
  std::vector<std::string> notes_;
  double nominal_v_ = 0, nominal_hz_ = 0, demand_a_ = 0, fault_a_ = 0;
  pq::en50160::Characteristic frequency_;
  std::vector<pq::en50160::Characteristic> supplies_;  ///< of the voltages
};

}  // namespace polyphase::lab
