#include "modules/and_or/and_or.hpp"

#include <fmt/format.h>

#include <array>

#include "graph/describe.hpp"

namespace polyphase::modules::and_or {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

constexpr std::size_t sources_max = 8;
constexpr std::uint8_t input_change_priority = 15;

enum Input : std::size_t { latch_reset = sources_max };
enum Setting : std::size_t { mode, event_log_mode, update_mode };
enum Output : std::size_t { result, previous, trigger };
enum class Mode : std::size_t { and_all, or_any, nand, nor };

graph::ModuleDescriptor describe_and_or() {
  graph::ModuleDescriptor d;
  d.type = "AND/OR";
  d.number = 28;
  d.help = "Combines Booleans.";
  for (std::size_t i = 1; i <= sources_max; ++i)
    d.inputs.push_back(describe::optional(fmt::format("Source {}", i), RegisterType::boolean,
                                          "one of the operands"));
  d.inputs[0].mandatory = true;
  d.inputs.push_back(
      describe::optional("LatchReset", RegisterType::pulse, "ends the latching of Result"));
  d.setups = {
      describe::choice("Mode", {"AND", "OR", "NAND", "NOR"}, 0, "how the sources combine"),
      describe::toggle("EvLog Mode", false, "whether changes of the sources are told as events"),
      describe::choice("UpdateMode", {"NORMAL", "LATCHING"}, 0,
                       "whether Result stays on until LatchReset"),
  };
  d.outputs = {
      describe::output("Result", RegisterType::boolean, "", "the combination"),
      describe::output("PrevLatchResult", RegisterType::boolean, "",
                       "Result before the last LatchReset"),
      describe::output("Trigger", RegisterType::pulse, "", "Result came on"),
  };
  d.events = {
      {"Input Register Change", input_change_priority, "a source changed, where EvLog Mode is on"},
      describe::setup_event()};
  return d;
}

class AndOr final : public graph::Module {
 public:
  AndOr() { before_.fill(not_available); }

  Result<void> configure(const graph::Setup& setup) override {
    mode_ = static_cast<Mode>(setup.choice(mode));
    tell_changes_ = setup.enabled(event_log_mode);
    latching_ = setup.choice(update_mode) == 1;
    return {};
  }

  void run(graph::Step& step) noexcept override {
    if (step.pulses(latch_reset) > 0 && latching_) {
      step.out(previous, result_);
      result_ = 0;
    }
    const double now = combine(step);
    const double next = latching_ && result_ == 1 ? 1.0 : now;
    step.out(result, next);
    if (next == 1 && result_ != 1) step.pulse(trigger);
    result_ = next;
  }

 private:
  double combine(graph::Step& step) {
    bool all = true, any = false, known = true;
    for (std::size_t i = 0; i < sources_max; ++i) {
      if (!step.linked(i)) continue;
      const double value = step.in(i);
      if (tell_changes_ && available(value) && available(before_[i]) && value != before_[i])
        step.event(input_change_priority, result, "input changed", step.source_of(i), value);
      before_[i] = value;
      known = known && available(value);
      all = all && value != 0;
      any = any || value != 0;
    }
    if (!known) return not_available;
    switch (mode_) {
      case Mode::and_all:
        return all ? 1 : 0;
      case Mode::or_any:
        return any ? 1 : 0;
      case Mode::nand:
        return all ? 0 : 1;
      case Mode::nor:
        return any ? 0 : 1;
    }
    return not_available;
  }

  Mode mode_ = Mode::and_all;
  bool tell_changes_ = false, latching_ = false;
  double result_ = not_available;
  std::array<double, sources_max> before_{};
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_and_or();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<AndOr>(); }

}  // namespace polyphase::modules::and_or
