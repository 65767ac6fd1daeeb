#include "modules/feedback/feedback.hpp"

#include <algorithm>

#include "graph/describe.hpp"

namespace polyphase::modules::feedback {
namespace {

using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { source, enable };

constexpr unsigned pulses_per_run_max = 1'000;

graph::ModuleDescriptor describe_feedback() {
  graph::ModuleDescriptor d;
  d.type = "Feedback";
  d.number = 22;
  d.cadence = graph::Cadence::half_cycle;
  d.breaks_loop = true;
  d.help = "Hands pulses back to modules before it: the only way to close a loop of links.";
  d.inputs = {describe::mandatory("Source", RegisterType::pulse, "what is echoed"),
              describe::enable("pulses are dropped")};
  d.outputs = {
      describe::output("Pulse Out", RegisterType::pulse, "", "the echo, half a cycle later")};
  d.events = {describe::setup_event()};
  return d;
}

class Feedback final : public graph::Module {
 public:
  void run(graph::Step& step) noexcept override {
    const unsigned received = std::min(step.pulses(source), pulses_per_run_max);
    if (!step.enabled(enable)) return;
    for (unsigned n = 0; n < received; ++n) step.pulse(0);
  }
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_feedback();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Feedback>(); }

}  // namespace polyphase::modules::feedback
