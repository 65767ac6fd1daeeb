// IEC 61000-4-30: dips, swells, interruptions and rapid voltage changes, and when they are told to
// be.
#include <fmt/format.h>

#include <map>

#include "lab/verify/suites.hpp"

namespace polyphase::lab::verify {
namespace {

struct Event {
  const char *kind, *phases;
  double percent, cycles;
};
// One after the other in one scenario. Two and a half cycles hold a whole one wherever they begin.
constexpr Event in_a_row[] = {{"sag", "a", 85, 2.5},          {"sag", "ab", 70, 5},
                              {"sag", "c", 40, 30},           {"sag", "abc", 10, 2.5},
                              {"swell", "b", 120, 2.5},       {"swell", "abc", 150, 25},
                              {"interruption", "abc", 2, 10}, {"sag", "bc", 85, 50.3},
                              {"swell", "ca", 115, 5.7},      {"interruption", "abc", 0, 60}};
constexpr double first_s = 1.513, pause_s = 0.7;

struct Condition {
  const char* influence;
  double nominal_hz, hz, rate_hz;
  bool harmonics, quick;
};
constexpr Condition conditions[] = {{"none", 50, 50, 10'240, false, true},
                                    {"lowest frequency, 42.5 Hz", 50, 42.5, 10'240, false, false},
                                    {"highest frequency, 57.5 Hz", 50, 57.5, 10'240, false, false},
                                    {"60 Hz system", 60, 60, 10'240, false, false},
                                    {"60 Hz system, 69 Hz", 60, 69, 10'240, false, true},
                                    {"harmonics", 50, 50, 10'240, true, true},
                                    {"4 000 samples/s", 50, 49.9, 4'000, false, false},
                                    {"14 400 samples/s", 60, 60.1, 14'400, false, false},
                                    {"51 200 samples/s", 50, 50.1, 51'200, false, false}};

// The edges of a scenario fall upon the next sample.
Limit one_cycle(double hz, double rate_hz) { return {1 + hz / rate_hz, 1 / hz, "cycles"}; }

std::string event_text(const Event& event, double start_s, double duration_s) {
  return fmt::format(
      "[[event]]\nkind = \"{}\"\nphases = \"{}\"\nstart_s = {}\nduration_s = {}\npercent = {}\n"
      "current_percent = 100\n",
      event.kind, event.phases, start_s, duration_s, event.percent);
}

void add_row(Group& group, const Scope& scope, const Grade& grade, const Condition& c) {
  Signal signal = balanced(nominal_v, nominal_a, 25);
  signal.nominal_hz = c.nominal_hz;
  signal.hz = c.hz;
  signal.rate_hz = c.rate_hz;
  if (c.harmonics) add_tones(signal.v, {{5, 6, 180}, {7, 5, 0}, {11, 3.5, 180}});
  double start_s = first_s;
  for (const Event& event : in_a_row) {
    signal.more += event_text(event, start_s, event.cycles / c.hz);
    start_s += event.cycles / c.hz + pause_s;
  }
  signal.duration_s = start_s;
  Experiment e = experiment(signal, scope);
  std::map<std::string, std::size_t> of_kind;
  start_s = first_s;
  for (const Event& event : in_a_row) {
    const std::string kind = event.kind;
    const std::size_t n = of_kind[kind]++;
    const std::string test =
        fmt::format("{} %, {} cycles, {}", event.percent, event.cycles, event.phases);
    Sheet sheet(e, "6.4 " + kind, test, c.influence);
    sheet.check("extreme", "V", rms(signal.v[0]) * event.percent / 100,
                percent_of(grade.amplitude_percent, nominal_v, "% Udin"),
                verify::event(kind, n, Of::extreme));
    // An interruption is stamped with the begins of its first window, which lies wholly within it,
    // and of the first that does not.
    const double stamped_cycles = event.cycles - (kind == "interruption" ? 1 : 0);
    sheet.check("duration", "s", stamped_cycles / c.hz, one_cycle(c.hz, c.rate_hz),
                verify::event(kind, n, Of::duration_s));
    Sheet(e, "6.11 clock", kind + " of " + test, c.influence)
        .check("time", "s", start_s, one_cycle(c.hz, c.rate_hz),
               verify::event(kind, n, Of::begin_s));
    start_s += event.cycles / c.hz + pause_s;
  }
  for (const auto& [kind, n] : of_kind)
    Sheet(e, "6.4 " + kind, "how many", c.influence)
        .check("events", "", static_cast<double>(n), {}, events(kind));
  group.experiments.push_back(std::move(e));
}

// Steps of the rapid voltage change: to 92 % for two and a half cycles, then to `rest` for good.
struct Change {
  const char* test;
  double first_percent, rest_percent;
  bool is_rvc, is_sag;
};
constexpr Change changes[] = {{"to 92 %, then 96 %", 92, 96, true, false},
                              {"to 96 %", 96, 96, false, false},
                              {"to 88 %, then 96 %: a dip", 88, 96, false, true}};
constexpr double change_s = 2.2, change_cycles = 2.5, threshold_percent = 5;

void add_change(Group& group, const Scope& scope, const Grade& grade, const Change& change,
                double hz) {
  Signal signal = balanced(nominal_v, nominal_a, 25);
  signal.hz = signal.nominal_hz = hz;
  const double first_s_long = change_cycles / hz;
  signal.duration_s = change_s + 3;
  const auto step = [&](double percent, double from_s, const std::string& duration) {
    signal.more += fmt::format("[[event]]\nkind = \"rvc\"\nstart_s = {}\npercent = {}\n{}", from_s,
                               percent - 100, duration);
  };
  step(change.first_percent, change_s, fmt::format("duration_s = {}\n", first_s_long));
  step(change.rest_percent, change_s + first_s_long, "");
  Experiment e = experiment(signal, scope);
  e.meter.rvc = threshold_percent;
  Sheet sheet(e, "6.13 RVC", fmt::format("{}, {} Hz", change.test, hz));
  sheet.check("events", "", change.is_rvc ? 1 : 0, {}, events("rvc"));
  sheet.check("dips", "", change.is_sag ? 1 : 0, {}, events("sag"));
  if (change.is_rvc) {
    const Limit amplitude = percent_of(grade.amplitude_percent, nominal_v, "% Udin");
    sheet.check("delta Umax", "V", nominal_v * (100 - change.first_percent) / 100, amplitude,
                verify::event("rvc", 0, Of::delta_max));
    sheet.check("delta Uss", "V", nominal_v * (100 - change.rest_percent) / 100, amplitude,
                verify::event("rvc", 0, Of::delta_ss));
    sheet.check("duration", "s", first_s_long, one_cycle(hz, signal.rate_hz),
                verify::event("rvc", 0, Of::duration_s));
  }
  group.experiments.push_back(std::move(e));
}

// The time goes on where samples were lost.
void add_gap(Group& group, const Scope& scope) {
  Signal signal = balanced(nominal_v, nominal_a, 25);
  constexpr double gap_s = 2.003, lost_s = 0.7, dip_s = 4.007;
  const Event dip{"sag", "abc", 50, 5};
  signal.duration_s = 5;
  signal.more =
      fmt::format("[[event]]\nkind = \"gap\"\nbridged = false\nstart_s = {}\nduration_s = {}\n",
                  gap_s, lost_s) +
      event_text(dip, dip_s, dip.cycles / signal.hz);
  Experiment e = experiment(signal, scope);
  Sheet(e, "6.11 clock", "dip behind 0.7 s that are lost")
      .check("time", "s", dip_s, one_cycle(signal.hz, signal.rate_hz),
             verify::event("sag", 0, Of::begin_s));
  group.experiments.push_back(std::move(e));
}

}  // namespace

void add_events(Group& group, const Scope& scope, const Grade& grade) {
  for (const Condition& c : conditions)
    if (!scope.quick || (c.quick && !grade.class_s)) add_row(group, scope, grade, c);
  for (const double hz : {50.0, 60.0})
    for (const Change& change : changes)
      if (!scope.quick || hz == 50) add_change(group, scope, grade, change, hz);
}

Group voltage_events(const Scope& scope) {
  Group group{"4-30 events",
              "IEC 61000-4-30 class A by IEC 62586-2: voltage events",
              Confidence::unconfirmed,
              "durations and times from public sources, amplitudes and test points unconfirmed",
              {},
              {}};
  add_events(group, scope, class_a);
  add_gap(group, scope);
  return group;
}

}  // namespace polyphase::lab::verify
