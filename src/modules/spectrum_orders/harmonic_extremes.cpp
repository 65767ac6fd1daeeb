#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "graph/describe.hpp"
#include "metering/datasets.hpp"
#include "modules/spectrum_orders/spectrum_orders.hpp"
#include "pq/spectrum_aggregate.hpp"

namespace polyphase::modules::spectrum_orders {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
using metering::harmonic_order_max;
namespace describe = graph::describe;

enum Input : std::size_t { spectrum, window, reset };
enum Setting : std::size_t { channel, highest_order, interharmonics };

// What has extremes: H2 and up, then IH0 and up. Outputs: all minima, then all maxima.
constexpr std::size_t first_between = harmonic_order_max - 1;
constexpr std::size_t quantity_count = first_between + harmonic_order_max + 1;
constexpr std::size_t extreme_count = 2 * quantity_count;

graph::ModuleDescriptor describe_extremes() {
  graph::ModuleDescriptor d;
  d.type = "Harmonic Extremes";
  d.number = 70;
  d.help = "Lowest and highest value of every harmonic order of one channel since the last reset.";
  d.inputs = {
      describe::dataset("Spectrum", "spectrum aggregate", "the spectrum of an interval"),
      describe::dataset("Window", "window", "in its place where Spectrum is not linked"),
      describe::optional("Reset", RegisterType::pulse, "all extremes to N/A"),
  };
  d.setups = {
      describe::choice("Channel", {channel_names.begin(), channel_names.end()}, 0,
                       "which input; fixed by the template"),
      describe::number("Highest Order", "", 2, harmonic_order_max, harmonic_order_max,
                       "orders beyond are N/A; fixed by the template"),
      describe::toggle("Interharmonics", false,
                       "whether IH0 and up are looked at; fixed by the template"),
  };
  for (graph::SetupDescriptor& setup : d.setups) setup.fixed = true;
  for (const auto& [suffix, what] : {std::pair{"mn", "lowest"}, {"mx", "highest"}}) {
    const auto add = [&, suffix = suffix, what = what](std::string of, std::string help) {
      auto& output = d.outputs.emplace_back(
          describe::output(fmt::format("{} {}", of, suffix), RegisterType::numeric, "%",
                           fmt::format("{} {}, of the fundamental", what, help)));
      output.cadence = graph::Cadence::second;  // seldom news: not a matter of each window
      d.retained.push_back(output.name);
      d.retained.push_back(output.name + " s");
    };
    for (unsigned h = 2; h <= harmonic_order_max; ++h)
      add(fmt::format("H{}", h), fmt::format("harmonic {}", h));
    for (unsigned h = 0; h <= harmonic_order_max; ++h)
      add(fmt::format("IH{}", h), fmt::format("value between harmonics {} and {}", h, h + 1));
  }
  d.retained.emplace_back("reset s");
  d.events = {describe::reset_event(), describe::setup_event()};
  return d;
}

/// What an interval says, whichever input it came by.
struct Interval {
  const metering::Window::PerOrder<float>*harmonics, *between;
  unsigned order_max;
  ChannelMask present;
  Instant begin, end;
  Quality quality;
};

class Extremes final : public graph::Module {
 public:
  Extremes() { state_.fill(not_available); }

  Result<void> configure(const graph::Setup& setup) override {
    channel_ = setup.choice(channel);
    highest_ = static_cast<unsigned>(setup.number(highest_order));
    interharmonics_ = setup.enabled(interharmonics);
    return {};
  }

  void run(graph::Step& step) noexcept override {
    if (!std::exchange(started_, true)) {
      take_links(step);
      for (std::size_t e = 0; e < extreme_count; ++e)
        if (available(value(e))) step.out_at(e, value(e), Instant{}.plus_s(time_s(e)));
    }
    const bool pulsed = step.pulses(reset) > 0;
    if (take_links(step) || pulsed) begin_anew(step, pulsed ? step.time_of(reset) : step.time());
    if (const auto interval = newest(step)) take(*interval, step);
  }

  std::span<double> retained() override { return state_; }

 private:
  double& value(std::size_t extreme) { return state_[2 * extreme]; }
  double& time_s(std::size_t extreme) { return state_[2 * extreme + 1]; }
  double& reset_s() { return state_.back(); }

  // True where a spectrum is another one than before.
  bool take_links(const graph::Step& step) {
    const std::array now{step.source_of(spectrum), step.source_of(window)};
    return std::exchange(links_, now) != now;
  }

  void begin_anew(graph::Step& step, Instant time) {
    state_.fill(not_available);
    reset_s() = seconds_between({}, time);
    for (std::size_t e = 0; e < extreme_count; ++e) step.out(e, not_available);
    step.event(registers::priority::reset, 0, "reset");
  }

  std::optional<Interval> newest(const graph::Step& step) {
    if (step.linked(spectrum)) {
      const auto* data = step.dataset<pq::SpectrumAggregate>(spectrum);
      if (data == nullptr || data->windows == 0 || data->end == seen_) return std::nullopt;
      seen_ = data->end;
      return Interval{&data->subgroup, &data->interharmonic, data->order_max,
                      data->present,   data->begin,          data->end,
                      data->quality};
    }
    const auto* data = step.dataset<metering::WindowData>(window);
    if (data == nullptr || data->window == nullptr) return std::nullopt;
    const metering::Window& measured = *data->window;
    return Interval{&measured.harmonics(),
                    &measured.between(),
                    measured.order_max,
                    data->present,
                    step.time().plus_s(-step.duration_s()),
                    step.time(),
                    step.quality()};
  }

  void take(const Interval& interval, graph::Step& step) {
    if (interval.quality.has(Quality::disturbed) || (interval.present >> channel_ & 1u) == 0 ||
        seconds_between({}, interval.begin) < reset_s())
      return;
    const double fundamental = static_cast<double>((*interval.harmonics)[1][channel_]);
    if (!(fundamental > 0)) return;
    const unsigned top = std::min(highest_, interval.order_max);
    const auto percent = [&](const metering::Window::PerOrder<float>& of, unsigned h) {
      return 100 * static_cast<double>(of[h][channel_]) / fundamental;
    };
    for (unsigned h = 2; h <= top; ++h)
      compare(h - 2, percent(*interval.harmonics, h), interval, step);
    for (unsigned h = 0; interharmonics_ && h <= top; ++h)
      compare(first_between + h, percent(*interval.between, h), interval, step);
  }

  void compare(std::size_t quantity, double now, const Interval& interval, graph::Step& step) {
    const std::size_t low = quantity, high = quantity_count + quantity;
    if (!available(value(low)) || now < value(low)) put(low, now, interval, step);
    if (!available(value(high)) || now > value(high)) put(high, now, interval, step);
  }

  void put(std::size_t extreme, double now, const Interval& interval, graph::Step& step) {
    value(extreme) = now;
    time_s(extreme) = seconds_between({}, interval.end);
    step.out_at(extreme, now, interval.end, interval.quality);
  }

  std::size_t channel_ = 0;
  unsigned highest_ = harmonic_order_max;
  bool interharmonics_ = false, started_ = false;
  std::array<registers::Index, 2> links_{};
  Instant seen_;  ///< end of the aggregate taken last
  std::array<double, 2 * extreme_count + 1> state_{};
};

}  // namespace

const graph::ModuleDescriptor& extremes_descriptor() {
  static const graph::ModuleDescriptor d = describe_extremes();
  return d;
}

std::unique_ptr<graph::Module> create_extremes() { return std::make_unique<Extremes>(); }

}  // namespace polyphase::modules::spectrum_orders
