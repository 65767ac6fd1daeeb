#include "modules/integrator/integrator.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "graph/describe.hpp"

namespace polyphase::modules::integrator {
namespace {

using graph::available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { integrand, enable, reset, update_outputs, interval_reset };
enum Setting : std::size_t { divisor, int_mode, roll_value, trigger_value };
enum Output : std::size_t { result, rollover, rollover_count, trigger, trigger_count };
enum class Mode : std::size_t { forward, reverse, absolute, net };

constexpr unsigned triggers_per_run_max = 1'000;  // what is beyond stays in the remainder

graph::ModuleDescriptor describe_integrator() {
  graph::ModuleDescriptor d;
  d.type = "Integrator";
  d.number = 10;
  d.help =
      "Integrates a quantity over time: kWh from kW, V^2h from V^2. While the integrand is not "
      "available, nothing is added.";
  d.inputs = {
      describe::mandatory("Integrand", RegisterType::numeric, "what is integrated"),
      describe::enable("Result and remainder stay"),
      describe::optional("Reset", RegisterType::pulse, "everything to 0, also while disabled"),
      describe::optional("Update Outputs", RegisterType::pulse,
                         "Result shows the sum as of the last pulse"),
      describe::optional("Interval Reset", RegisterType::pulse,
                         "Result and counts to 0; the remainder of Trigger is kept"),
  };
  d.setups = {
      describe::number("Divisor", "s", 1e-6, 1e9, 3600, "3600 makes kWh of kW"),
      describe::choice(
          "Int Mode", {"FORWARD", "REVERSE", "ABSOLUTE", "NET"}, 0,
          "which sign of the integrand counts: positive, negative, both, or both with sign"),
      describe::number("RollValue", "", 0, 1e15, 1e9,
                       "Result starts again when it reaches this; 0: never"),
      describe::number("Trigger Value", "", 0, 1e15, 0,
                       "Trigger pulses once per this much; 0: never"),
  };
  d.outputs = {
      describe::output("Result", RegisterType::numeric, "", "the sum"),
      describe::output("Rollover", RegisterType::pulse, "", "Result reached RollValue"),
      describe::output("Rollover Count", RegisterType::numeric, "", "how often"),
      describe::output("Trigger", RegisterType::pulse, "", "Trigger Value more was integrated"),
      describe::output("Trigger Count", RegisterType::numeric, "", "how often"),
  };
  d.events = {describe::reset_event(), describe::setup_event()};
  d.retained = {"sum", "compensation", "rollovers", "remainder", "triggers"};
  return d;
}

class Integrator final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    divisor_s_ = setup.number(divisor);
    mode_ = static_cast<Mode>(setup.choice(int_mode));
    roll_value_ = setup.number(roll_value);
    trigger_value_ = setup.number(trigger_value);
    return {};
  }

  void run(graph::Step& step) noexcept override {
    clear_where_asked(step);
    const double value = step.in(integrand);
    if (step.enabled(enable) && available(value)) {
      add(part(value) * step.duration_s() / divisor_s_, step);
      integrated_ = true;
    }
    if (!step.linked(update_outputs) || step.pulses(update_outputs) > 0) publish(step);
  }

  // kWh of kW, V^2h of V^2; a divisor that makes no unit of time leaves it open.
  std::string unit(std::size_t o, const graph::Setup& setup,
                   std::span<const std::string> inputs) const override {
    if (o != result || inputs[integrand].empty()) return {};
    const double divisor_s = setup.number(divisor);
    const char* time = divisor_s == 3600 ? "h" : divisor_s == 1 ? "s" : nullptr;
    return time == nullptr ? std::string() : inputs[integrand] + time;
  }

  std::span<double> retained() override { return state_; }

 private:
  // A new source is a new sum.
  void clear_where_asked(graph::Step& step) {
    const bool relinked = source_ != registers::no_register && source_ != step.source_of(integrand);
    source_ = step.source_of(integrand);
    if (step.pulses(reset) > 0 || relinked) {
      state_ = {};
      step.out(result, 0.0);
      step.event(registers::priority::reset, result, "reset");
    }
    if (step.pulses(interval_reset) > 0) {
      sum_ = compensation_ = rollovers_ = triggers_ = 0;
      step.out(result, 0.0);
      step.event(registers::priority::reset, result, "interval reset");
    }
  }

  double part(double value) const {
    switch (mode_) {
      case Mode::forward:
        return std::max(value, 0.0);
      case Mode::reverse:
        return std::max(-value, 0.0);
      case Mode::absolute:
        return std::abs(value);
      case Mode::net:
        return value;
    }
    return 0;
  }

  void add_to_sum(double term) {
    const double sum = sum_ + term;
    compensation_ += std::abs(sum_) >= std::abs(term) ? (sum_ - sum) + term : (term - sum) + sum_;
    sum_ = sum;
  }

  void add(double term, graph::Step& step) {
    add_to_sum(term);
    if (const double total = sum_ + compensation_;
        roll_value_ > 0 && std::abs(total) >= roll_value_) {
      const double rolls = std::trunc(total / roll_value_);
      add_to_sum(-rolls * roll_value_);
      rollovers_ += std::abs(rolls);
      step.pulse(rollover);
    }
    if (trigger_value_ <= 0) return;
    remainder_ += term;
    for (unsigned n = 0; std::abs(remainder_) >= trigger_value_ && n < triggers_per_run_max; ++n) {
      remainder_ -= std::copysign(trigger_value_, remainder_);
      triggers_ += 1;
      step.pulse(trigger);
    }
  }

  // Not a zero but nothing, until there was something to integrate.
  void publish(graph::Step& step) {
    const bool known = integrated_ || sum_ != 0 || rollovers_ != 0;
    step.out(result, known ? sum_ + compensation_ : graph::not_available);
    step.out(rollover_count, rollovers_);
    step.out(trigger_count, triggers_);
  }

  double divisor_s_ = 1, roll_value_ = 0, trigger_value_ = 0;
  Mode mode_ = Mode::forward;
  std::array<double, 5> state_{};
  double& sum_ = state_[0];
  double& compensation_ = state_[1];
  double& rollovers_ = state_[2];
  double& remainder_ = state_[3];
  double& triggers_ = state_[4];
  bool integrated_ = false;
  registers::Index source_ = registers::no_register;
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_integrator();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Integrator>(); }

}  // namespace polyphase::modules::integrator
