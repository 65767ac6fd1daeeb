#include "modules/signal_limit_evaluation/signal_limit_evaluation.hpp"

#include <algorithm>
#include <array>

#include "graph/describe.hpp"
#include "pq/interval_count.hpp"

namespace polyphase::modules::signal_limit_evaluation {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

constexpr double limit_max = 1e15;
constexpr double counter_priority = 50;

enum Input : std::size_t { source, nominal, valid, enable, evaluate, reset };
enum Setting : std::size_t { upper, lower, eval_mode, flagged, exceed_max, priority };
enum Output : std::size_t {
  num_valid,
  num_invalid,
  num_exceed,
  exceed_ratio,
  complies,
  exceeded,
  last,
  lowest,
  highest,
  mean,
};

graph::ModuleDescriptor describe_evaluation() {
  graph::ModuleDescriptor d;
  d.type = "Signal Limit Evaluation";
  d.number = 64;
  d.help = "Counts how often a quantity was beyond its limits.";
  d.inputs = {
      describe::mandatory("Source", RegisterType::numeric, "what is evaluated"),
      describe::setup_link("Nominal", RegisterType::numeric, "what PERCENTAGE relates to"),
      describe::optional("Valid", RegisterType::boolean, "off at Evaluate: counts as invalid"),
      describe::enable("nothing is evaluated, the outputs stay"),
      describe::mandatory("Evaluate", RegisterType::pulse, "a new value has come"),
      describe::optional("Reset", RegisterType::pulse,
                         "outputs to N/A until the next evaluation, also while disabled"),
  };
  d.setups = {
      describe::number("Upper Limit", "", -limit_max, limit_max, limit_max, "more exceeds"),
      describe::number("Lower Limit", "", -limit_max, limit_max, -limit_max, "less exceeds"),
      describe::choice("Eval Mode", {"VALUE", "PERCENTAGE"}, 0,
                       "whether limits are in the unit of Source or in percent of Nominal"),
      describe::choice("Flagged", {"EXCLUDE", "COUNT"}, 0,
                       "whether values of disturbed or incomplete intervals are invalid"),
      describe::number("Exceed Max", "%", 0, 100, 5, "share that may exceed, for Complies"),
      describe::event_priority(counter_priority),
  };
  const auto add = [&](const char* name, RegisterType type, const char* unit, const char* help) {
    d.outputs.push_back(describe::output(name, type, unit, help));
    d.outputs.back().cadence = graph::Cadence::second;
  };
  add("Num Valid", RegisterType::numeric, "", "evaluations of valid values");
  add("Num Invalid", RegisterType::numeric, "", "values that were not evaluated");
  add("Num Exceed", RegisterType::numeric, "", "valid values beyond a limit");
  add("Exceed Ratio", RegisterType::numeric, "%", "Num Exceed over Num Valid");
  add("Complies", RegisterType::boolean, "", "1: Exceed Ratio is at most Exceed Max");
  add("Exceeded", RegisterType::pulse, "", "a value was beyond a limit");
  add("Last", RegisterType::numeric, "", "valid value evaluated last");
  add("Lowest", RegisterType::numeric, "", "of the valid values");
  add("Highest", RegisterType::numeric, "", "of the valid values");
  add("Mean", RegisterType::numeric, "", "of the valid values");
  d.events = {
      {"Limit", -1, "a limit was exceeded"}, describe::reset_event(), describe::setup_event()};
  d.retained = {"valid", "invalid", "exceed", "last", "lowest", "highest", "sum"};
  return d;
}

class Evaluation final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    if (setup.number(lower) > setup.number(upper))
      return fail(ErrorCode::invalid_config, "Lower Limit must not be above Upper Limit");
    upper_ = setup.number(upper);
    lower_ = setup.number(lower);
    percentage_ = setup.choice(eval_mode) == 1;
    excludes_ = setup.choice(flagged) == 0;
    exceed_max_ = setup.number(exceed_max);
    priority_ = static_cast<std::uint8_t>(setup.number(priority));
    return {};
  }

  std::string unit(std::size_t o, const graph::Setup&,
                   std::span<const std::string> inputs) const override {
    return o >= last ? inputs[source] : std::string();
  }

  void run(graph::Step& step) noexcept override {
    if (step.pulses(reset) > 0) {
      state_.fill(0);
      tell(step);
      step.event(registers::priority::reset, num_valid, "reset");
    } else if (!started_) {
      tell(step);  // what was retained
    }
    started_ = true;
    if (step.pulses(evaluate) == 0 || !step.enabled(enable)) return;
    // What is doubtful about Source makes it invalid; it is not doubtful how often that was so.
    const registers::Value value = step.value_of(source);
    const double base = percentage_ ? nominal_of(step) : 100;
    const bool doubtful =
        value.quality.has(Quality::disturbed) || value.quality.has(Quality::partial);
    const bool counts = available(value.number) && base > 0 && !(excludes_ && doubtful) &&
                        (!step.linked(valid) || step.value_of(valid).number == 1);
    if (counts)
      take(value.number, 100 * value.number / base, step);
    else
      invalid_ += 1;
    tell(step);
  }

  std::span<double> retained() override { return state_; }

 private:
  static double nominal_of(const graph::Step& step) {
    return step.linked(nominal) ? step.value_of(nominal).number : not_available;
  }

  void take(double value, double judged, graph::Step& step) {
    lowest_ = valid_ == 0 ? value : std::min(lowest_, value);
    highest_ = valid_ == 0 ? value : std::max(highest_, value);
    last_ = value;
    sum_ += value;
    valid_ += 1;
    if (!(judged > upper_ || judged < lower_)) return;
    exceed_ += 1;
    step.pulse(exceeded);
    if (priority_ != 0)
      step.event(priority_, num_exceed, "limit exceeded", step.source_of(source), value);
  }

  void tell(graph::Step& step) const {
    const bool evaluated = valid_ + invalid_ > 0, any = valid_ > 0;
    const double ratio = pq::IntervalCount{valid_, invalid_, exceed_}.beyond_percent();
    step.out(num_valid, evaluated ? valid_ : not_available);
    step.out(num_invalid, evaluated ? invalid_ : not_available);
    step.out(num_exceed, evaluated ? exceed_ : not_available);
    step.out(exceed_ratio, ratio);
    step.out(complies, any ? static_cast<double>(ratio <= exceed_max_) : not_available);
    step.out(last, any ? last_ : not_available);
    step.out(lowest, any ? lowest_ : not_available);
    step.out(highest, any ? highest_ : not_available);
    step.out(mean, any ? sum_ / valid_ : not_available);
  }

  double upper_ = 0, lower_ = 0, exceed_max_ = 0;
  bool percentage_ = false, excludes_ = true, started_ = false;
  std::uint8_t priority_ = 0;
  std::array<double, 7> state_{};
  double &valid_ = state_[0], &invalid_ = state_[1], &exceed_ = state_[2], &last_ = state_[3],
         &lowest_ = state_[4], &highest_ = state_[5], &sum_ = state_[6];
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_evaluation();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Evaluation>(); }

}  // namespace polyphase::modules::signal_limit_evaluation
