#include <algorithm>

#include "graph/describe.hpp"
#include "modules/evaluation/counting.hpp"
#include "modules/evaluation/evaluation.hpp"

namespace polyphase::modules::evaluation {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

constexpr double limit_max = 1e15;
enum Input : std::size_t { source, nominal, first_counting_input };
enum Setting : std::size_t { upper, lower, eval_mode, first_counting_setup };
enum Output : std::size_t { num_exceed = 2, exceeded = 5, last, lowest, highest, mean };
enum Kept : std::size_t { exceed, last_value, lowest_value, highest_value, sum, kept_end };

graph::ModuleDescriptor describe_evaluation() {
  graph::ModuleDescriptor d;
  d.type = "Signal Limit Evaluation";
  d.number = 64;
  d.help = "Counts how often a quantity was beyond its limits.";
  d.inputs = {
      describe::mandatory("Source", RegisterType::numeric, "what is evaluated"),
      describe::setup_link("Nominal", RegisterType::numeric, "what PERCENTAGE relates to"),
  };
  add_inputs(d, "nothing is evaluated, the outputs stay", "a new value has come");
  d.setups = {
      describe::number("Upper Limit", "", -limit_max, limit_max, limit_max, "more exceeds"),
      describe::number("Lower Limit", "", -limit_max, limit_max, -limit_max, "less exceeds"),
      describe::choice("Eval Mode", {"VALUE", "PERCENTAGE"}, 0,
                       "whether limits are in the unit of Source or in percent of Nominal"),
  };
  add_setups(d, 5);
  add_counters(d);
  add_output(d, "Last", RegisterType::numeric, "", "valid value evaluated last");
  add_output(d, "Lowest", RegisterType::numeric, "", "of the valid values");
  add_output(d, "Highest", RegisterType::numeric, "", "of the valid values");
  add_output(d, "Mean", RegisterType::numeric, "", "of the valid values");
  d.events = {
      {"Limit", -1, "a limit was exceeded"}, describe::reset_event(), describe::setup_event()};
  d.retained = {"valid", "invalid", "exceed", "last", "lowest", "highest", "sum"};
  return d;
}

class SignalLimit final : public Counting {
 public:
  SignalLimit() : Counting({first_counting_input, first_counting_setup}, kept_end) {}

  Result<void> configure(const graph::Setup& setup) override {
    if (setup.number(lower) > setup.number(upper))
      return fail(ErrorCode::invalid_config, "Lower Limit must not be above Upper Limit");
    upper_ = setup.number(upper);
    lower_ = setup.number(lower);
    percentage_ = setup.choice(eval_mode) == 1;
    configure_counting(setup);
    return {};
  }

  std::string unit(std::size_t o, const graph::Setup&,
                   std::span<const std::string> inputs) const override {
    return o >= last ? inputs[source] : std::string();
  }

 private:
  // What is doubtful about Source makes it invalid; it is not doubtful how often that was so.
  bool judge(graph::Step& step) override {
    const registers::Value value = step.value_of(source);
    const double base = !percentage_           ? 100
                        : step.linked(nominal) ? step.value_of(nominal).number
                                               : not_available;
    if (!available(value.number) || !(base > 0) || left_out(step, value.quality)) return false;
    take(value.number);
    const double judged = 100 * value.number / base;
    if (!(judged > upper_ || judged < lower_)) return true;
    kept(exceed) += 1;
    step.pulse(exceeded);
    if (priority() != 0)
      step.event(priority(), num_exceed, "limit exceeded", step.source_of(source), value.number);
    return true;
  }

  void take(double value) {
    const bool first = valid() == 0;
    kept(lowest_value) = first ? value : std::min(kept(lowest_value), value);
    kept(highest_value) = first ? value : std::max(kept(highest_value), value);
    kept(last_value) = value;
    kept(sum) += value;
  }

  void tell(graph::Step& step) const override {
    tell_counters(step);
    const bool any = valid() > 0;
    step.out(last, any ? kept(last_value) : not_available);
    step.out(lowest, any ? kept(lowest_value) : not_available);
    step.out(highest, any ? kept(highest_value) : not_available);
    step.out(mean, any ? kept(sum) / valid() : not_available);
  }

  double upper_ = 0, lower_ = 0;
  bool percentage_ = false;
};

}  // namespace

const graph::ModuleDescriptor& signal_limit_descriptor() {
  static const graph::ModuleDescriptor d = describe_evaluation();
  return d;
}

std::unique_ptr<graph::Module> create_signal_limit() { return std::make_unique<SignalLimit>(); }

}  // namespace polyphase::modules::evaluation
