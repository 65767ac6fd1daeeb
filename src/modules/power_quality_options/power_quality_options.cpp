#include "modules/power_quality_options/power_quality_options.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "graph/describe.hpp"
#include "pq/ieee519.hpp"

namespace polyphase::modules::power_quality_options {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;
namespace ieee519 = pq::ieee519;

constexpr double current_max = 1e7, days_of_week = 7, day_s = 86'400;
constexpr double first_monday = 4;  // 1970-01-01 was a Thursday
constexpr std::size_t bus_disabled = 4;

enum Input : std::size_t { local_time };
enum Setting : std::size_t {
  sag_swell,
  rvc,
  iec_61000_4_30,
  en50160,
  ieee_519,
  period,
  first_day,
  edition,
  bus_voltage,
  short_circuit,
  max_demand,
  first_log,
};
constexpr std::size_t part_count = ieee_519 + 1;
constexpr std::array<const char*, part_count> part_names{"Sag/Swell", "RVC", "4-30", "EN50160",
                                                         "IEEE519"};

/// Logs that can be switched off by themselves, and the part they are about.
struct Log {
  const char* name;
  Setting part;
  bool initial;
};
constexpr std::array logs{Log{"Log 4-30 3s", iec_61000_4_30, true},
                          Log{"Log 4-30 10s", iec_61000_4_30, true},
                          Log{"Log EN50160", en50160, true}, Log{"Log RVC", rvc, false}};

enum Output : std::size_t {
  first_state,
  first_log_state = part_count,
  period_end = first_log_state + logs.size(),
  week_end,
  day_end,
  ratio,
  voltage_total,
  current_total,
  first_voltage_limit,  ///< of order 2
  first_current_limit = first_voltage_limit + ieee519::order_max - 1,
};

graph::ModuleDescriptor describe_options() {
  graph::ModuleDescriptor d;
  d.type = "Power Quality Options";
  d.number = 68;
  d.core = true;
  d.instances_max = 1;
  d.cadence = graph::Cadence::second;
  d.help = "Which parts of power quality are on, in their order, and when a period is over.";
  d.inputs = {describe::optional("LocalTime", RegisterType::numeric,
                                 "of the Clock; not linked: universal time")};
  constexpr std::array<const char*, part_count> helps{
      "sags, swells and interruptions are looked for",
      "rapid voltage changes are looked for; needs Sag/Swell",
      "values of IEC 61000-4-30; needs Sag/Swell",
      "EN 50160 is evaluated; needs 4-30",
      "IEEE 519 is evaluated; needs 4-30",
  };
  for (std::size_t p = 0; p < part_count; ++p)
    d.setups.push_back(
        describe::toggle(fmt::format("{} Enable", part_names[p]), p < en50160, helps[p]));
  const auto add = [&](graph::SetupDescriptor setup) { d.setups.push_back(std::move(setup)); };
  add(describe::choice("EN50160 Period", {"DAY", "WEEK"}, 1, "of observation"));
  add(describe::choice(
      "First Day", {"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"},
      0, "on which a week begins"));
  add(describe::choice("519 Harmonics Limits", {"IEEE 519-1992", "IEEE 519-2014", "IEEE 519-2022"},
                       2, "edition whose limits hold"));
  add(describe::choice("519 Bus Voltage",
                       {"UP TO 1 kV", "UP TO 69 kV", "UP TO 161 kV", "ABOVE 161 kV", "DISABLED"}, 0,
                       "at the point of common coupling; DISABLED: IEEE 519 is not evaluated"));
  add(describe::number(
      "519 Short Circuit Current", "A", 0, current_max, 0,
      "at the point of common coupling; 0: not known, currents are not evaluated"));
  add(describe::number("519 Max Demand Current", "A", 0, current_max, 0,
                       "maximum demand load current, which percentages of currents relate to"));
  for (const Log& log : logs)
    add(describe::toggle(log.name, log.initial,
                         fmt::format("recorded while {} is on", part_names[log.part])));
  add(describe::toggle("Log Sag/Swell HS", false,
                       "half cycles around each beginning and end are recorded"));
  const auto out = [&](std::string name, RegisterType type, const char* unit, std::string help) {
    d.outputs.push_back(describe::output(std::move(name), type, unit, std::move(help)));
  };
  for (const char* part : part_names)
    out(fmt::format("{} State", part), RegisterType::boolean, "", "1 while it is on");
  for (const Log& log : logs)
    out(fmt::format("{} State", log.name), RegisterType::boolean, "", "1 while it is recorded");
  out("Period End", RegisterType::pulse, "", "an observation period of EN 50160 is over");
  out("Week End", RegisterType::pulse, "", "a week is over");
  out("Day End", RegisterType::pulse, "", "a day is over");
  out("519 Ratio", RegisterType::numeric, "", "short circuit current over maximum demand current");
  out("THD Limit", RegisterType::numeric, "%", "of IEEE 519");
  out("TDD Limit", RegisterType::numeric, "%", "of IEEE 519");
  for (const auto& [sign, what] : {std::pair{"V", "a voltage"}, {"I", "a current"}})
    for (unsigned h = 2; h <= ieee519::order_max; ++h)
      out(fmt::format("{} H{} Limit", sign, h), RegisterType::numeric, "%",
          fmt::format("of harmonic {} of {}, by IEEE 519", h, what));
  d.events = {describe::setup_event()};
  d.retained = {"period", "week", "day"};
  return d;
}

class Options final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    if (auto done = check(setup); !done) return done;
    const bool by_week = setup.choice(period) == 1;
    const double begins = static_cast<double>(setup.choice(first_day));
    if (configured_ && (by_week != by_week_ || begins != first_day_))
      this_period_ = this_week_ = not_available;
    by_week_ = by_week;
    first_day_ = begins;
    configured_ = true;
    told_limits_ = false;
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const graph::Setup setup = step.setup();
    for (std::size_t p = 0; p < part_count; ++p)
      step.out(first_state + p,
               setup.enabled(p) && (p != ieee_519 || setup.choice(bus_voltage) != bus_disabled));
    for (std::size_t l = 0; l < logs.size(); ++l)
      step.out(first_log_state + l, setup.enabled(first_log + l) && setup.enabled(logs[l].part));
    if (!told_limits_) tell_limits(setup, step);
    told_limits_ = true;
    follow_clock(step);
  }

  std::span<double> retained() override { return state_; }

 private:
  static Result<void> check(const graph::Setup& setup) {
    struct Need {
      Setting part, stands_on;
    };
    constexpr std::array needs{Need{rvc, sag_swell}, Need{iec_61000_4_30, sag_swell},
                               Need{en50160, iec_61000_4_30}, Need{ieee_519, iec_61000_4_30}};
    for (const auto& [part, stands_on] : needs)
      if (setup.enabled(part) && !setup.enabled(stands_on))
        return fail(
            ErrorCode::invalid_config,
            fmt::format("{0} cannot be on while {1} is off: switch {1} on first, or {0} off "
                        "first, which ends what it records",
                        part_names[part], part_names[stands_on]));
    return {};
  }

  static void tell_limits(const graph::Setup& setup, graph::Step& step) {
    const double demand = setup.number(max_demand), fault = setup.number(short_circuit);
    const bool known = demand > 0 && fault > 0, there = setup.choice(bus_voltage) != bus_disabled;
    const double strength = known ? fault / demand : not_available;
    const auto year = static_cast<ieee519::Edition>(setup.choice(edition));
    const auto bus = static_cast<ieee519::BusVoltage>(there ? setup.choice(bus_voltage) : 0);
    const ieee519::Limits voltages = ieee519::voltage_limits(year, bus);
    const ieee519::Limits currents = ieee519::current_limits(year, bus, known ? strength : 0);
    step.out(ratio, strength);
    step.out(voltage_total, there ? voltages.total : not_available);
    step.out(current_total, there && known ? currents.total : not_available);
    for (unsigned h = 2; h <= ieee519::order_max; ++h) {
      step.out(first_voltage_limit + h - 2, there ? voltages.order[h] : not_available);
      step.out(first_current_limit + h - 2, there && known ? currents.order[h] : not_available);
    }
  }

  void follow_clock(graph::Step& step) {
    const double now = step.linked(local_time) ? step.value_of(local_time).number
                                               : static_cast<double>(step.time().ns) / 1e9;
    if (!available(now)) return;
    const double day = std::floor((now - settle_s) / day_s);
    const double week = std::floor((day - first_monday - first_day_) / days_of_week);
    if (passes(today_, day)) step.pulse(day_end);
    if (passes(this_week_, week)) step.pulse(week_end);
    if (passes(this_period_, by_week_ ? week : day)) step.pulse(period_end);
  }

  // A clock that is put back over midnight does not end the same day twice; one that was far ahead
  // is believed now.
  static bool passes(double& kept, double now) {
    const bool later = available(kept) && now > kept;
    if (!available(kept) || later || now < kept - 1) kept = now;
    return later;
  }

  bool by_week_ = true, configured_ = false, told_limits_ = false;
  double first_day_ = 0;
  std::array<double, 3> state_{not_available, not_available, not_available};
  double &this_period_ = state_[0], &this_week_ = state_[1], &today_ = state_[2];
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_options();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Options>(); }

}  // namespace polyphase::modules::power_quality_options
