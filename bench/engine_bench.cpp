// The whole engine of a device template on eight channels: acquisition, every module, snapshots.
// "life" is seconds of signal measured in a second of CPU; bound.hpp says what else is told.
#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "bound.hpp"
#include "graph/engine.hpp"
#include "metering/demo.hpp"
#include "modules/list.hpp"

namespace polyphase {
namespace {

constexpr std::array tiers{"advanced", "standard", "essential"};
constexpr double signal_s = 2;  // a whole number of cycles, so that it can be fed again and again

class Uncounted final : public registers::Sinks {
 public:
  void event(const registers::Event&) noexcept override {}
  void disturbance(const registers::Disturbance&) noexcept override {}
  void record(const registers::LogRecord&) noexcept override {}
};

void engine(benchmark::State& state) {
  const char* tier = tiers.at(static_cast<std::size_t>(state.range(0)));
  const auto rate = static_cast<double>(state.range(1));
  state.SetLabel(tier);
  std::vector<Frame> signal(static_cast<std::size_t>(rate * signal_s));
  metering::demo_signal(signal, rate, 50, 0);

  Uncounted sinks;
  const auto device = modules::device_template(tier).value();
  const auto meter = graph::Engine::create(device, modules::list(), sinks).value();
  SourceInfo source;
  source.sample_rate_hz = rate;
  source.channels_present = 0xff;
  if (!meter->set("FAC1.Nominal Voltage", "230") || !meter->start(source))
    return state.SkipWithError("the meter does not start");

  constexpr std::size_t block_frames = 512;
  std::uint64_t frames = 0;
  for ([[maybe_unused]] auto round : state)
    for (std::span<const Frame> left = signal; !left.empty();) {
      SampleBlock block;
      block.frames = left.first(std::min(left.size(), block_frames));
      block.time_first = Instant{}.plus_s(static_cast<double>(frames) / rate);
      meter->process(block);
      frames += block.frames.size();
      left = left.subspan(block.frames.size());
    }
  const auto kwh = meter->registers().find("kWh del");
  if (!kwh || !(meter->registers().value(*kwh).number > 0))
    return state.SkipWithError("the meter has counted no energy");
  state.counters["life"] =
      benchmark::Counter(signal_s, benchmark::Counter::kIsIterationInvariantRate);
  tell_speed(state, signal_s, rate);
}
BENCHMARK(engine)
    ->ArgsProduct({{0, 1, 2}, {10'240}})
    ->ArgsProduct({{0}, {4'000, 30'720}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace polyphase
