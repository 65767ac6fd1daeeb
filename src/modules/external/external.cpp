#include "modules/external/external.hpp"

#include <array>

#include "graph/describe.hpp"

namespace polyphase::modules::external {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum class Kind { numeric, boolean, pulse };

graph::ModuleDescriptor describe_external(Kind kind) {
  graph::ModuleDescriptor d;
  d.cadence = graph::Cadence::second;
  d.setups = {describe::event_priority(0)};
  if (kind == Kind::numeric) {
    d.type = "External Numeric";
    d.number = 23;
    d.help = "A number written from outside.";
    d.outputs = {describe::output("Numeric", RegisterType::numeric, "", "the number written last")};
  } else if (kind == Kind::boolean) {
    d.type = "External Boolean";
    d.number = 24;
    d.help = "A state written from outside.";
    d.outputs = {describe::output("Switch", RegisterType::boolean, "", "the state written last")};
  } else {
    d.type = "External Pulse";
    d.number = 25;
    d.help = "A pulse given from outside.";
    d.outputs = {describe::output("Trigger", RegisterType::pulse, "", "one per write")};
  }
  if (kind != Kind::pulse) d.retained = {"value"};
  d.events = {{"Output Value Written", -1, "the register was written"}, describe::setup_event()};
  return d;
}

class External final : public graph::Module {
 public:
  explicit External(Kind kind) : kind_(kind) {}

  void run(graph::Step& step) noexcept override {
    if (kind_ != Kind::pulse && !available(step.current(0)) && available(value_[0]))
      step.out(0, value_[0]);
  }

  Result<void> write(graph::Step& step, std::size_t, double number) override {
    if (kind_ == Kind::boolean && number != 0 && number != 1)
      return fail(ErrorCode::invalid_input, "a state is written as on or off");
    if (kind_ == Kind::pulse) {
      step.pulse(0);
    } else {
      value_[0] = number;
      step.out(0, number);
    }
    const auto priority = static_cast<std::uint8_t>(step.setup().number(0));
    if (priority != 0) step.event(priority, 0, "output value written");
    return {};
  }

  std::span<double> retained() override {
    return kind_ == Kind::pulse ? std::span<double>{} : std::span<double>(value_);
  }

 private:
  Kind kind_;
  std::array<double, 1> value_{not_available};
};

template <Kind kind>
const graph::ModuleDescriptor& described() {
  static const graph::ModuleDescriptor d = describe_external(kind);
  return d;
}

}  // namespace

const graph::ModuleDescriptor& numeric_descriptor() { return described<Kind::numeric>(); }
const graph::ModuleDescriptor& boolean_descriptor() { return described<Kind::boolean>(); }
const graph::ModuleDescriptor& pulse_descriptor() { return described<Kind::pulse>(); }
std::unique_ptr<graph::Module> create_numeric() {
  return std::make_unique<External>(Kind::numeric);
}
std::unique_ptr<graph::Module> create_boolean() {
  return std::make_unique<External>(Kind::boolean);
}
std::unique_ptr<graph::Module> create_pulse() { return std::make_unique<External>(Kind::pulse); }

}  // namespace polyphase::modules::external
