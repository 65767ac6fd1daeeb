// IEC 61000-4-15: the tables of the flickermeter for its four lamps, and some of the further tests.
#include <fmt/format.h>

#include "lab/verify/suites.hpp"
#include "pq/flicker_vectors.hpp"

namespace polyphase::lab::verify {
namespace {

using pq::flicker_columns;
using pq::FlickerRow;

// Twenty edges of the fastest changes fall upon samples.
constexpr double rate_hz = 4'800;
constexpr double settled_s = 40, pinst_s = 10;
// Ten minutes that begin at a tick two minutes behind the start.
constexpr const char* pst_start = "1970-01-01T00:08:00Z";
constexpr double pst_settled_s = 120, pst_end_s = pst_settled_s + 600;

struct Lamp {
  const char *name, *setting;
  double volts, hz;
  bool quick;
};
/// In the order of the columns of the tables.
constexpr Lamp lamps[] = {{"120 V lamp, 50 Hz", "FLK1.Lamp=120V", 120, 50, false},
                          {"120 V lamp, 60 Hz", "FLK1.Lamp=120V", 120, 60, true},
                          {"230 V lamp, 50 Hz", "FLK1.Lamp=230V", 230, 50, true},
                          {"230 V lamp, 60 Hz", "FLK1.Lamp=230V", 230, 60, false}};

/// V1 rises through zero at the start, as the modulation does.
Signal carrier(const Lamp& lamp) {
  Signal signal = balanced(lamp.volts, nominal_a, 25);
  for (auto* inputs : {&signal.v, &signal.i})
    for (Input& input : *inputs) input.angle_deg += -90 - angle_v1_deg;
  signal.hz = signal.nominal_hz = lamp.hz;
  signal.rate_hz = rate_hz;
  return signal;
}

std::string modulation(double percent, double hz, bool rectangular) {
  return fmt::format("[flicker]\npercent = {:.12g}\nfrequency_hz = {:.12g}\nshape = \"{}\"\n",
                     percent, hz, rectangular ? "rectangular" : "sine");
}

Check& add(Group& group, const Scope& scope, const Lamp& lamp, const Signal& signal,
           const std::string& clause, const std::string& test, const char* label, double truth,
           double limit_percent, Measure measure) {
  Experiment e = experiment(signal, scope);
  e.meter.nominal_voltage_v = lamp.volts;
  e.meter.sets.insert(e.meter.sets.begin(), lamp.setting);
  Sheet(e, clause, fmt::format("{}, {}", lamp.name, test))
      .check(label, "", truth, percent_of_value(limit_percent, truth), std::move(measure));
  return group.experiments.emplace_back(std::move(e)).checks.back();
}

Check& add_pinst(Group& group, const Scope& scope, const Lamp& lamp, Signal signal,
                 const std::string& clause, const std::string& test) {
  signal.duration_s = settled_s + pinst_s;
  return add(group, scope, lamp, signal, clause, test, "V1 Pinst", 1, 8,
             highest("V1 Pinst", settled_s));
}

Check& add_pst(Group& group, const Scope& scope, const Lamp& lamp, Signal signal,
               const std::string& clause, const std::string& test, double truth) {
  signal.start = pst_start;
  signal.duration_s = pst_end_s + 1;
  return add(group, scope, lamp, signal, clause, test, "V1 Pst", truth, 5,
             at("V1 Pst", pst_end_s - 1));
}

void add_pinst_rows(Group& group, const Scope& scope, std::size_t column,
                    std::span<const FlickerRow> rows, bool rectangular) {
  const Lamp& lamp = lamps[column];
  for (const FlickerRow& row : rows) {
    const double change = row.change_percent[column];
    const bool quick =
        row.modulation_hz == 1 || row.modulation_hz == 8.8 || row.modulation_hz == 20;
    if (change == 0 || (scope.quick && !quick)) continue;
    Signal signal = carrier(lamp);
    signal.more = modulation(change, row.modulation_hz, rectangular);
    const char* shape = rectangular ? "rectangular" : "sine";
    Check& check = add_pinst(group, scope, lamp, signal, fmt::format("Pinst, {}", shape),
                             fmt::format("{:.4g} Hz, {} %", row.modulation_hz, change));
    check.series = fmt::format("Pinst, {}, {}", shape, lamp.name);
    check.x = row.modulation_hz;
  }
}

void add_pst_rows(Group& group, const Scope& scope, std::size_t column) {
  constexpr double quick_changes_min = 39;
  for (const FlickerRow& row : pq::flicker_pst_rows) {
    const double change = row.change_percent[column], changes_min = row.modulation_hz * 120;
    const bool quick = std::abs(changes_min - quick_changes_min) < 0.5 && lamps[column].hz == 50;
    if (change == 0 || (scope.quick && !quick)) continue;
    Signal signal = carrier(lamps[column]);
    signal.more = modulation(change, row.modulation_hz, true);
    add_pst(group, scope, lamps[column], signal, "Pst",
            fmt::format("{:.0f} changes/min, {} %", changes_min, change), 1);
  }
}

// Pst goes with the change.
void add_linearity(Group& group, const Scope& scope) {
  constexpr double row_percent = 0.894, row_hz = 39 / 120.0;  // 230 V, 50 Hz
  for (const double pst : {0.2, 0.5, 2.0, 5.0, 10.0}) {
    Signal signal = carrier(lamps[2]);
    signal.more = modulation(pst * row_percent, row_hz, true);
    add_pst(group, scope, lamps[2], signal, "Pst, range", fmt::format("Pst {}", pst), pst);
  }
}

// The spectrum is unconfirmed.
const std::vector<Tone> distorted = {{3, 5, 180},     {5, 6, 180},     {7, 5, 180},
                                     {9, 1.5, 180},   {11, 3.5, 180},  {13, 3, 180},
                                     {17, 2, 180},    {19, 1.76, 180}, {23, 1.41, 180},
                                     {25, 1.27, 180}, {29, 1.06, 180}, {31, 0.97, 180}};

void add_further(Group& group, const Scope& scope, const Lamp& lamp) {
  const bool is_230 = lamp.volts == 230;
  Signal signal = carrier(lamp);
  // At 180 degrees to the fundamental as sines: what is -90 degrees of a cosine turns with its
  // order.
  for (const Tone& tone : distorted)
    add_tones(signal.v, {{tone.order, tone.percent, 90 * (tone.order - 1) + 180}});
  signal.more = modulation(is_230 ? 0.25 : 0.321, 8.8, false);
  add_pinst(group, scope, lamp, signal, "distorted voltage", "8.8 Hz");
  for (const double hz : {150.0, 250.0, 450.0}) {
    Signal pair = carrier(lamp);
    const double percent = is_230 ? 3.611 : 4.126;
    for (const double tone_hz : {hz, hz - 10}) add_tones(pair.v, {{tone_hz / lamp.hz, percent, 0}});
    add_pinst(group, scope, lamp, pair, "interharmonic pair", fmt::format("{} Hz", hz));
  }
}

// At rising zero crossings 1, 3, 5, 7, 9 minutes into the ten: forward in V1, backward in V2, which
// is here in phase with it. The levels are those of both directions together.
void add_jumps(Group& group, const Scope& scope) {
  struct Jump {
    std::size_t lamp;
    double angle_deg, pst;
  };
  for (const Jump& jump : {Jump{2, 30, 0.913},
                           {2, 45, 1.060},
                           {0, 30, 0.706},
                           {0, 45, 0.819},
                           {1, 30, 0.587},
                           {1, 45, 0.681},
                           {3, 30, 0.760},
                           {3, 45, 0.882}}) {
    const Lamp& lamp = lamps[jump.lamp];
    Signal signal = carrier(lamp);
    signal.v[1].angle_deg = signal.v[0].angle_deg;
    for (const auto& [phase, sign] : {std::pair{'a', 1.0}, {'b', -1.0}})
      for (int k = 0; k < 5; ++k) {
        const double before = k * sign * jump.angle_deg / 360;
        const double crossing =
            std::ceil(lamp.hz * (pst_settled_s + 60 + 120 * k) + before) - before;
        signal.more += fmt::format(
            "[[event]]\nkind = \"phase-jump\"\nphases = \"{}\"\nstart_s = {:.12g}\nangle_deg = "
            "{}\n",
            phase, crossing / lamp.hz, sign * jump.angle_deg);
      }
    Check& check = add_pst(group, scope, lamp, signal, "phase jumps",
                           fmt::format("five times {} degrees", jump.angle_deg), jump.pst);
    check.quantity = "Pst, mean of V1 and V2";
    check.measure = mean_at("V1 Pst", "V2 Pst", pst_end_s - 1);
  }
}

}  // namespace

Group flicker(const Scope& scope) {
  Group group{
      "4-15",
      "IEC 61000-4-15 class F1: flicker",
      Confidence::public_sources,
      "tables and tolerances from public sources; distorted voltage, pair and jumps unconfirmed",
      {"Error over frequency of modulation", "Hz", true, false},
      {}};
  for (std::size_t column = 0; column < std::size(lamps); ++column) {
    if (scope.quick && !lamps[column].quick) continue;
    add_pinst_rows(group, scope, column, pq::flicker_sine_rows, false);
    if (!scope.quick) add_pinst_rows(group, scope, column, pq::flicker_rectangular_rows, true);
    add_pst_rows(group, scope, column);
    if (!scope.quick) add_further(group, scope, lamps[column]);
  }
  if (scope.quick) return group;
  add_linearity(group, scope);
  add_jumps(group, scope);
  return group;
}

}  // namespace polyphase::lab::verify
