#include "modules/arithmetic/arithmetic.hpp"

#include <fmt/format.h>

#include "graph/describe.hpp"
#include "modules/arithmetic/formula.hpp"

namespace polyphase::modules::arithmetic {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { enable = sources_max, reset, calculate_now };

graph::ModuleDescriptor describe_arithmetic() {
  graph::ModuleDescriptor d;
  d.type = "Arithmetic";
  d.number = 14;
  d.help =
      "Calculates with its sources: + - * / ^ MOD, comparisons, AND OR XOR NOT, IF, and functions "
      "from "
      "ABS to VAVG. A result whose operands are not available is not available.";
  for (std::size_t i = 1; i <= sources_max; ++i)
    d.inputs.push_back(
        describe::optional(fmt::format("Source {}", i), RegisterType::numeric,
                           fmt::format("S{0} in formulas; PS{0} its value of the run before", i)));
  d.inputs.push_back(describe::enable("results are N/A"));
  d.inputs.push_back(describe::optional(
      "Reset", RegisterType::pulse, "previous sources to N/A, results and previous results to 0"));
  d.inputs.push_back(describe::optional("Calculate Now", RegisterType::pulse,
                                        "linked: calculates at its pulses only"));
  for (std::size_t i = 1; i <= formulas_max; ++i) {
    d.setups.push_back(describe::text(fmt::format("Formula {}", i), "",
                                      "such as IF(S1 > 0, S1, 0); empty: the result is N/A"));
    d.outputs.push_back(
        describe::output(fmt::format("Result {}", i), RegisterType::numeric, "",
                         fmt::format("of formula {0}; R{0} in formulas after it", i)));
  }
  d.events = {describe::reset_event(), describe::setup_event()};
  return d;
}

class Arithmetic final : public graph::Module {
 public:
  Arithmetic() { forget(); }

  Result<void> configure(const graph::Setup& setup) override {
    std::array<Formula, formulas_max> formulas;
    for (std::size_t i = 0; i < formulas_max; ++i) {
      auto parsed = Formula::parse(setup.text(i));
      if (!parsed)
        return fail(ErrorCode::invalid_config,
                    fmt::format("formula {}, {}", i + 1, parsed.error().message));
      formulas[i] = std::move(*parsed);
    }
    formulas_ = std::move(formulas);
    return {};
  }

  void run(graph::Step& step) noexcept override {
    if (step.pulses(reset) > 0) {
      forget();
      tell(step);
      step.event(registers::priority::reset, 0, "reset");
    }
    const bool now = step.pulses(calculate_now) > 0 || !step.linked(calculate_now);
    if (!step.enabled(enable)) {
      for (std::size_t i = 0; i < formulas_max; ++i) step.out(i, not_available);
      return;
    }
    if (now) calculate(step);
    tell(step);
  }

  // R1 to R8 stand for results above; what refers to one below is of the run before.
  std::string unit(std::size_t o, const graph::Setup& setup,
                   std::span<const std::string> inputs) const override {
    std::array<std::string, formulas_max> results;
    for (std::size_t i = 0; i <= o; ++i)
      if (const auto formula = Formula::parse(setup.text(i)))
        results[i] = formula->unit(inputs, results);
    return results[o];
  }

 private:
  void forget() {
    operands_.sources.fill(not_available);
    operands_.results.fill(0);
  }

  void calculate(graph::Step& step) {
    operands_.sources_previous = operands_.sources;
    operands_.results_previous = operands_.results;
    for (std::size_t i = 0; i < sources_max; ++i) operands_.sources[i] = step.in(i);
    for (std::size_t i = 0; i < formulas_max; ++i)
      operands_.results[i] = formulas_[i].evaluate(operands_);
  }

  void tell(graph::Step& step) {
    for (std::size_t i = 0; i < formulas_max; ++i)
      step.out(i, formulas_[i].empty() ? not_available : operands_.results[i]);
  }

  std::array<Formula, formulas_max> formulas_;
  Operands operands_;
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_arithmetic();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Arithmetic>(); }

}  // namespace polyphase::modules::arithmetic
