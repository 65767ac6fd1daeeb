#include "modules/setpoint/setpoint.hpp"

#include <cmath>

#include "graph/describe.hpp"
#include "graph/elapsed.hpp"

namespace polyphase::modules::setpoint {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { source, enable_input, reset };
enum Setting : std::size_t {
  high_limit,
  low_limit,
  sustain_on,
  sustain_off,
  input_mode,
  eval_mode,
  priority,
  enable_setting,
};
enum Output : std::size_t { status, trigger };
enum class Eval : std::size_t { greater_than, less_than, equal };

constexpr double limit_max = 1e15;
constexpr double sustain_s_max = 31'536'000;  // a year
constexpr std::int64_t rounding_ns = 1'000;   // times of half cycles are rounded to nanoseconds

graph::ModuleDescriptor describe_setpoint() {
  graph::ModuleDescriptor d;
  d.type = "Setpoint";
  d.number = 15;
  d.instances_max = 200;
  d.help =
      "On while a quantity is beyond a limit, with hysteresis and delays. Runs at the speed of its "
      "source.";
  d.inputs = {
      describe::mandatory("Source", RegisterType::numeric, "a number, or a Boolean as 1 and 0"),
      describe::enable("Status is N/A"),
      describe::optional("Reset", RegisterType::pulse, "ends the condition; delays begin anew"),
  };
  d.setups = {
      describe::number("High Limit", "", -limit_max, limit_max, 0,
                       "GREATERTHAN: pickup; LESSTHAN: dropout"),
      describe::number("Low Limit", "", -limit_max, limit_max, 0,
                       "GREATERTHAN: dropout; LESSTHAN: pickup"),
      describe::number("SusUntlON", "s", 0, sustain_s_max, 0, "how long beyond pickup until on"),
      describe::number("SusUntlOFF", "s", 0, sustain_s_max, 0, "how long beyond dropout until off"),
      describe::choice("Input Mode", {"SIGNED", "ABSOLUTE"}, 0,
                       "ABSOLUTE: the sign of Source is ignored"),
      describe::choice("Eval Mode", {"GREATERTHAN", "LESSTHAN", "EQUAL"}, 0,
                       "which side of the limits is beyond"),
      describe::event_priority(128),
      describe::toggle("Enable", true, "off: disabled whatever the Enable input says"),
  };
  d.outputs = {
      describe::output("Status", RegisterType::boolean, "", "1 while the condition is on"),
      describe::output("Trigger", RegisterType::pulse, "", "the condition came on"),
  };
  d.events = {{"Setpoint", -1,
               "condition started, condition ended, setup changed while ON, disabled while ON"},
              describe::reset_event(),
              describe::setup_event()};
  return d;
}

class Setpoint final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    high_ = setup.number(high_limit);
    low_ = setup.number(low_limit);
    sustain_on_ns_ = std::llround(setup.number(sustain_on) * 1e9);
    sustain_off_ns_ = std::llround(setup.number(sustain_off) * 1e9);
    absolute_ = setup.choice(input_mode) == 1;
    eval_ = static_cast<Eval>(setup.choice(eval_mode));
    priority_ = static_cast<std::uint8_t>(setup.number(priority));
    enabled_ = setup.enabled(enable_setting);
    changed_ = true;
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const std::int64_t passed_ns = elapsed_.advance_ns(step);
    if (changed_ && on_) tell(step, "setup changed while ON");
    changed_ = false;
    const bool relinked = source_ != registers::no_register && source_ != step.source_of(source);
    source_ = step.source_of(source);
    const bool reset_now = step.pulses(reset) > 0;
    if (reset_now || relinked) {
      off(step, 0.0, "condition ended");
      waiting_ = false;
    }
    if (reset_now) step.event(registers::priority::reset, status, "reset");
    if (!(enabled_ && step.enabled(enable_input)))
      return off(step, not_available, "disabled while ON");
    const double value = absolute_ ? std::abs(step.in(source)) : step.in(source);
    value_ = value;
    if (!available(value)) return off(step, not_available, "condition ended");
    evaluate(step, value, passed_ns);
  }

  void finish(graph::Step& step) noexcept override {
    if (on_) disturb(step, true);
  }

 private:
  bool picks_up(double value) const {
    switch (eval_) {
      case Eval::greater_than:
        return value > high_;
      case Eval::less_than:
        return value < low_;
      case Eval::equal:
        return value == high_;
    }
    return false;
  }
  bool drops_out(double value) const {
    switch (eval_) {
      case Eval::greater_than:
        return value < low_;
      case Eval::less_than:
        return value > high_;
      case Eval::equal:
        return value != high_;
    }
    return false;
  }

  void evaluate(graph::Step& step, double value, std::int64_t passed_ns) {
    const bool beyond = on_ ? drops_out(value) : picks_up(value);
    waited_ns_ = beyond && waiting_ ? waited_ns_ + passed_ns : 0;
    if (!on_ && beyond && !waiting_) {
      extreme_ = value;
      quality_ = {};
    }
    waiting_ = beyond;
    if (on_ || beyond) {
      keep_extreme(value);
      quality_ |= step.quality();
    }
    if (beyond && waited_ns_ + rounding_ns >= (on_ ? sustain_off_ns_ : sustain_on_ns_)) {
      waiting_ = false;
      if (on_) return off(step, 0.0, "condition ended");
      on_ = true;
      began_ = step.time();
      step.out(status, true);
      step.pulse(trigger);
      return tell(step, "condition started");
    }
    step.out(status, on_);
  }

  void keep_extreme(double value) {
    extreme_ = eval_ == Eval::less_than ? std::min(extreme_, value) : std::max(extreme_, value);
  }

  void off(graph::Step& step, double state, std::string_view why) {
    const bool was_on = on_;
    if (was_on) disturb(step, false);
    on_ = false;
    if (!available(state)) waiting_ = false;
    step.out(status, state);
    if (was_on) tell(step, why);
  }

  void tell(graph::Step& step, std::string_view text) {
    if (priority_ != 0) step.event(priority_, status, text, source_, value_);
  }

  void disturb(graph::Step& step, bool open) {
    if (priority_ == 0) return;
    registers::Disturbance disturbance;
    disturbance.setpoint = step.output(status);
    disturbance.time = began_;
    disturbance.end = step.time();
    disturbance.open = open;
    disturbance.extreme = extreme_;
    disturbance.priority = priority_;
    disturbance.quality = quality_;
    step.disturbance(disturbance);
  }

  double high_ = 0, low_ = 0;
  std::int64_t sustain_on_ns_ = 0, sustain_off_ns_ = 0;
  bool absolute_ = false, enabled_ = true, changed_ = false;
  Eval eval_ = Eval::greater_than;
  std::uint8_t priority_ = 0;

  graph::Elapsed elapsed_;
  registers::Index source_ = registers::no_register;
  bool on_ = false;
  bool waiting_ = false;  ///< beyond the limit, for waited_ns_
  std::int64_t waited_ns_ = 0;
  Instant began_;
  Quality quality_;  ///< of the values since the first beyond pickup
  double extreme_ = not_available, value_ = not_available;
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_setpoint();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Setpoint>(); }

}  // namespace polyphase::modules::setpoint
