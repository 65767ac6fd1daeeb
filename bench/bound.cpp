#include "bound.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <vector>

#include "dsp/fft.hpp"
#include "dsp/kernels.hpp"

namespace polyphase {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr double windows_a_second = 5;
constexpr std::size_t grid = 2000;

// The best of many: what disturbs makes it longer only.
double bound_of_window_s(double rate_hz) {
  constexpr int rounds = 2'000;
  const auto samples = static_cast<std::size_t>(rate_hz / windows_a_second);
  std::vector<dsp::LaneFrame> x(std::max(samples, grid));
  for (std::size_t n = 0; n < x.size(); ++n) x[n].lane.fill(static_cast<float>(n % 100));
  const std::vector<float> ones(samples, 1);
  std::vector<dsp::BlockSums> blocks(samples / dsp::block_frames + 1);
  std::vector<dsp::LaneComplex> bins(640);
  dsp::RealFft fft(grid);
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < rounds; ++round) {
    const auto begin = Clock::now();
    dsp::kernels().sums->interval(x[0].data(), ones.data(), samples, ones.data(), ones.data(),
                                  false, blocks.data());
    fft.transform(std::span(x).first(grid), bins);
    benchmark::ClobberMemory();
    best = std::min(best, Seconds(Clock::now() - begin).count());
  }
  return best;
}

double bound_s_per_s(double rate_hz) {
  static std::map<double, double> known;
  const auto place = known.try_emplace(rate_hz, 0).first;
  if (place->second == 0) place->second = windows_a_second * bound_of_window_s(rate_hz);
  return place->second;
}

#if defined(__x86_64__)
double cycles_a_second() {
  static const double measured = [] {
    constexpr Seconds measured_for{0.02};
    const auto begin = Clock::now();
    const auto first = __builtin_ia32_rdtsc();
    while (Clock::now() - begin < measured_for) {
    }
    const auto last = __builtin_ia32_rdtsc();
    return static_cast<double>(last - first) / Seconds(Clock::now() - begin).count();
  }();
  return measured;
}
#endif

}  // namespace

void tell_speed(benchmark::State& state, double signal_s, double rate_hz) {
  using benchmark::Counter;
  const auto time_an_iteration = Counter::kIsIterationInvariantRate | Counter::kInvert;
  state.counters["us_per_s"] = Counter(signal_s * 1e-6, time_an_iteration);
  state.counters["of_bound"] =
      Counter(bound_s_per_s(rate_hz) * signal_s, Counter::kIsIterationInvariantRate);
#if defined(__x86_64__)
  state.counters["cycles_per_frame"] =
      Counter(signal_s * rate_hz / cycles_a_second(), time_an_iteration);
#endif
}

}  // namespace polyphase
