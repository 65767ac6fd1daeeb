#include "modules/evaluation/counting.hpp"

#include "graph/describe.hpp"
#include "pq/interval_count.hpp"

namespace polyphase::modules::evaluation {
namespace {

using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

constexpr double counter_priority = 50;

enum Input : std::size_t { valid_input, enable, evaluate, reset };
enum Setting : std::size_t { flagged, exceed_max_percent, priority_setting };
enum Output : std::size_t { num_valid, num_invalid, num_exceed, exceed_ratio, complies };

}  // namespace

void Counting::configure_counting(const graph::Setup& setup) {
  excludes_ = setup.choice(places_.first_setup + flagged) == 0;
  exceed_max_ = setup.number(places_.first_setup + exceed_max_percent);
  priority_ = static_cast<std::uint8_t>(setup.number(places_.first_setup + priority_setting));
}

void Counting::run(graph::Step& step) noexcept {
  if (step.pulses(places_.first_input + reset) > 0) {
    kept_.assign(kept_.size(), 0);
    forget();
    tell(step);
    step.event(registers::priority::reset, num_valid, "reset");
  } else if (!started_) {
    tell(step);  // what was retained
  }
  started_ = true;
  const bool now = step.pulses(places_.first_input + evaluate) > 0;
  if (!step.enabled(places_.first_input + enable)) return;
  gather(step);
  if (now) count(step);
}

// The last interval may be told when the samples have ended.
void Counting::finish(graph::Step& step) noexcept {
  const bool now = step.pulses(places_.first_input + evaluate) > 0;
  if (now && step.enabled(places_.first_input + enable)) count(step);
}

void Counting::count(graph::Step& step) {
  kept_[judge(step) ? 0 : 1] += 1;
  tell(step);
}

bool Counting::left_out(const graph::Step& step, Quality quality) const {
  const std::size_t i = places_.first_input + valid_input;
  const bool doubtful = quality.has(Quality::disturbed) || quality.has(Quality::partial);
  return (excludes_ && doubtful) || (step.linked(i) && step.value_of(i).number != 1);
}

double Counting::percent_of_valid(double count) const {
  return pq::IntervalCount{valid(), invalid(), count}.beyond_percent();
}

void Counting::tell_counters(graph::Step& step) const {
  const double ratio = percent_of_valid(kept(0));
  step.out(num_valid, evaluated() ? valid() : not_available);
  step.out(num_invalid, evaluated() ? invalid() : not_available);
  step.out(num_exceed, evaluated() ? kept(0) : not_available);
  step.out(exceed_ratio, ratio);
  step.out(complies, valid() > 0 ? static_cast<double>(ratio <= exceed_max_) : not_available);
}

void add_inputs(graph::ModuleDescriptor& d, const char* while_off, const char* evaluate_help) {
  d.inputs.push_back(
      describe::optional("Valid", RegisterType::boolean, "off at Evaluate: counts as invalid"));
  d.inputs.push_back(describe::enable(while_off));
  d.inputs.push_back(describe::mandatory("Evaluate", RegisterType::pulse, evaluate_help));
  d.inputs.push_back(
      describe::optional("Reset", RegisterType::pulse,
                         "counters to N/A until the next evaluation, also while disabled"));
}

void add_setups(graph::ModuleDescriptor& d, double exceed_max_initial) {
  d.setups.push_back(describe::choice("Flagged", {"EXCLUDE", "COUNT"}, 0,
                                      "whether disturbed or incomplete intervals are invalid"));
  d.setups.push_back(describe::number("Exceed Max", "%", 0, 100, exceed_max_initial,
                                      "share that may exceed, for Complies"));
  d.setups.push_back(describe::event_priority(counter_priority));
}

void add_output(graph::ModuleDescriptor& d, const char* name, RegisterType type, const char* unit,
                const char* help) {
  d.outputs.push_back(describe::output(name, type, unit, help));
  d.outputs.back().cadence = graph::Cadence::second;
}

void add_counters(graph::ModuleDescriptor& d) {
  add_output(d, "Num Valid", RegisterType::numeric, "", "valid intervals");
  add_output(d, "Num Invalid", RegisterType::numeric, "", "intervals that were not evaluated");
  add_output(d, "Num Exceed", RegisterType::numeric, "", "valid intervals beyond a limit");
  add_output(d, "Exceed Ratio", RegisterType::numeric, "%", "Num Exceed over Num Valid");
  add_output(d, "Complies", RegisterType::boolean, "", "1: Exceed Ratio is at most Exceed Max");
  add_output(d, "Exceeded", RegisterType::pulse, "", "an interval was beyond a limit");
}

}  // namespace polyphase::modules::evaluation
