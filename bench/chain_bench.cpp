// The measuring chain as a whole. "life" is seconds of signal measured in a second of CPU;
// bound.hpp says what else is told.
#include <benchmark/benchmark.h>

#include "bound.hpp"
#include "metering/chain.hpp"
#include "metering/demo.hpp"

namespace polyphase::metering {
namespace {

constexpr double signal_s = 2;

// Signal of two seconds, fed again and again: a whole number of cycles, so the phase has no seam.
void chain(benchmark::State& state) {
  const auto rate = static_cast<double>(state.range(0));
  std::vector<Frame> signal(static_cast<std::size_t>(rate * signal_s));
  demo_signal(signal, rate, 50, 0);
  ChainConfig config;
  config.sample_rate_hz = rate;
  config.present = 0xff;
  config.scale.fill(1);
  const auto sets = dsp::kernels_available();
  config.kernels = &sets[std::min(static_cast<std::size_t>(state.range(1)), sets.size() - 1)];
  state.SetLabel(config.kernels->instruction_set);
  const auto measuring = Chain::create(config).value();
  std::size_t intervals = 0;
  for ([[maybe_unused]] auto round : state)
    for (std::span<const Frame> left = signal; !left.empty();) {
      left = left.subspan(measuring->push(left.first(std::min<std::size_t>(left.size(), 512)), {}));
      while (measuring->next() != Chain::Ready::none) ++intervals;
    }
  benchmark::DoNotOptimize(intervals);
  state.counters["life"] =
      benchmark::Counter(signal_s, benchmark::Counter::kIsIterationInvariantRate);
  tell_speed(state, signal_s, rate);
}
BENCHMARK(chain)
    ->ArgsProduct({{4'000, 10'240, 14'400, 30'720, 51'200}, {0, 1, 2}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace polyphase::metering
