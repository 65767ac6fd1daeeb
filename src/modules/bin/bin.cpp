#include "modules/bin/bin.hpp"

#include <fmt/format.h>

#include <array>

#include "graph/describe.hpp"
#include "modules/bin/rule.hpp"

namespace polyphase::modules::bin {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

constexpr std::size_t rules_max = 25;
constexpr double counter_priority = 50;

enum Input : std::size_t { source_a, source_b, nominal_a, nominal_b, enable, evaluate, reset };
enum Setting : std::size_t { mode_a, mode_b, first_rule, priority = first_rule + rules_max };
enum Output : std::size_t { first_bin, total = rules_max, counted };

graph::ModuleDescriptor describe_bin() {
  graph::ModuleDescriptor d;
  d.type = "Bin";
  d.number = 65;
  d.help = "Sorts values into classes and counts them.";
  d.inputs = {
      describe::mandatory("Source A", RegisterType::numeric, "what is sorted"),
      describe::optional("Source B", RegisterType::numeric, "the same, with A"),
      describe::setup_link("Nominal A", RegisterType::numeric, "what PERCENTAGE of A relates to"),
      describe::setup_link("Nominal B", RegisterType::numeric, "what PERCENTAGE of B relates to"),
      describe::enable("nothing is counted, the bins stay"),
      describe::mandatory("Evaluate", RegisterType::pulse, "new values have come"),
      describe::optional("Reset", RegisterType::pulse,
                         "bins to N/A until the next evaluation, also while disabled"),
  };
  for (const char* source : {"A", "B"})
    d.setups.push_back(describe::choice(
        fmt::format("Eval Mode {}", source), {"VALUE", "PERCENTAGE"}, 0,
        fmt::format("whether rules take {0} as it is or in percent of Nominal {0}", source)));
  for (std::size_t i = 1; i <= rules_max; ++i)
    d.setups.push_back(
        describe::text(fmt::format("Rule {}", i), "", "such as A[80,90) B[0.01,0.2]; empty: none"));
  d.setups.push_back(describe::event_priority(counter_priority));
  const auto add = [&](std::string name, RegisterType type, std::string help) {
    d.outputs.push_back(describe::output(std::move(name), type, "", std::move(help)));
    d.outputs.back().cadence = graph::Cadence::second;
  };
  for (std::size_t i = 1; i <= rules_max; ++i) {
    add(fmt::format("Bin {}", i), RegisterType::numeric, fmt::format("how often rule {} held", i));
    d.retained.push_back(fmt::format("bin {}", i));
  }
  add("Total", RegisterType::numeric, "in all bins together");
  add("Counted", RegisterType::pulse, "a bin was counted up");
  d.events = {
      {"Bin", -1, "a bin was counted up"}, describe::reset_event(), describe::setup_event()};
  return d;
}

class Bin final : public graph::Module {
 public:
  Bin() { counts_.fill(not_available); }

  Result<void> configure(const graph::Setup& setup) override {
    std::array<Rule, rules_max> rules;
    for (std::size_t i = 0; i < rules_max; ++i) {
      auto rule = parse_rule(setup.text(first_rule + i));
      if (!rule) return tl::unexpected(rule.error());
      rules[i] = *rule;
    }
    rules_ = rules;
    percentage_ = {setup.choice(mode_a) == 1, setup.choice(mode_b) == 1};
    priority_ = static_cast<std::uint8_t>(setup.number(priority));
    return {};
  }

  void run(graph::Step& step) noexcept override {
    if (step.pulses(reset) > 0) {
      counts_.fill(not_available);
      tell(step);
      step.event(registers::priority::reset, total, "reset");
    } else if (!started_) {
      tell(step);  // what was retained
    }
    started_ = true;
    if (step.pulses(evaluate) == 0 || !step.enabled(enable)) return;
    const std::array values{judged(step, source_a, nominal_a, percentage_[0]),
                            judged(step, source_b, nominal_b, percentage_[1])};
    for (std::size_t i = 0; i < rules_max; ++i) {
      if (!available(counts_[i])) counts_[i] = 0;
      if (!rules_[i].holds(values)) continue;
      counts_[i] += 1;
      step.out(first_bin + i, counts_[i]);
      step.pulse(counted);
      if (priority_ != 0)
        step.event(priority_, first_bin + i, "counted", step.source_of(source_a),
                   step.value_of(source_a).number);
    }
    tell(step);
  }

  std::span<double> retained() override { return counts_; }

 private:
  static double judged(const graph::Step& step, std::size_t source, std::size_t nominal,
                       bool percentage) {
    if (!step.linked(source)) return not_available;
    const double value = step.value_of(source).number;
    if (!percentage) return value;
    const double base = step.linked(nominal) ? step.value_of(nominal).number : not_available;
    return base > 0 ? 100 * value / base : not_available;
  }

  void tell(graph::Step& step) const {
    double sum = 0;
    for (std::size_t i = 0; i < rules_max; ++i) {
      step.out(first_bin + i, rules_[i].empty() ? not_available : counts_[i]);
      sum += rules_[i].empty() ? 0 : counts_[i];
    }
    step.out(total, sum);
  }

  std::array<Rule, rules_max> rules_{};
  std::array<bool, 2> percentage_{};
  std::uint8_t priority_ = 0;
  bool started_ = false;
  std::array<double, rules_max> counts_{};
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_bin();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Bin>(); }

}  // namespace polyphase::modules::bin
