#include "modules/store/store.hpp"

#include <fmt/format.h>

#include <array>

#include "graph/describe.hpp"

namespace polyphase::modules::store {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

constexpr std::size_t sources_max = 16;
constexpr std::int64_t ns_per_s = 1'000'000'000;

enum Input : std::size_t { enable = sources_max, store, reset };
enum Output : std::size_t { store_complete = sources_max };

graph::ModuleDescriptor describe_store() {
  graph::ModuleDescriptor d;
  d.type = "Store";
  d.number = 27;
  d.help = "Keeps values as they were at a pulse.";
  for (std::size_t i = 1; i <= sources_max; ++i) {
    d.inputs.push_back(
        describe::optional(fmt::format("Source {}", i), RegisterType::numeric, "what is kept"));
    d.outputs.push_back(
        describe::output(fmt::format("Source Out {}", i), RegisterType::numeric, "",
                         fmt::format("source {} at the last pulse, with its time", i)));
    for (const char* part : {"value", "time s", "time ns"})
      d.retained.push_back(fmt::format("{} {}", part, i));
  }
  d.inputs[0].mandatory = true;
  d.inputs.push_back(describe::enable("pulses at Store are ignored"));
  d.inputs.push_back(describe::mandatory("Store", RegisterType::pulse, "keeps the values of now"));
  d.inputs.push_back(
      describe::optional("Reset", RegisterType::pulse, "outputs to N/A, also while disabled"));
  d.outputs.push_back(
      describe::output("Store Complete", RegisterType::pulse, "", "the values were kept"));
  d.events = {describe::reset_event(), describe::setup_event()};
  return d;
}

class Store final : public graph::Module {
 public:
  Store() {
    sources_.fill(registers::no_register);
    for (std::size_t i = 0; i < sources_max; ++i) kept_value(i) = not_available;
  }

  void run(graph::Step& step) noexcept override {
    if (step.pulses(reset) > 0) {
      for (std::size_t i = 0; i < sources_max; ++i) forget(i, step);
      step.event(registers::priority::reset, 0, "reset");
    }
    for (std::size_t i = 0; i < sources_max; ++i) {
      if (!started_ && available(kept_value(i))) step.out_at(i, kept_value(i), kept_time(i));
      if (started_ && sources_[i] != step.source_of(i)) forget(i, step);  // linked otherwise
      sources_[i] = step.source_of(i);
    }
    started_ = true;
    const bool now = step.pulses(store) > 0;
    if (!now || !step.enabled(enable)) return;
    for (std::size_t i = 0; i < sources_max; ++i)
      if (step.linked(i)) keep(i, step);
    step.pulse(store_complete);
  }

  std::string unit(std::size_t o, const graph::Setup&,
                   std::span<const std::string> inputs) const override {
    return o < sources_max ? inputs[o] : std::string();
  }

  std::span<double> retained() override { return state_; }

 private:
  double& kept_value(std::size_t i) { return state_[3 * i]; }
  // Whole seconds and the rest: a number holds no nanoseconds of this century.
  Instant kept_time(std::size_t i) const {
    return {static_cast<std::int64_t>(state_[3 * i + 1]) * ns_per_s +
            static_cast<std::int64_t>(state_[3 * i + 2])};
  }

  void keep(std::size_t i, graph::Step& step) {
    const Instant time = step.time_of(i);
    kept_value(i) = step.in(i);
    state_[3 * i + 1] = static_cast<double>(time.ns / ns_per_s);
    state_[3 * i + 2] = static_cast<double>(time.ns % ns_per_s);
    step.out_at(i, kept_value(i), time);
  }

  void forget(std::size_t i, graph::Step& step) {
    kept_value(i) = not_available;
    step.out(i, not_available);
  }

  bool started_ = false;
  std::array<registers::Index, sources_max> sources_{};
  std::array<double, 3 * sources_max> state_{};
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_store();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Store>(); }

}  // namespace polyphase::modules::store
