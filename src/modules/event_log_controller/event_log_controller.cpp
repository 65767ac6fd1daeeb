#include "modules/event_log_controller/event_log_controller.hpp"

#include <fmt/format.h>

#include "base/logs.hpp"
#include "graph/describe.hpp"

namespace polyphase::modules::event_log_controller {
namespace {

using graph::RegisterType;
namespace describe = graph::describe;

constexpr double cutoff_initial = 5;
constexpr int users = 50;

graph::ModuleDescriptor describe_controller() {
  graph::ModuleDescriptor d;
  d.type = "Event Log Controller";
  d.number = 41;
  d.core = true;
  d.instances_max = 1;
  d.cadence = graph::Cadence::second;
  d.help = "Keeps the events of all modules whose priority is above the cut-off.";
  std::vector<std::string> readers;
  for (int user = 0; user <= users; ++user) readers.push_back(fmt::format("USER{}", user));
  d.setups = {
      describe::number("EvLog Depth", "", 0, static_cast<double>(logs::depth_max),
                       static_cast<double>(logs::event_depth_default),
                       "how many events the log holds; a change erases it; 0: none is logged"),
      describe::number("Priority Cutoff", "", 0, 255, cutoff_initial,
                       "an event is logged when its priority is greater"),
      describe::choice("Designated Reader", std::move(readers), 0,
                       "whose reading makes events read; USER0: nobody's"),
  };
  d.outputs = {describe::output("Event Log", RegisterType::log, "", "the log of all events")};
  d.events = {describe::setup_event()};
  return d;
}

// The log is kept outside of the engine, by this setup.
class Controller final : public graph::Module {
 public:
  void run(graph::Step&) noexcept override {}
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_controller();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Controller>(); }

}  // namespace polyphase::modules::event_log_controller
