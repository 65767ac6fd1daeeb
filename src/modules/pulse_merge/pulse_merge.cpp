#include "modules/pulse_merge/pulse_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "graph/describe.hpp"

namespace polyphase::modules::pulse_merge {
namespace {

using graph::RegisterType;
namespace describe = graph::describe;

constexpr std::size_t inputs_max = 16;
constexpr unsigned pulses_per_run_max = 1'000;
constexpr std::uint8_t input_change_priority = 15;

enum Input : std::size_t { enable = inputs_max };

graph::ModuleDescriptor describe_merge() {
  graph::ModuleDescriptor d;
  d.type = "Pulse Merge";
  d.number = 31;
  d.help = "Brings pulses of several sources together.";
  for (std::size_t i = 1; i <= inputs_max; ++i)
    d.inputs.push_back(describe::optional(fmt::format("Pulse In {}", i), RegisterType::pulse,
                                          "a source of pulses"));
  d.inputs[0].mandatory = true;
  d.inputs.push_back(describe::enable("pulses are ignored"));
  d.setups = {describe::toggle("EvLog Mode", false,
                               "whether every pulse that arrives is told as an event")};
  d.outputs = {describe::output("Pulse Out", RegisterType::pulse, "", "a pulse arrived")};
  d.events = {
      {"Input Register Change", input_change_priority, "a pulse arrived, where EvLog Mode is on"},
      describe::setup_event()};
  return d;
}

class PulseMerge final : public graph::Module {
 public:
  void run(graph::Step& step) noexcept override {
    const bool on = step.enabled(enable), tell = step.setup().enabled(0);
    for (std::size_t i = 0; i < inputs_max; ++i) {
      const unsigned received = std::min(step.pulses(i), pulses_per_run_max);
      for (unsigned n = 0; on && n < received; ++n) {
        step.pulse(0);
        if (tell) step.event(input_change_priority, 0, "pulse received", step.source_of(i));
      }
    }
  }
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_merge();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<PulseMerge>(); }

}  // namespace polyphase::modules::pulse_merge
