// IEC 61000-4-30: intervals of 3 s, 10 min and 2 h, the tick of 10 minutes, deviations and flags.
#include <fmt/format.h>

#include <tuple>

#include "lab/verify/suites.hpp"

namespace polyphase::lab::verify {
namespace {

constexpr double rate_hz = 4'000;
const Limit clock_limit{16.7, 1e-3, "ms"};

Limit magnitude(const Grade& grade) {
  return percent_of(grade.magnitude_percent, nominal_v, "% Udin");
}
Limit deviation(const Grade& grade) { return {grade.magnitude_percent, 1, "% Udin"}; }

double root_mean(double share, double a, double b) {
  return std::sqrt(share * a * a + (1 - share) * b * b);
}

/// Samples begin so long before a tick of 10 minutes, with V1 crossing zero upon it.
constexpr double before_tick_s = 2;
constexpr const char* start = "1970-01-01T00:09:58Z";

Signal before_tick(double hz) {
  Signal signal = balanced(nominal_v, nominal_a, 25);
  // Rising through zero at the tick: cosine at -90 degrees.
  const double turns = hz * before_tick_s;
  const double angle = -90 - 360 * (turns - std::floor(turns));
  for (auto* inputs : {&signal.v, &signal.i})
    for (Input& input : *inputs) input.angle_deg += angle - angle_v1_deg;
  signal.hz = hz;
  signal.nominal_hz = hz > 55 ? 60 : 50;
  signal.rate_hz = rate_hz;
  signal.start = start;
  return signal;
}

void change_voltage(Signal& signal, double at_s, double from_v, double to_v) {
  signal.more += fmt::format("[[event]]\nkind = \"rvc\"\nstart_s = {}\npercent = {:.12g}\n", at_s,
                             100 * (to_v / from_v - 1));
}

// Seven windows of 230 V and eight of 240 V: the root of the mean of squares, not the mean.
void add_three_seconds(Group& group, const Scope& scope, const Grade& grade, double hz) {
  Signal signal = before_tick(hz);
  const double window_s = signal.window_s();
  constexpr double low = 230, high = 240;
  change_voltage(signal, before_tick_s + 7 * window_s, low, high);
  signal.duration_s = before_tick_s + 16 * window_s + 0.5;
  Experiment e = experiment(signal, scope);
  const double end_s = before_tick_s + 14.5 * window_s;
  const std::string test = fmt::format("7 windows of 230 V, 8 of 240 V, {} Hz", hz);
  const double share = 7.0 / 15;
  Sheet(e, "3 s", test)
      .check("V1 3s", "V", root_mean(share, low, high), magnitude(grade), at("V1 3s", end_s));
  const double over = root_mean(share, std::max(low, nominal_v), high) / nominal_v - 1;
  Sheet deviations(e, "6.9 deviations", test);
  deviations.check("V1 UnderDev 3s", "%", 0, deviation(grade), at("V1 UnderDev 3s", end_s));
  deviations.check("V1 OverDev 3s", "%", 100 * over, deviation(grade), at("V1 OverDev 3s", end_s));
  group.experiments.push_back(std::move(e));
}

// At 49.97 Hz ten minutes hold 2998.2 windows: there are 2999, the last of which goes on beyond the
// tick at which the next begins.
void add_ten_minutes(Group& group, const Scope& scope, const Grade& grade, double hz) {
  Signal signal = before_tick(hz);
  constexpr double ten_minutes_s = 600, tick_s = before_tick_s + ten_minutes_s;
  constexpr double low = 220, high = 235, share = 1.0 / 3;
  for (Input& v : signal.v) v.rms = low;
  add_tones(signal.v, {{5, 4, 180}, {7, 3, 0}});
  const double with_tones = rms(signal.v[0]) / low;
  change_voltage(signal, before_tick_s + share * ten_minutes_s, low, high);
  signal.duration_s = tick_s + 1;
  const double window_s = signal.window_s();
  Experiment e = experiment(signal, scope);
  const std::string test = fmt::format("220 V, 235 V, {} Hz", hz);
  Sheet sheet(e, "10 min", test);
  // A window counts by its end, which lies a window behind its beginning.
  const double windows = std::ceil(ten_minutes_s / window_s - 1e-6);
  sheet.check("windows", "", windows, {},
              count("WN Vln a", before_tick_s + window_s - 0.001, tick_s + window_s - 0.001));
  const double level = with_tones * root_mean(share, low, high);
  sheet.check("V1 10m", "V", level, magnitude(grade), at("V1 10m", tick_s - 1));
  sheet.check("V1 THD 10m", "%", 5, percent_of_value(5, 5), at("V1 THD 10m", tick_s - 1));
  sheet.check("PqFlag 10m", "", 0, {}, at("PqFlag 10m", tick_s - 1));
  Sheet(e, "6.11 clock", test)
      .check("time of 10 min", "s", tick_s, clock_limit, stamp_at("V1 10m", tick_s - 1));
  sheet.check("Power Freq 10m", "Hz", hz, {grade.frequency_mhz, 1e-3, "mHz"},
              at("Power Freq 10m", tick_s - 1));
  Sheet deviations(e, "6.9 deviations", test);
  const double low_v = with_tones * low, high_v = with_tones * high;
  const double under = 1 - root_mean(share, std::min(low_v, nominal_v), nominal_v) / nominal_v;
  const double over = root_mean(share, nominal_v, std::max(high_v, nominal_v)) / nominal_v - 1;
  deviations.check("V1 UnderDev 10m", "%", 100 * under, deviation(grade),
                   at("V1 UnderDev 10m", tick_s - 1));
  deviations.check("V1 OverDev 10m", "%", 100 * over, deviation(grade),
                   at("V1 OverDev 10m", tick_s - 1));
  group.experiments.push_back(std::move(e));
}

struct Disturbing {
  const char* event;
  bool flags;
};
constexpr Disturbing disturbing[] = {{"kind = \"sag\"\npercent = 70\nphases = \"b\"\n", true},
                                     {"kind = \"swell\"\npercent = 120\n", true},
                                     {"kind = \"interruption\"\n", true},
                                     {"kind = \"rvc\"\npercent = -6\n", false}};

void watch_signalling(Experiment& e) {
  e.meter.sets.emplace_back("PQO1.EN50160 Enable=on");
  e.meter.sets.emplace_back("MSE1.Frequency=175");
}

// In the second of the intervals of 3 s behind the tick, and the first of those of 10 s.
void add_flags(Group& group, const Scope& scope, const Disturbing& by) {
  Signal signal = before_tick(50);
  constexpr double event_s = before_tick_s + 4.5, duration_s = 0.1;
  signal.more +=
      fmt::format("[[event]]\nstart_s = {}\nduration_s = {}\n{}", event_s, duration_s, by.event);
  signal.duration_s = before_tick_s + 21.5;
  Experiment e = experiment(signal, scope);
  const std::string kind(
      std::string_view(by.event).substr(8, std::string_view(by.event).find('"', 8) - 8));
  Sheet sheet(e, "6.10 flagging", kind + " of 0.1 s");
  const double on = by.flags ? 1 : 0;
  sheet.check("PqFlag 3s of its own", "", on, {}, at("PqFlag 3s", before_tick_s + 5.5));
  sheet.check("PqFlag 3s of all", "", on, {},
              sum("PqFlag 3s", before_tick_s + 1, signal.duration_s));
  sheet.check("PqFlag 10s of its own", "", on, {}, at("PqFlag 10s", before_tick_s + 9.5));
  sheet.check("PqFlag 10s of all", "", on, {},
              sum("PqFlag 10s", before_tick_s + 1, signal.duration_s));
  watch_signalling(e);
  for (const auto& [quantity, time_s, flag] : {std::tuple{"mark of V1-MSig, before", 2.5, 0.0},
                                               {"mark of V1-MSig, its own", 5.5, on},
                                               {"mark of V1-MSig, behind", 8.5, 0.0}})
    sheet.check(quantity, "", flag, {}, flag_at("V1-MSig", before_tick_s + time_s));
  Sheet(e, "6.11 clock", kind + " of 0.1 s")
      .check("time of 10 s", "s", before_tick_s + 10, clock_limit,
             stamp_at("PqFlag 10s", before_tick_s + 9.5));
  group.experiments.push_back(std::move(e));
}

// A dip in the second ten minutes flags these and the two hours, and nothing before.
void add_long_flags(Group& group, const Scope& scope, const Grade& grade) {
  Signal signal = before_tick(50);
  signal.start = "1970-01-01T01:59:58Z";
  constexpr double two_hours_s = 7'200;
  signal.more +=
      fmt::format("[[event]]\nkind = \"sag\"\npercent = 50\nstart_s = {}\nduration_s = 0.1\n",
                  before_tick_s + 900);
  change_voltage(signal, before_tick_s + two_hours_s / 2, nominal_v, 240);
  signal.duration_s = before_tick_s + two_hours_s + 1;
  Experiment e = experiment(signal, scope);
  Sheet sheet(e, "6.10 flagging", "dip in the second of twelve times 10 min");
  for (int n = 1; n <= 3; ++n)
    sheet.check(fmt::format("PqFlag 10m, {}.", n), "", n == 2 ? 1 : 0, {},
                at("PqFlag 10m", before_tick_s + 600 * n - 1));
  sheet.check("PqFlag 10m of all", "", 1, {},
              sum("PqFlag 10m", before_tick_s + 1, before_tick_s + two_hours_s));
  const double end_s = before_tick_s + two_hours_s - 1;
  sheet.check("PqFlag 2hr", "", 1, {}, at("PqFlag 2hr", end_s));
  for (int n = 1; n <= 3; ++n)
    sheet.check(fmt::format("mark of V1 Pst, {}.", n), "", n == 2 ? 1 : 0, {},
                flag_at("V1 Pst", before_tick_s + 600 * n - 1));
  sheet.check("mark of V1 Plt", "", 1, {}, flag_at("V1 Plt", end_s));
  Sheet(e, "2 h", "an hour of 230 V, an hour of 240 V")
      .check("V1 2hr", "V", root_mean(0.5, nominal_v, 240), magnitude(grade), at("V1 2hr", end_s));
  group.experiments.push_back(std::move(e));
}

}  // namespace

void add_intervals(Group& group, const Scope& scope, const Grade& grade) {
  add_three_seconds(group, scope, grade, 50);
  for (const Disturbing& by : disturbing)
    if (!scope.quick || &by == &disturbing[0]) add_flags(group, scope, by);
  add_ten_minutes(group, scope, grade, 49.97);
  if (scope.quick) return;
  for (const double hz : {49.9, 50.1, 60.0}) add_three_seconds(group, scope, grade, hz);
  for (const double hz : {50.2, 59.95, 42.5, 69.0}) add_ten_minutes(group, scope, grade, hz);
  add_long_flags(group, scope, grade);
}

Group aggregation(const Scope& scope) {
  Group group{"4-30 intervals",
              "IEC 61000-4-30 class A by IEC 62586-2: aggregation and flags",
              Confidence::unconfirmed,
              "rules from public sources, uncertainty of the magnitude unconfirmed",
              {},
              {}};
  add_intervals(group, scope, class_a);
  return group;
}

}  // namespace polyphase::lab::verify
