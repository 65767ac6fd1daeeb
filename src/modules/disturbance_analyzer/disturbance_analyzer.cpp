#include "modules/disturbance_analyzer/disturbance_analyzer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "graph/describe.hpp"
#include "pq/threshold_event.hpp"

namespace polyphase::modules::disturbance_analyzer {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
using Change = pq::ThresholdEvent::Change;
namespace describe = graph::describe;

constexpr std::size_t sources_max = pq::event_channels_max;

enum Input : std::size_t { nominal = sources_max, enable_input };
enum Setting : std::size_t { threshold, hysteresis, direction, priority, enable_setting };
enum Output : std::size_t {
  state,
  start,
  end,
  duration,
  all_state,
  all_start,
  all_end,
  all_duration,
  first_profile,  ///< minimum, maximum, average, duration of source 1, ...
};
constexpr std::size_t profile_outputs = 4;

graph::ModuleDescriptor describe_analyzer() {
  graph::ModuleDescriptor d;
  d.type = "Disturbance Analyzer";
  d.number = 66;
  d.help = "How up to three quantities go while they are beyond a threshold.";
  for (std::size_t i = 1; i <= sources_max; ++i)
    d.inputs.push_back(
        describe::optional(fmt::format("Source {}", i), RegisterType::numeric, "a quantity"));
  d.inputs[0].mandatory = true;
  d.inputs.push_back(describe::setup_link("Nominal", RegisterType::numeric, "100 %"));
  d.inputs[nominal].mandatory = true;
  d.inputs.push_back(describe::enable("outputs are N/A"));
  d.inputs.back().setup_link = true;  // also from the first half cycle on
  d.setups = {
      describe::number("Threshold", "%", 0, 1'000, 10, "beyond: a disturbance"),
      describe::number("Hysteresis", "%", 0, 100, 2, "back: at the threshold and this"),
      describe::choice("Direction", {"BELOW", "ABOVE"}, 0, "which side of the threshold is beyond"),
      describe::event_priority(0),
      describe::toggle("Enable", true, "off: disabled whatever the Enable input says"),
  };
  const auto add = [&](std::string name, RegisterType type, const char* unit, std::string help) {
    d.outputs.push_back(describe::output(std::move(name), type, unit, std::move(help)));
  };
  for (const auto& [prefix, which] : {std::pair{"", "any"}, {"All ", "all"}}) {
    add(fmt::format("{}State", prefix), RegisterType::boolean, "",
        fmt::format("1 while {} of the sources are beyond", which));
    add(fmt::format("{}Start", prefix), RegisterType::pulse, "", "that has begun");
    add(fmt::format("{}End", prefix), RegisterType::pulse, "", "that is over");
    add(fmt::format("{}Duration", prefix), RegisterType::numeric, "s", "of the last one");
  }
  for (std::size_t i = 1; i <= sources_max; ++i) {
    add(fmt::format("Min {}", i), RegisterType::numeric, "", "lowest during the last disturbance");
    add(fmt::format("Max {}", i), RegisterType::numeric, "", "highest during the last disturbance");
    add(fmt::format("Avg {}", i), RegisterType::numeric, "", "mean during the last disturbance");
    add(fmt::format("Dur {}", i), RegisterType::numeric, "s", "how long this source was beyond");
  }
  d.events = {{"Disturbance", -1, "disturbance start, disturbance end"}, describe::setup_event()};
  return d;
}

class Analyzer final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    const bool below = setup.choice(direction) == 0;
    percent_.side = below ? pq::Threshold::Side::below : pq::Threshold::Side::above;
    percent_.enter = setup.number(threshold);
    percent_.leave = percent_.enter + (below ? 1 : -1) * setup.number(hysteresis);
    priority_ = static_cast<std::uint8_t>(setup.number(priority));
    enabled_ = setup.enabled(enable_setting);
    nominal_ = not_available;
    return {};
  }

  std::string unit(std::size_t o, const graph::Setup&,
                   std::span<const std::string> inputs) const override {
    if (o < first_profile) return {};
    return inputs[(o - first_profile) / profile_outputs];
  }

  void run(graph::Step& step) noexcept override {
    const double base = step.in(nominal);
    if (!enabled_ || !step.enabled(enable_input) || !(base > 0)) return stop(step);
    if (base != nominal_) scale(base);
    std::array<pq::RmsWindow, sources_max> windows;
    std::array<std::size_t, sources_max> source;
    std::size_t count = 0;
    for (std::size_t i = 0; i < sources_max; ++i) {
      if (!step.linked(i)) continue;
      windows[count] = {step.value_of(i).number, window_begin(step), step.value_of(i).quality};
      source[count++] = i;
    }
    const auto watched = std::span(windows).first(count);
    const Change any = any_.update(watched), all = all_.update(watched);
    if (any == Change::started) gathered_ = {};
    if (any_.active())
      for (std::size_t w = 0; w < count; ++w) gathered_[w].add(watched[w].rms, step.duration_s());
    if (any == Change::ended) tell_profiles(std::span(source).first(count), step);
    tell(any_, any, state, step);
    tell(all_, all, all_state, step);
    if (any != Change::none && priority_ != 0)
      step.event(priority_, state,
                 any == Change::started ? "disturbance start" : "disturbance end");
  }

 private:
  struct Gathered {
    double low = not_available, high = not_available, sum = 0, seconds = 0;
    void add(double value, double duration_s) {
      if (!available(value)) return;
      low = std::fmin(low, value);
      high = std::fmax(high, value);
      sum += value * duration_s;
      seconds += duration_s;
    }
  };

  static Instant window_begin(const graph::Step& step) {
    const double half_cycles = step.cadence() == graph::Cadence::half_cycle ? 2 : 1;
    return step.time().plus_s(-half_cycles * step.duration_s());
  }

  void scale(double base) {
    nominal_ = base;
    pq::Threshold absolute = percent_;
    absolute.enter *= base / 100;
    absolute.leave *= base / 100;
    any_.configure(absolute);
    absolute.all_channels = true;
    all_.configure(absolute);
  }

  void stop(graph::Step& step) {
    any_ = all_ = {};
    nominal_ = not_available;
    for (std::size_t o = 0; o < first_profile + sources_max * profile_outputs; ++o)
      if (o != start && o != end && o != all_start && o != all_end) step.out(o, not_available);
  }

  static void tell(const pq::ThresholdEvent& machine, Change change, std::size_t first,
                   graph::Step& step) {
    step.out(first, machine.active());
    if (change == Change::none) return;
    const pq::EventRecord record = machine.record(step.time());
    if (change == Change::started) return step.pulse_at(first + start, record.time);
    step.out(first + duration, record.duration_s, record.quality);
    step.pulse_at(first + end, record.end, record.quality);
  }

  void tell_profiles(std::span<const std::size_t> sources, graph::Step& step) const {
    const pq::EventRecord record = any_.record(step.time());
    for (std::size_t w = 0; w < sources.size(); ++w) {
      const Gathered& g = gathered_[w];
      const auto& channel = record.per_channel[w];
      const std::size_t first = first_profile + sources[w] * profile_outputs;
      step.out(first, g.low, channel.quality);
      step.out(first + 1, g.high, channel.quality);
      step.out(first + 2, g.seconds > 0 ? g.sum / g.seconds : not_available, channel.quality);
      step.out(first + 3, channel.affected ? channel.duration_s : 0, channel.quality);
    }
  }

  pq::Threshold percent_;
  std::uint8_t priority_ = 0;
  bool enabled_ = true;
  double nominal_ = not_available;
  pq::ThresholdEvent any_, all_;
  std::array<Gathered, sources_max> gathered_{};
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_analyzer();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Analyzer>(); }

}  // namespace polyphase::modules::disturbance_analyzer
