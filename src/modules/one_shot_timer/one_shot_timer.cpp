#include "modules/one_shot_timer/one_shot_timer.hpp"

#include <cmath>

#include "graph/describe.hpp"
#include "graph/elapsed.hpp"

namespace polyphase::modules::one_shot_timer {
namespace {

using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { start, enable };
enum Output : std::size_t { state, trigger };

constexpr std::int64_t rounding_ns = 1'000;  // times of half cycles are rounded to nanoseconds

graph::ModuleDescriptor describe_timer() {
  graph::ModuleDescriptor d;
  d.type = "One-Shot Timer";
  d.number = 32;
  d.help = "A state for a set time after a pulse. Runs at the speed of Start.";
  d.inputs = {
      describe::mandatory("Start", RegisterType::pulse, "starts the timer; ignored while it runs"),
      describe::enable("Start is ignored"),
  };
  d.setups = {describe::number("Duration", "s", 0.001, 31'536'000, 1, "how long it runs")};
  d.outputs = {
      describe::output("State", RegisterType::boolean, "", "1 while it runs"),
      describe::output("Trigger", RegisterType::pulse, "", "it has ended"),
  };
  d.events = {describe::setup_event()};
  return d;
}

class OneShotTimer final : public graph::Module {
 public:
  void run(graph::Step& step) noexcept override {
    const std::int64_t passed_ns = elapsed_.advance_ns(step);
    const std::int64_t duration_ns = std::llround(step.setup().number(0) * 1e9);
    const bool started = step.pulses(start) > 0 && step.enabled(enable);
    if (running_) {
      ran_ns_ += passed_ns;
      if (ran_ns_ + rounding_ns >= duration_ns) {
        running_ = false;
        step.pulse(trigger);
      }
    } else if (started) {
      running_ = true;
      ran_ns_ = 0;
    }
    step.out(state, running_);
  }

 private:
  graph::Elapsed elapsed_;
  bool running_ = false;
  std::int64_t ran_ns_ = 0;
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_timer();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<OneShotTimer>(); }

}  // namespace polyphase::modules::one_shot_timer
