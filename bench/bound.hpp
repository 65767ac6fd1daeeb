#pragma once

#include <benchmark/benchmark.h>

namespace polyphase {

/// Adds to a benchmark of `signal_s` seconds of eight channels at `rate_hz` an iteration: us_per_s,
/// microseconds of CPU for a second of signal; cycles_per_frame, of the processor's time stamp
/// counter (not where it has none); of_bound, the arithmetic that nobody can do without over what
/// was taken.
///
/// That arithmetic is measured once in the same run, with the best set of instructions: the samples
/// of a window of 10 cycles of 50 Hz squared and multiplied, and transformed once. No edges, no
/// tracking, no grid.
void tell_speed(benchmark::State& state, double signal_s, double rate_hz);

}  // namespace polyphase
