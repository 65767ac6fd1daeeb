// IEC 61557-12: what a power meter shows, each within its performance class.
#include <fmt/format.h>

#include "lab/verify/suites.hpp"

namespace polyphase::lab::verify {
namespace {

struct Point {
  double volts, amperes, lag_deg, hz;
  bool distorted, uneven, quick;
};
constexpr Point points[] = {
    {230, 5, 25, 50, false, false, true},       {57, 5, 25, 50, false, false, true},
    {400, 5, 25, 50, false, false, true},       {230, 0.05, 25, 50, false, false, true},
    {230, 0.25, 60, 50, false, false, false},   {230, 10, 60, 50, false, false, true},
    {230, 10, -36.87, 50, false, false, false}, {230, 5, 60, 42.5, false, false, true},
    {230, 5, 60, 57.5, false, false, true},     {230, 5, -36.87, 51, false, false, false},
    {230, 5, 25, 69, false, false, true},       {230, 5, 25, 50, true, false, true},
    {230, 5, 60, 49.5, true, false, false},     {230, 5, 25, 50, false, true, true},
    {230, 5, 25, 50, true, true, true},         {230, 5, 155, 50, false, false, false},
    {230, 5, 205, 50, false, false, true}};

// Performance classes of the meter that the requirements are taken from.
constexpr double class_p = 0.2, class_q = 1, class_s = 0.2, class_i = 0.2, class_u = 0.2,
                 class_f = 0.02, class_h = 1, class_pf = 0.2;

Signal signal_of(const Point& p) {
  Signal signal = balanced(p.volts, p.amperes, p.lag_deg);
  signal.hz = p.hz;
  signal.nominal_hz = p.hz > 58 || p.hz == 51 ? 60 : 50;
  signal.duration_s = 8.4;
  if (p.distorted) {
    add_tones(signal.v, {{3, 3, 40}, {5, 6, 180}, {7, 5, 0}, {11, 3.5, 200}});
    add_tones(signal.i, {{3, 20, 60}, {5, 15, 200}, {7, 10, 30}, {11, 8, 100}});
  }
  if (p.uneven) {
    signal.v[1].rms *= 0.95;
    signal.i[1].rms *= 0.6;
    signal.i[2].rms *= 0.1;
  }
  return signal;
}

std::string test_of(const Point& p) {
  return fmt::format("{} V, {} A, {} deg, {} Hz{}{}", p.volts, p.amperes, p.lag_deg, p.hz,
                     p.distorted ? ", distorted" : "", p.uneven ? ", uneven" : "");
}

void add_point(Group& group, const Scope& scope, const Point& point) {
  const Signal signal = signal_of(point);
  Experiment e = experiment(signal, scope);
  const std::string test = test_of(point);
  const auto check = [&](const char* clause, const std::string& label, const char* unit,
                         double truth, double class_percent) {
    Sheet(e, clause, test)
        .check(label, unit, truth, percent_of_value(class_percent, truth),
               farthest(label, settled_second_s));
  };
  const char* const names[] = {"ab", "bc", "ca"};
  for (std::size_t p = 0; p < 3; ++p) {
    check("U", fmt::format("Vln {}", phase_letters[p]), "V", rms(signal.v[p]), class_u);
    check("U", fmt::format("Vll {}", names[p]), "V",
          rms_of_difference(signal.v[p], signal.v[(p + 1) % 3]), class_u);
    check("I", fmt::format("I {}", phase_letters[p]), "A", rms(signal.i[p]), class_i);
    check("P", fmt::format("kW {}", phase_letters[p]), "kW",
          active(signal.v[p], signal.i[p]) / 1000, class_p);
    check("Q", fmt::format("kVAR {}", phase_letters[p]), "kVAR",
          reactive_fundamental(signal.v[p], signal.i[p]) / 1000, class_q);
    check("S", fmt::format("kVA {}", phase_letters[p]), "kVA",
          rms(signal.v[p]) * rms(signal.i[p]) / 1000, class_s);
  }
  if (point.uneven) {
    check("IN", "I 4", "A", rms_of_sum(signal.i), class_i);
    check("IN", "I residual", "A", rms_of_sum(signal.i), class_i);
  }
  const Totals all = totals(signal);
  check("P", "kW tot", "kW", all.p_w / 1000, class_p);
  check("Q", "kVAR tot", "kVAR", all.q_var / 1000, class_q);
  check("S", "kVA tot", "kVA", all.s_va / 1000, class_s);
  check("f", "Freq", "Hz", signal.hz, class_f);
  // Minus where the current lags, as IEEE has it.
  const double factor = std::abs(all.p_w / all.s_va) * (all.p_w * all.q_var > 0 ? -1 : 1);
  check("PF", "PF sign tot", "", factor, class_pf);
  if (point.distorted) {
    check("THD", "V1 THD", "%", thd_percent(signal.v[0]), class_h);
    check("THD", "I1 THD", "%", thd_percent(signal.i[0]), class_h);
  }
  // The time of the clock from 2 s to 7 s, whole cycles at any half hertz but not at all others.
  if (std::fmod(5 * signal.hz, 1) == 0)
    Sheet(e, "E", test)
        .check("kVAh del+rec", "kVAh", all.s_va / 1000 * 5 / 3600,
               percent_of_value(class_s, all.s_va / 1000 * 5 / 3600), growth("kVAh del+rec", 2, 7));
  group.experiments.push_back(std::move(e));
}

}  // namespace

Group power_quantities(const Scope& scope) {
  Group group{"61557-12",
              "IEC 61557-12: quantities of a power meter",
              Confidence::unconfirmed,
              "the performance class in percent of the value stands for them",
              {},
              {}};
  for (const Point& point : points)
    if (!scope.quick || point.quick) add_point(group, scope, point);
  return group;
}

}  // namespace polyphase::lab::verify
