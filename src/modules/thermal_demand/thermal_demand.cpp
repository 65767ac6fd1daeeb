#include "modules/thermal_demand/thermal_demand.hpp"

#include <array>
#include <cmath>

#include "graph/describe.hpp"

namespace polyphase::modules::thermal_demand {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { source, enable, reset };
enum Setting : std::size_t { interval, time_constant };

graph::ModuleDescriptor describe_thermal() {
  graph::ModuleDescriptor d;
  d.type = "Thermal Demand";
  d.number = 29;
  d.help = "Demand with the exponential response of a thermal meter.";
  d.inputs = {
      describe::mandatory("Source", RegisterType::numeric, "the quantity"),
      describe::enable("the source counts as 0"),
      describe::optional("Reset", RegisterType::pulse, "ThrmDemand to 0, also while disabled"),
  };
  d.setups = {
      describe::number("Interval", "s", 1, 86'400, 900,
                       "within which a step is followed to Time Const"),
      describe::number("Time Const", "%", 1, 99.9, 90,
                       "share of a step that is reached after Interval"),
  };
  d.outputs = {describe::output("ThrmDemand", RegisterType::numeric, "", "the thermal demand")};
  d.events = {describe::reset_event(), describe::setup_event()};
  d.retained = {"demand"};
  return d;
}

class ThermalDemand final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    interval_s_ = setup.number(interval);
    rest_ = 1 - setup.number(time_constant) / 100;
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const bool relinked = source_ != registers::no_register && source_ != step.source_of(source);
    source_ = step.source_of(source);
    const bool reset_now = step.pulses(reset) > 0 || relinked;
    if (reset_now) demand_ = 0;
    const double value = step.enabled(enable) ? step.in(source) : 0.0;
    if (available(value)) {
      if (!available(demand_)) demand_ = 0;
      demand_ += (value - demand_) * (1 - std::pow(rest_, step.duration_s() / interval_s_));
    }
    step.out(0, demand_);
    if (reset_now) step.event(registers::priority::reset, 0, "reset");
  }

  std::string unit(std::size_t, const graph::Setup&,
                   std::span<const std::string> inputs) const override {
    return inputs[source];
  }

  std::span<double> retained() override { return state_; }

 private:
  double interval_s_ = 900, rest_ = 0.1;
  registers::Index source_ = registers::no_register;
  std::array<double, 1> state_{not_available};
  double& demand_ = state_[0];
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_thermal();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<ThermalDemand>(); }

}  // namespace polyphase::modules::thermal_demand
