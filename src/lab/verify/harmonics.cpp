// IEC 61000-4-7 class I: each order by itself, on and off the nominal frequency, at rates that do
// and do not fit the cycle. Every second order has a low level, where the limit is absolute.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "lab/verify/suites.hpp"

namespace polyphase::lab::verify {
namespace {

constexpr int order_max = 50;
// Above this share of the sampling rate a source in the world has its filter.
constexpr double band_share = 0.45;

struct Condition {
  double nominal_hz, hz, rate_hz;
  bool quick;
};
constexpr Condition conditions[] = {
    {50, 50, 10'240, true},    {50, 49.5, 10'240, true},  {50, 50.5, 12'800, false},
    {50, 42.5, 10'240, true},  {50, 57.5, 10'240, false}, {60, 60, 15'360, false},
    {60, 59.3, 10'240, true},  {60, 51, 14'400, false},   {60, 69, 10'240, false},
    {50, 49.5, 4'000, false},  {50, 50.5, 4'800, true},   {50, 49.7, 6'400, false},
    {50, 50.2, 7'777, true},   {50, 49.9, 14'400, false}, {50, 50.1, 25'600, true},
    {50, 49.95, 51'200, false}};

std::string test_of(const Condition& c) {
  return fmt::format("{} Hz, {} samples/s", c.hz, c.rate_hz);
}

/// 0.5 and 0.1 % are below where limits are shares of the value; others fall as those of networks
/// do.
double voltage_percent(int order) {
  if (order % 5 == 0) return 0.5;
  if (order % 7 == 0) return 0.1;
  return 1 + 10.0 / order;
}
double current_percent(int order) { return order % 5 == 0 ? 1 : 4 + 40.0 / order; }

double angle_deg(int order) { return 67.0 * order - 360 * std::floor(67.0 * order / 360); }

struct ClassOne {
  const char *clause, *channel, *unit;
  double nominal, share_from,
      below_percent;  ///< of nominal: from where 5 % of the value hold, and below
};
constexpr ClassOne voltages{"voltage", "V1", "V", nominal_v, 0.01, 0.05};
constexpr ClassOne amperes{"current", "I1", "A", nominal_a, 0.03, 0.15};

Limit limit_of(const ClassOne& of, double magnitude) {
  if (magnitude >= of.share_from * of.nominal) return percent_of_value(5, magnitude);
  return percent_of(of.below_percent, of.nominal, of.channel[0] == 'V' ? "% Unom" : "% Inom");
}

void check_order(Experiment& e, const ClassOne& of, const std::string& test, const Input& input,
                 const Tone& tone, bool between) {
  const double magnitude = input.rms * tone.percent / 100;
  const auto order = static_cast<int>(tone.order);
  const std::string label = between ? fmt::format("{} IH{}", of.channel, order)
                                    : fmt::format("{} H{} mag", of.channel, order);
  // Of what lies between orders the meter gives percent of the fundamental.
  Limit limit = limit_of(of, magnitude);
  if (between) limit.size *= 100 / input.rms;
  Check& check =
      Sheet(e, fmt::format("{} {}", of.clause, between ? "interharmonics" : "harmonics"), test)
          .check(label, between ? "%" : of.unit, between ? tone.percent : magnitude, limit,
                 farthest(label, settled_window_s));
  if (between) return;
  check.series = of.channel;
  check.x = tone.order;
}

void add_all_orders(Group& group, const Scope& scope, const Condition& c) {
  Signal signal = balanced(nominal_v, nominal_a, 25);
  signal.nominal_hz = c.nominal_hz;
  signal.hz = c.hz;
  signal.rate_hz = c.rate_hz;
  for (int order = 2; order <= order_max && order * c.hz <= band_share * c.rate_hz; ++order) {
    const auto n = static_cast<double>(order);
    add_tones(signal.v, {{n, voltage_percent(order), angle_deg(order)}});
    add_tones(signal.i, {{n, current_percent(order), angle_deg(order + 20)}});
  }
  Experiment e = experiment(signal, scope);
  for (const auto& [of, input] : {std::pair{&voltages, &signal.v[0]}, {&amperes, &signal.i[0]}})
    for (const Tone& tone : input->tones) check_order(e, *of, test_of(c), *input, tone, false);
  for (const auto& [label, input] : {std::pair{"V1 THD", &signal.v[0]}, {"I1 THD", &signal.i[0]}}) {
    const double truth = thd_percent(*input);
    Sheet(e, "THD", test_of(c))
        .check(label, "%", truth, percent_of_value(5, truth), farthest(label, settled_window_s));
  }
  group.experiments.push_back(std::move(e));
}

// On a line of the spectrum between orders: half way, where only the centred subgroup has it.
void add_between_orders(Group& group, const Scope& scope, const Condition& c) {
  Signal signal = balanced(nominal_v, nominal_a, 25);
  signal.nominal_hz = c.nominal_hz;
  signal.hz = c.hz;
  signal.rate_hz = c.rate_hz;
  for (const int order : {1, 2, 5, 12, 23, 37, 49})
    if (order * c.hz <= band_share * c.rate_hz)
      add_tones(signal.v, {{order + 0.5, order == 12 ? 0.5 : 3.0, angle_deg(order)}});
  Experiment e = experiment(signal, scope);
  for (const Tone& tone : signal.v[0].tones)
    check_order(e, voltages, test_of(c), signal.v[0], tone, true);
  group.experiments.push_back(std::move(e));
}

// 230 V, 11.5 V at 250 Hz, 4.6 V at 255 Hz, 2.3 V at 265 Hz, 1.15 V at 275 Hz: the vector of
// grouping, worked out by hand. Groups share the bin half way between two orders.
void add_grouping(Group& group, const Scope& scope, bool groups) {
  Signal signal = balanced(nominal_v, nominal_a, 25);
  add_tones(signal.v, {{5, 5, 0}, {5.1, 2, 30}, {5.3, 1, 60}, {5.5, 0.5, 90}});
  Experiment e = experiment(signal, scope);
  if (groups) e.meter.sets.emplace_back("DAQ1.Grouping=GROUPS");
  Sheet sheet(e, "grouping", groups ? "groups" : "250, 255, 265, 275 Hz");
  const double shared = 1.15 / std::numbers::sqrt2;
  const double harmonic =
      groups ? std::hypot(std::hypot(11.5, 4.6, 2.3), shared) : std::hypot(11.5, 4.6);
  const double between = groups ? std::hypot(4.6, 2.3, 1.15) : std::hypot(2.3, 1.15);
  sheet.check("V1 H5 mag", "V", harmonic, percent_of_value(5, harmonic),
              farthest("V1 H5 mag", settled_window_s));
  sheet.check("V1 IH5", "%", 100 * between / nominal_v,
              percent_of_value(5, 100 * between / nominal_v), farthest("V1 IH5", settled_window_s));
  if (groups)
    sheet.check("V1 H6 mag", "V", shared, percent_of_value(5, shared),
                farthest("V1 H6 mag", settled_window_s));
  group.experiments.push_back(std::move(e));
}

}  // namespace

Group harmonics(const Scope& scope) {
  Group group{"4-7",
              "IEC 61000-4-7 class I: harmonics and interharmonics",
              Confidence::public_sources,
              "voltage from public sources, current unconfirmed",
              {"Error over order, of all conditions", "order", false, true},
              {}};
  for (const Condition& c : conditions) {
    if (scope.quick && !c.quick) continue;
    add_all_orders(group, scope, c);
    add_between_orders(group, scope, c);
  }
  for (const bool groups : {false, true}) add_grouping(group, scope, groups);
  return group;
}

}  // namespace polyphase::lab::verify
