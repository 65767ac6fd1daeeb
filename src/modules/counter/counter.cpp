#include "modules/counter/counter.hpp"

#include <array>
#include <cmath>

#include "graph/describe.hpp"

namespace polyphase::modules::counter {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { count, enable, reset };
enum Setting : std::size_t { multiplier, count_mode, preset, roll_value };
enum Output : std::size_t { accumulator, rollover };

graph::ModuleDescriptor describe_counter() {
  graph::ModuleDescriptor d;
  d.type = "Counter";
  d.number = 26;
  d.help = "Counts pulses.";
  d.inputs = {
      describe::mandatory("Count", RegisterType::pulse, "what is counted"),
      describe::enable("pulses are not counted, the value stays"),
      describe::optional("Reset", RegisterType::pulse, "the value to Preset, also while disabled"),
  };
  d.setups = {
      describe::number("Multiplier", "", -1e9, 1e9, 1, "what a pulse adds"),
      describe::choice("Count Mode", {"UP", "DOWN"}, 0, "whether a pulse adds or subtracts"),
      describe::number("Preset", "", -1e15, 1e15, 0, "where counting begins"),
      describe::number("RollValue", "", 0, 1e15, 0,
                       "the value starts again from 0 when it reaches this; 0: never"),
  };
  d.outputs = {
      describe::output("Accumulatr", RegisterType::numeric, "", "the count"),
      describe::output("Rollover", RegisterType::pulse, "", "the count reached RollValue"),
  };
  d.events = {describe::reset_event(), describe::setup_event()};
  d.retained = {"count"};
  return d;
}

class Counter final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    step_ = setup.number(multiplier) * (setup.choice(count_mode) == 0 ? 1 : -1);
    preset_ = setup.number(preset);
    roll_value_ = setup.number(roll_value);
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const bool reset_now = step.pulses(reset) > 0;
    if (reset_now || !available(value_)) value_ = preset_;
    const unsigned pulses = step.pulses(count);
    if (step.enabled(enable)) value_ += step_ * pulses;
    if (roll_value_ > 0 && std::abs(value_) >= roll_value_) {
      value_ = std::fmod(value_, roll_value_);
      step.pulse(rollover);
    }
    step.out(accumulator, value_);
    if (reset_now) step.event(registers::priority::reset, accumulator, "reset");
  }

  std::span<double> retained() override { return state_; }

 private:
  double step_ = 1, preset_ = 0, roll_value_ = 0;
  std::array<double, 1> state_{not_available};
  double& value_ = state_[0];
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_counter();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Counter>(); }

}  // namespace polyphase::modules::counter
