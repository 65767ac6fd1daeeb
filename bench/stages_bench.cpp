// The stages of the chain at 10 240 samples a second, alone, with each set of instructions.
#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "bound.hpp"
#include "dsp/edge.hpp"
#include "dsp/fft.hpp"
#include "dsp/kernels.hpp"
#include "dsp/resampler.hpp"
#include "metering/interval_sums.hpp"
#include "metering/spectrum.hpp"
#include "pq/flicker_filter.hpp"
#include "pq/flicker_severity.hpp"

namespace polyphase::metering {
namespace {

constexpr double rate = 10'240;
constexpr double half_cycles_a_second = 100, windows_a_second = 5;
constexpr double half_cycle = rate / half_cycles_a_second;
constexpr std::size_t window = 2000;  // 200 samples a cycle: the grid at this rate

constexpr int sets_max = 2;  // a machine with fewer measures its last one again

const dsp::Kernels& set_of(benchmark::State& state) {
  const auto all = dsp::kernels_available();
  const auto index = std::min(static_cast<std::size_t>(state.range(0)), all.size() - 1);
  state.SetLabel(all[index].instruction_set);
  return all[index];
}

void tell(benchmark::State& state, double signal_s) { tell_speed(state, signal_s, rate); }

std::vector<dsp::LaneFrame> signal(std::size_t frames) {
  std::vector<dsp::LaneFrame> x(frames);
  for (std::size_t n = 0; n < frames; ++n)
    for (std::size_t l = 0; l < dsp::lanes; ++l)
      x[n][l] = static_cast<float>((n * 37 + l * 11) % 1001) - 500;
  return x;
}

SampleRing filled_ring() {
  SampleRing ring(8192, 1024);
  for (const dsp::LaneFrame& frame : signal(8000)) {
    ring.room(1)[0] = frame;
    ring.commit(1, 0);
  }
  return ring;
}

void scale(benchmark::State& state) {
  const dsp::Kernels& set = set_of(state);
  const auto x = signal(256);
  auto out = x;
  dsp::LaneFrame factor, limit;
  factor.lane.fill(2);
  limit.lane.fill(1e6f);
  for ([[maybe_unused]] auto round : state)
    benchmark::DoNotOptimize(
        set.sums->scale(x[0].data(), x.size(), factor.data(), limit.data(), out[0].data()));
  tell(state, 256 / rate);
}
BENCHMARK(scale)->DenseRange(0, sets_max);

void track(benchmark::State& state) {
  const SampleRing ring = filled_ring();
  Tracker tracker({rate, 50, 0xff}, set_of(state));
  for ([[maybe_unused]] auto round : state) {
    tracker.restart(0);
    tracker.advance(ring, ring.end());
  }
  tell(state, 8000 / rate);
}
BENCHMARK(track)->DenseRange(0, sets_max);

void half_cycle_sums(benchmark::State& state) {
  const SampleRing ring = filled_ring();
  IntervalSums sums(dsp::EdgeWeights::Kind::kaiser_12, Connection::wye, 300, set_of(state));
  HalfCycle out;
  double begin = 1000.3;
  for ([[maybe_unused]] auto round : state) {
    sums.half_cycle(ring, begin, begin + half_cycle, 2, out);
    benchmark::DoNotOptimize(out);
    begin = begin > 7000 ? 1000.3 : begin + half_cycle;
  }
  tell(state, 1 / half_cycles_a_second);
}
BENCHMARK(half_cycle_sums)->DenseRange(0, sets_max);

void squares_on_own_crossings(benchmark::State& state) {
  const SampleRing ring = filled_ring();
  IntervalSums sums(dsp::EdgeWeights::Kind::kaiser_12, Connection::wye, 300, set_of(state));
  double begin = 1000.3;
  for ([[maybe_unused]] auto round : state) {
    for (int phase = 0; phase < 3; ++phase)
      benchmark::DoNotOptimize(sums.squares(ring, begin + phase, begin + phase + half_cycle));
    begin = begin > 7000 ? 1000.3 : begin + half_cycle;
  }
  tell(state, 1 / half_cycles_a_second);
}
BENCHMARK(squares_on_own_crossings)->DenseRange(0, sets_max);

void resample(benchmark::State& state) {
  const SampleRing ring = filled_ring();
  dsp::Resampler resampler({24, 8, 1}, set_of(state));
  std::vector<double> positions;
  for (std::size_t n = 0; n < window; ++n)
    positions.push_back(500 + 1.0257 * static_cast<double>(n));
  std::vector<dsp::LaneFrame> out(window);
  for ([[maybe_unused]] auto round : state) {
    resampler.resample(ring.data(), ring.mask(), positions, out);
    benchmark::ClobberMemory();
  }
  tell(state, 1 / windows_a_second);
}
BENCHMARK(resample)->DenseRange(0, sets_max);

void transform(benchmark::State& state) {
  dsp::RealFft fft(window, set_of(state));
  const auto x = signal(window);
  std::vector<dsp::LaneComplex> bins(640);
  for ([[maybe_unused]] auto round : state) {
    fft.transform(x, bins);
    benchmark::ClobberMemory();
  }
  tell(state, 1 / windows_a_second);
}
BENCHMARK(transform)->DenseRange(0, sets_max);

// Four voltages, with the classes of three.
void flicker(benchmark::State& state) {
  pq::FlickerConfig config{rate, 50, pq::Lamp::v230, &set_of(state)};
  pq::FlickerFilter filter(config);
  std::array<pq::FlickerLevels, 3> levels;
  const auto x = signal(1'000);
  std::size_t at = 0;
  for ([[maybe_unused]] auto round : state) {
    const auto sensation = filter.next(&x[at]);
    for (std::size_t p = 0; p < levels.size(); ++p) levels[p].add(sensation[p]);
    at = at + 2 * filter.frames() <= x.size() ? at + filter.frames() : 0;
  }
  tell(state, filter.period_s());
}
BENCHMARK(flicker)->DenseRange(0, sets_max);

}  // namespace
}  // namespace polyphase::metering
