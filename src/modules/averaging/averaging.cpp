// AVERAGE   x = sum(xk dk) / sum(dk)          dk  duration of the interval that xk is of
// RMS       x = sqrt(sum(xk^2 dk) / sum(dk))
#include "modules/averaging/averaging.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "graph/describe.hpp"

namespace polyphase::modules::averaging {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

constexpr std::size_t sources_max = 16;
enum Input : std::size_t { operate_now = sources_max, reset, enable };
enum Setting : std::size_t { calc_mode, na_behavior };

graph::ModuleDescriptor describe_averaging() {
  graph::ModuleDescriptor d;
  d.type = "Averaging";
  d.number = 44;
  d.help = "The mean of each source since the last reset.";
  for (std::size_t i = 1; i <= sources_max; ++i) {
    d.inputs.push_back(
        describe::optional(fmt::format("Source {}", i), RegisterType::numeric, "the quantity"));
    d.outputs.push_back(describe::output(fmt::format("Average {}", i), RegisterType::numeric, "",
                                         fmt::format("of source {}", i)));
    for (const char* part : {"sum", "duration"})
      d.retained.push_back(fmt::format("{} {}", part, i));
  }
  d.inputs[0].mandatory = true;
  d.inputs.push_back(describe::optional("Operate Now", RegisterType::pulse,
                                        "linked: the outputs change at its pulses only"));
  d.inputs.push_back(describe::mandatory("Reset", RegisterType::pulse, "the means begin anew"));
  d.inputs.push_back(describe::enable("outputs are N/A"));
  d.setups = {
      describe::choice("Calc Mode", {"AVERAGE", "RMS"}, 0, "mean, or root of the mean of squares"),
      describe::choice("N/A Behavior",
                       {"RESET CALCULATION WHEN SOURCE N/A", "IGNORE N/A IN CALCULATION"}, 0,
                       "what a source that is not available does to its mean"),
  };
  d.events = {describe::reset_event(), describe::setup_event()};
  return d;
}

class Averaging final : public graph::Module {
 public:
  Averaging() { sources_.fill(registers::no_register); }

  Result<void> configure(const graph::Setup& setup) override {
    const bool squares = setup.choice(calc_mode) == 1;
    if (configured_ && squares != squares_) state_ = {};
    squares_ = squares;
    ignores_ = setup.choice(na_behavior) == 1;
    configured_ = true;
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const bool anew = step.pulses(reset) > 0;
    const bool show = !step.linked(operate_now) || step.pulses(operate_now) > 0;
    if (anew) step.event(registers::priority::reset, 0, "reset");
    const bool enabled = step.enabled(enable);
    for (std::size_t i = 0; i < sources_max; ++i) {
      const bool relinked = running_ && sources_[i] != step.source_of(i);
      sources_[i] = step.source_of(i);
      if (anew || relinked) forget(i, step);
      if (!step.linked(i)) continue;
      if (enabled) add(i, step.in(i), step.duration_s());
      if (show || !enabled) step.out(i, enabled ? mean(i) : not_available);
    }
    running_ = true;
  }

  std::string unit(std::size_t o, const graph::Setup&,
                   std::span<const std::string> inputs) const override {
    return inputs[o];
  }

  std::span<double> retained() override { return state_; }

 private:
  double& sum(std::size_t i) { return state_[2 * i]; }
  double& duration_s(std::size_t i) { return state_[2 * i + 1]; }

  void add(std::size_t i, double value, double interval_s) {
    if (available(value)) {
      sum(i) += (squares_ ? value * value : value) * interval_s;
      duration_s(i) += interval_s;
    } else if (!ignores_) {
      sum(i) = duration_s(i) = 0;
    }
  }

  double mean(std::size_t i) {
    if (!(duration_s(i) > 0)) return not_available;
    const double of_all = sum(i) / duration_s(i);
    return squares_ ? std::sqrt(of_all) : of_all;
  }

  void forget(std::size_t i, graph::Step& step) {
    sum(i) = duration_s(i) = 0;
    step.out(i, not_available);
  }

  bool configured_ = false, running_ = false, squares_ = false, ignores_ = false;
  std::array<registers::Index, sources_max> sources_{};
  std::array<double, 2 * sources_max> state_{};
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_averaging();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Averaging>(); }

}  // namespace polyphase::modules::averaging
