#include <fmt/format.h>

#include <algorithm>

#include "graph/describe.hpp"
#include "modules/spectrum_orders/spectrum_orders.hpp"
#include "pq/spectrum_aggregate.hpp"

namespace polyphase::modules::spectrum_orders {
namespace {

using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

constexpr unsigned told_order_max = 50;  // a data recorder has room for as many

enum Input : std::size_t { spectrum };
enum Setting : std::size_t { channel };
enum Output : std::size_t { magnitude, between = told_order_max };  // H1 mag.., IH0..

graph::ModuleDescriptor describe_values() {
  graph::ModuleDescriptor d;
  d.type = "Harmonic Values";
  d.number = 71;
  d.help = "The single orders of one channel in an aggregated spectrum.";
  d.inputs = {describe::dataset("Spectrum", "spectrum aggregate", "the spectrum of an interval")};
  d.inputs[spectrum].mandatory = true;
  d.setups = {
      describe::choice("Channel", {channel_names.begin(), channel_names.end()}, 0, "which input")};
  const auto add = [&](std::string name, const char* unit, std::string help) {
    auto& output = d.outputs.emplace_back(
        describe::output(std::move(name), RegisterType::numeric, unit, std::move(help)));
    output.cadence = graph::Cadence::second;  // news every few minutes: not a matter of each window
  };
  for (unsigned h = 1; h <= told_order_max; ++h)
    add(fmt::format("H{} mag", h), "", fmt::format("harmonic {} of the interval, rms, V or A", h));
  for (unsigned h = 0; h <= told_order_max; ++h)
    add(fmt::format("IH{}", h), "%",
        fmt::format("between harmonics {} and {} of the interval, of the fundamental", h, h + 1));
  d.events = {describe::setup_event()};
  return d;
}

class Values final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    channel_ = setup.choice(channel);
    told_ = {};
    return {};
  }

  std::string unit(std::size_t o, const graph::Setup& setup,
                   std::span<const std::string>) const override {
    if (o >= between) return {};
    return setup.choice(channel) < static_cast<std::size_t>(Channel::i1) ? "V" : "A";
  }

  // The last interval may be told when the samples have ended.
  void finish(graph::Step& step) noexcept override { run(step); }

  void run(graph::Step& step) noexcept override {
    const auto* data = step.dataset<pq::SpectrumAggregate>(spectrum);
    if (data == nullptr || data->windows == 0 || data->end == told_) return;
    told_ = data->end;
    const bool there = (data->present >> channel_ & 1u) != 0;
    const double fundamental = static_cast<double>(data->subgroup[1][channel_]);
    for (unsigned h = 0; h <= told_order_max; ++h) {
      const bool known = there && h <= data->order_max;
      const auto put = [&](std::size_t o, double value) {
        step.out_at(o, known ? value : not_available, data->end, data->quality);
      };
      if (h > 0) put(magnitude + h - 1, static_cast<double>(data->subgroup[h][channel_]));
      put(between + h,
          fundamental > 0
              ? 100 * static_cast<double>(data->interharmonic[h][channel_]) / fundamental
              : not_available);
    }
  }

 private:
  std::size_t channel_ = 0;
  Instant told_;  ///< end of the aggregate that the outputs are of
};

}  // namespace

const graph::ModuleDescriptor& values_descriptor() {
  static const graph::ModuleDescriptor d = describe_values();
  return d;
}

std::unique_ptr<graph::Module> create_values() { return std::make_unique<Values>(); }

}  // namespace polyphase::modules::spectrum_orders
