#include "modules/convert/convert.hpp"

#include "graph/describe.hpp"

namespace polyphase::modules::convert {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { source, enable };
enum Output : std::size_t { numeric, boolean, on_pulse, off_pulse };

graph::ModuleDescriptor describe_convert() {
  graph::ModuleDescriptor d;
  d.type = "Convert";
  d.number = 30;
  d.help = "Converts numbers and Booleans into each other.";
  d.inputs = {
      describe::mandatory("Source", RegisterType::numeric, "a number or a Boolean"),
      describe::enable("outputs N/A"),
  };
  d.setups = {describe::choice("N/A Conversion", {"NONE", "CONVERT TO 0", "CONVERT TO 1"}, 0,
                               "what is put out while Source is not available")};
  d.outputs = {
      describe::output("Numeric Out", RegisterType::numeric, "",
                       "Source as a number; a Boolean as 1 or 0"),
      describe::output("Boolean Out", RegisterType::boolean, "", "1 where Source is not 0"),
      describe::output("On Pulse", RegisterType::pulse, "", "Boolean Out came on"),
      describe::output("Off Pulse", RegisterType::pulse, "", "Boolean Out went off"),
  };
  d.events = {describe::setup_event()};
  return d;
}

class Convert final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    const std::size_t conversion = setup.choice(0);
    substitute_ = conversion == 0 ? not_available : static_cast<double>(conversion - 1);
    return {};
  }

  void run(graph::Step& step) noexcept override {
    double value = not_available;
    if (step.enabled(enable)) {
      value = step.in(source);
      if (!available(value)) value = substitute_;
    }
    const double state = available(value) ? (value != 0 ? 1.0 : 0.0) : not_available;
    step.out(numeric, value);
    step.out(boolean, state);
    if (available(state_) && available(state) && state != state_)
      step.pulse(state == 1 ? on_pulse : off_pulse);
    state_ = state;
  }

 private:
  double substitute_ = not_available, state_ = not_available;
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_convert();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Convert>(); }

}  // namespace polyphase::modules::convert
