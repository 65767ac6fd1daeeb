// Frames of Sampled Values decoded and sorted to their streams, each sample handed to a reader, on
// one core; beside the least that a receiver must do, which is to touch every byte.
#include <benchmark/benchmark.h>

#include <cstring>

#include "sources/sampled_values/stream_table.hpp"

namespace polyphase::sources::sampled_values {
namespace {

/// One frame of each stream, `asdus` samples in each.
std::vector<std::vector<std::uint8_t>> frames_of(std::size_t streams, std::size_t asdus) {
  std::vector<std::vector<std::uint8_t>> frames(streams);
  std::vector<std::uint8_t> data;
  for (std::int32_t c = 0; c < 8; ++c) wire::sv::append_channel(c * 1'000, 0, data);
  for (std::size_t i = 0; i < streams; ++i) {
    const std::string sv_id = "POLYPHASE" + std::to_string(i);
    wire::sv::Frame frame;
    frame.app_id = static_cast<std::uint16_t>(0x4000 + i);
    frame.asdu_count = asdus;
    for (std::size_t n = 0; n < asdus; ++n) {
      frame.asdu[n].sv_id = sv_id;
      frame.asdu[n].sample_count = static_cast<std::uint16_t>(n);
      frame.asdu[n].data = data;
    }
    wire::sv::encode(frame, frames[i]);
  }
  return frames;
}

void sort_frames(benchmark::State& state) {
  const auto streams = static_cast<std::size_t>(state.range(0));
  const auto frames = frames_of(streams, static_cast<std::size_t>(state.range(1)));
  StreamTable table;
  std::vector<std::shared_ptr<Tap>> taps;
  Instant now{1'700'000'000'000'000'000};
  for (std::size_t i = 0; i < streams; ++i) {
    table.take(frames[i], {}, now);
    taps.push_back(std::make_shared<Tap>(map_sv_channels(8, "", false).value(), 8u, 4'000u, 64u));
    (void)table.attach(i, taps.back());
  }
  SvSample sample;
  for ([[maybe_unused]] auto round : state) {
    now = now.plus_ns(250'000);
    for (const auto& frame : frames) table.take(frame, {}, now);
    table.notify();
    for (const auto& tap : taps)
      while (tap->queue.pop(sample)) benchmark::DoNotOptimize(sample);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sort_frames)->Args({1, 1})->Args({8, 1})->Args({100, 1})->Args({100, 2})->Args({8, 8});

void copy_frames(benchmark::State& state) {
  const auto frames = frames_of(static_cast<std::size_t>(state.range(0)), 1);
  std::vector<std::uint8_t> out(2'048);
  for ([[maybe_unused]] auto round : state)
    for (const auto& frame : frames) {
      std::memcpy(out.data(), frame.data(), frame.size());
      benchmark::DoNotOptimize(out.data());
      benchmark::ClobberMemory();
    }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(copy_frames)->Arg(100);

}  // namespace
}  // namespace polyphase::sources::sampled_values
