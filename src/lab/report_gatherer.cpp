#include "lab/report_gatherer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace polyphase::lab {
namespace {

using registers::Index;
using registers::no_register;
using registers::not_available;
namespace en50160 = pq::en50160;
namespace ieee519 = pq::ieee519;

constexpr std::array<const char*, 3> voltage_names{"V1", "V2", "V3"},
    current_names{"I1", "I2", "I3"};

constexpr const char* unbalance_title = "Unbalance u2";

constexpr std::array<const char*, 3> signal_frequencies{"MSE1.Frequency", "MSE2.Frequency",
                                                        "MSE3.Frequency"};
constexpr std::array<const char*, 3> signal_limits{"MSE1.Limit", "MSE2.Limit", "MSE3.Limit"};

std::size_t channel_of(std::string_view name) {
  return static_cast<std::size_t>(name[0] == 'V' ? Channel::v1 : Channel::i1) +
         static_cast<std::size_t>(name[1] - '1');
}

// Essential has nothing of IEC 61000-4-30.
std::string class_of_tier(double feature_set) {
  constexpr double standard = 1, advanced = 2;
  return feature_set == advanced ? "A" : feature_set == standard ? "S" : "";
}

PercentByOrder times(const std::array<double, ieee519::order_max + 1>& limits, double factor) {
  PercentByOrder scaled;
  for (std::size_t h = 0; h < scaled.size(); ++h) scaled[h] = limits[h] * factor;
  return scaled;
}

}  // namespace

ReportGatherer::ReportGatherer(const graph::Engine& engine, ReportKind kind, ChannelMask present)
    : engine_(engine),
      kind_(kind),
      present_(present),
      voltages_(phases(Channel::v1)),
      currents_(phases(Channel::i1)),
      motor_(engine),
      paces_{Pace{"3s Ready", "Spectrum 3s", "Valid 3s"}, Pace{"10s Ready", "", "Valid 10s"},
             Pace{"10m Ready", "Spectrum 10m", "Valid 10m"}, Pace{"Pst Ready", "", ""},
             Pace{"Plt Ready", "", ""}} {
  for (Pace& pace : paces_) {
    pace.pulse = find(pace.pulse_label);
    pace.spectrum = find(pace.spectrum_label);
    pace.valid = find(pace.valid_label);
  }
  nominal_v_ = setting("FAC1.Nominal Voltage");
  nominal_hz_ = setting("FAC1.Nominal Frequency");
  if (!(nominal_hz_ > 0)) nominal_hz_ = 50;
  if (!(nominal_v_ > 0))
    notes_.emplace_back(
        "the nominal voltage is not set (--nominal-voltage): voltages are not judged");
  if (kind == ReportKind::en50160)
    add_en50160();
  else
    add_ieee519();
}

// Mains signalling is measured where somebody has said at which frequency, and EN 50160 is on.
void ReportGatherer::prepare(graph::Engine& engine, ReportKind kind) {
  const auto setting = [&](const char* name) {
    const auto index = engine.registers().find(name);
    return index ? engine.registers().value(*index).number : not_available;
  };
  const bool wanted = std::any_of(signal_frequencies.begin(), signal_frequencies.end(),
                                  [&](const char* name) { return setting(name) > 0; });
  if (kind == ReportKind::en50160 && wanted && setting("PQO1.4-30 Enable") == 1)
    (void)engine.set("PQO1.EN50160 Enable", "on");
}

// What is not there by the wiring is not wanting: single phase is one voltage, or two against a
// neutral where both are connected.
std::vector<std::size_t> ReportGatherer::phases(Channel first) const {
  if (setting_text("PM1.Volts Mode") != "SINGLE") return {0, 1, 2};
  const unsigned second = static_cast<unsigned>(first) + 1;
  return (static_cast<unsigned>(present_) >> second & 1u) != 0 ? std::vector<std::size_t>{0, 1}
                                                               : std::vector<std::size_t>{0};
}

Index ReportGatherer::find(const std::string& label) const {
  return engine_.registers().find(label).value_or(no_register);
}

double ReportGatherer::setting(const std::string& name) const {
  const Index index = find(name);
  return index == no_register ? not_available : engine_.registers().value(index).number;
}

void ReportGatherer::add_series(PaceName pace, std::string title, const std::string& label,
                                double reference, const en50160::Characteristic& limits) {
  const Index source = find(label);
  std::string unit = source == no_register ? std::string() : engine_.registers().info(source).unit;
  if (source != no_register) {
    paces_[pace].series.push_back(series_.size());
    paces_[pace].sources.push_back(source);
  }
  series_.push_back({std::move(title), std::move(unit), limits.interval_s, reference, limits, {}});
}

void ReportGatherer::add_check(PaceName pace, HarmonicAssessment assessment) {
  paces_[pace].checks.push_back(checks_.size());
  checks_.emplace_back(std::move(assessment));
}

// By the limits that the meter counts by; a tier without these modules has those of the standard.
en50160::Characteristic ReportGatherer::as_set_up(en50160::Characteristic standard,
                                                  const std::string& usual,
                                                  const std::string& always) const {
  const auto take = [&](const std::string& module, en50160::Limit& limit) {
    constexpr double none = 1e15;  // as the module has it
    const double share = setting(module + ".Exceed Max");
    if (!registers::available(share)) return;
    const double low = setting(module + ".Lower Limit"), high = setting(module + ".Upper Limit");
    if (std::abs(low) < none) limit.low = low;
    if (std::abs(high) < none) limit.high = high;
    limit.beyond_percent_max = share;
  };
  take(usual, standard.usual);
  if (standard.always) take(always, *standard.always);
  return standard;
}

void ReportGatherer::add_en50160() {
  const auto island = en50160::frequency(true);
  frequency_ = as_set_up(island, "ENF1", "ENF2");
  if (!has_limits() || !frequency_.has_limits_of(island))
    frequency_ = as_set_up(en50160::frequency(false), "ENF1", "ENF2");
  add_series(ten_seconds, "Frequency", "Power Freq 10s", nominal_hz_, frequency_);
  for (const std::size_t v : voltages_) {
    supplies_.push_back(as_set_up(en50160::supply_voltage(en50160::Network::low_voltage),
                                  fmt::format("ENM{}", v + 1), fmt::format("ENM{}", v + 4)));
    const std::string name = voltage_names[v];
    add_series(ten_minutes, name + " voltage", name + " 10m", nominal_v_, supplies_.back());
    series_.back().set_up = nominal_v_ > 0;
  }
  add_severities();
  if (voltages_.size() == voltage_names.size())
    add_series(ten_minutes, unbalance_title, "Vunbal u2 10m", 0,
               as_set_up(en50160::unbalance(), "ENU1", ""));
  for (const std::size_t v : voltages_)
    add_distortion(voltage_names[v], fmt::format("ENH{}", v + 1));
  add_signalling();
}

void ReportGatherer::add_distortion(const std::string& channel, const std::string& module) {
  constexpr unsigned thd_order_max = 40;
  constexpr double of_en50160 = 1;  // choice of Limits
  auto limits = as_set_up(en50160::distortion(), module, "");
  double factor = 1;
  if (const double total = setting(module + ".Total Limit"); registers::available(total)) {
    limits.usual.high = total;
    factor = setting(module + ".Limit Factor");
    if (setting(module + ".Limits") != of_en50160)
      notes_.push_back(module + ".Limits is not EN 50160: harmonics are judged by it all the same");
  }
  HarmonicAssessment a{channel,
                       "10 min, week",
                       limits.interval_s,
                       limits.period_s,
                       100 - limits.usual.beyond_percent_max,
                       thd_order_max,
                       {},
                       limits.usual.high * factor};
  for (unsigned h = 0; h <= checked_order_max; ++h)
    a.limit[h] = en50160::harmonic_limit(h) * factor;
  add_check(ten_minutes, std::move(a));
}

// EN 50160 has no limit for Pst: it is shown beside what is made of it.
void ReportGatherer::add_severities() {
  for (const std::size_t v : voltages_) {
    const std::string name = voltage_names[v];
    add_series(plt, name + " flicker Plt", name + " Plt", 0,
               as_set_up(en50160::flicker(), fmt::format("ENP{}", v + 1), ""));
  }
  constexpr double pst_interval_s = 600;
  for (const std::size_t v : voltages_) {
    const std::string name = voltage_names[v];
    add_series(pst, name + " flicker Pst", name + " Pst", 0,
               {pst_interval_s, en50160::week_s, {}, {}});
    series_.back().judged = false;
  }
}

// A phase that nobody watches is shown as such: it may carry more than the one that is.
void ReportGatherer::add_signalling() {
  en50160::Characteristic limits = en50160::mains_signalling();
  const auto watched = [&](std::size_t v) { return setting(signal_frequencies[v]) > 0; };
  const auto add_unwatched = [&](std::string title) {
    add_series(three_seconds, std::move(title), "", 0, en50160::mains_signalling());
    series_.back().set_up = series_.back().required = false;
  };
  if (std::none_of(voltages_.begin(), voltages_.end(), watched)) {
    add_unwatched("Mains signalling");
    return;
  }
  for (const std::size_t v : voltages_) {
    if (!watched(v)) {
      add_unwatched(std::string(voltage_names[v]) + " signalling");
      continue;
    }
    const double hz = setting(signal_frequencies[v]), limit = setting(signal_limits[v]);
    limits.usual.high = limit > 0 ? limit : en50160::signalling_limit(hz);
    limits.usual.beyond_percent_max = setting(fmt::format("MSE{}.Exceed Max", v + 1));
    add_series(three_seconds, fmt::format("{} signalling {:g} Hz", voltage_names[v], hz),
               std::string(voltage_names[v]) + "-MSig", 0, limits);
  }
}

void ReportGatherer::add_ieee519() {
  const double year = setting("PQO1.519 Harmonics Limits"), bus = setting("PQO1.519 Bus Voltage");
  fault_a_ = setting("PQO1.519 Short Circuit Current");
  demand_a_ = setting("PQO1.519 Max Demand Current");
  constexpr auto highest_bus = static_cast<double>(ieee519::BusVoltage::above_161_kv);
  if (!registers::available(year) || !(bus <= highest_bus)) {
    notes_.emplace_back(
        "PQO1.519 Bus Voltage is DISABLED, or this tier has none: nothing is judged");
    return;
  }
  const auto edition = static_cast<ieee519::Edition>(year);
  const auto voltage_class = static_cast<ieee519::BusVoltage>(bus);
  const auto add = [&](PaceName pace, const char* channel, const char* name,
                       const ieee519::Assessment& assessed, const ieee519::Limits& limits) {
    add_check(pace, {channel, name, assessed.interval_s, assessed.period_s, assessed.percentile,
                     checked_order_max, times(limits.order, assessed.factor),
                     limits.total * assessed.factor});
  };
  const ieee519::Limits of_voltage = ieee519::voltage_limits(edition, voltage_class);
  for (const std::size_t phase : voltages_) {
    const char* v = voltage_names[phase];
    if (!(nominal_v_ > 0)) break;
    add(three_seconds, v, "3 s, 99 % of a day", ieee519::voltage_daily, of_voltage);
    add(ten_minutes, v, "10 min, 95 % of a week", ieee519::voltage_weekly_95, of_voltage);
  }
  if (!(demand_a_ > 0 && fault_a_ > 0)) {
    notes_.emplace_back(
        "PQO1.519 Max Demand Current or Short Circuit Current is not set: currents are not judged");
    return;
  }
  const ieee519::Limits of_current =
      ieee519::current_limits(edition, voltage_class, fault_a_ / demand_a_);
  for (const std::size_t phase : currents_) {
    const char* i = current_names[phase];
    add(three_seconds, i, "3 s, 99 % of a day", ieee519::current_daily, of_current);
    add(ten_minutes, i, "10 min, 99 % of a week", ieee519::current_weekly_99, of_current);
    add(ten_minutes, i, "10 min, 95 % of a week", ieee519::current_weekly_95, of_current);
  }
}

void ReportGatherer::stepped(graph::Cadence cadence, Instant end, double duration_s,
                             Quality quality) noexcept {
  if (kind_ == ReportKind::en50160) motor_.stepped(cadence, end, duration_s, quality);
  for (Pace& pace : paces_)
    if (pace.pulse != no_register && engine_.registers().info(pace.pulse).cadence == cadence)
      look(pace, end);
}

void ReportGatherer::look(Pace& pace, Instant end) {
  if (pace.pulse == no_register) return;
  const double count = engine_.registers().value(pace.pulse).number;
  if (!registers::available(count) || count == pace.seen) return;
  pace.seen = count;
  take(pace, end);
}

PercentByOrder ReportGatherer::percent_of(const pq::SpectrumAggregate& spectrum,
                                          std::size_t channel, bool& known) const {
  PercentByOrder percent{};
  const auto rms = [&](unsigned h) { return static_cast<double>(spectrum.subgroup[h][channel]); };
  double base = rms(1);
  if (kind_ == ReportKind::ieee519)
    base = channel < static_cast<std::size_t>(Channel::i1) ? nominal_v_ : demand_a_;
  known = (spectrum.present >> channel & 1u) != 0 && base > 0 && rms(1) > 0;
  for (unsigned h = 1; known && h <= checked_order_max; ++h)
    percent[h] = h <= spectrum.order_max ? 100 * rms(h) / base : not_available;
  return percent;
}

void ReportGatherer::take(Pace& pace, Instant end) {
  const registers::RegisterTable& table = engine_.registers();
  const auto* aggregate =
      pace.spectrum == no_register
          ? nullptr
          : static_cast<const pq::SpectrumAggregate*>(engine_.dataset(pace.spectrum));
  const bool judged = pace.valid != no_register && table.value(pace.valid).number == 1;
  for (std::size_t i = 0; i < pace.series.size(); ++i) {
    const registers::Value& value = table.value(pace.sources[i]);
    Quality quality = value.quality;
    if (aggregate != nullptr) quality |= aggregate->quality;  // signalling is not flagged itself
    // The pulse comes a little beside the end of the interval, which the value knows.
    ReportSeries& series = series_[pace.series[i]];
    const bool known = std::abs(seconds_between(value.time, end)) < series.interval_s;
    const Instant ended = known ? value.time : end;
    series.points.push_back({ended, value.number, quality, judged});
  }
  if (aggregate == nullptr) return;
  const pq::SpectrumAggregate& spectrum = *aggregate;
  const Exclusion unjudged =
      spectrum.quality.has(Quality::disturbed) ? Exclusion::flagged : Exclusion::not_whole;
  for (const std::size_t check : pace.checks) {
    const std::size_t channel = channel_of(checks_[check].assessment().channel);
    bool known = false;
    const PercentByOrder percent = percent_of(spectrum, channel, known);
    const bool present = (spectrum.present >> channel & 1u) != 0;
    checks_[check].add(percent, spectrum.end,
                       !present  ? Exclusion::missing
                       : !judged ? unjudged
                       : !known  ? Exclusion::missing
                                 : Exclusion::none);
  }
}

Report ReportGatherer::report(const Findings& findings, RecordingFacts recording) {
  // What was told when the samples had ended.
  for (Pace& pace : paces_) look(pace, recording.end);
  Report report;
  report.kind = kind_;
  report.title = kind_ == ReportKind::en50160 ? "EN 50160" : "IEEE 519";
  report.recording = std::move(recording);
  report.warnings = warnings_of(report.recording.doubts, engine_.registers());
  report.nominal_v = nominal_v_;
  report.measured_class = class_of_tier(setting("FAC1.Feature Set"));
  report.notes = notes_;
  report.all_judged = notes_.empty();  // all that is said here is what is not
  if (const std::string names =
          missing_inputs(engine_.registers(), present_, demand_a_ > 0 && fault_a_ > 0);
      !names.empty())
    report.notes.push_back(
        fmt::format("the wiring has {}: not found; --map and --wiring choose otherwise", names));
  report.series = std::move(series_);
  if (report.recording.doubts.reversed())
    for (ReportSeries& series : report.series)
      if (series.title == unbalance_title) {
        series.set_up = false;
        series.points.clear();
      }
  judge(report);
  for (HarmonicCheck& check : checks_) {
    check.finish();
    judge(report, check);
  }
  motor_.finish(report.recording.end);
  report.motor = motor_.unbalance();
  if (report.motor.measured) {
    report.series.push_back({"Voltage unbalance (NEMA MG 1)",
                             "%",
                             MotorVoltage::interval_s,
                             0,
                             {MotorVoltage::interval_s, en50160::week_s, {}, {}},
                             motor_.points()});
    report.series.back().judged = false;
  }
  for (const registers::Disturbance& d : findings.disturbances)
    if (d.type == "sag" || d.type == "swell" || d.type == "interruption")
      report.events.push_back(d);
    else if (d.type == "rvc")
      report.changes.push_back(d);
  for (auto* list : {&report.events, &report.changes})
    std::stable_sort(list->begin(), list->end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
  report.changes_looked_for = setting("SS1.RVC Lim") > 0 && setting("PQO1.RVC Enable") != 0;
  describe(report);
  return report;
}

}  // namespace polyphase::lab
