#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "metering/sample_ring.hpp"

namespace polyphase::pq {

enum class Edge : std::uint8_t { begin, end };

/// Where the edge of a disturbance is looked for; positions and lengths in samples.
struct EdgeSearch {
  const metering::SampleRing* samples = nullptr;
  std::size_t channel = 0;
  double period = 0;          ///< of the fundamental, within 2 %
  double window_begin = 0;    ///< of the rms window that went beyond a threshold, or came back
  double first = 0, end = 0;  ///< only samples from `first` to before `end` are read
  double nominal_peak = 0;    ///< of a sine of nominal rms
};

/// So far behind the begin of the rms window samples are needed.
constexpr double edge_reach(double period) { return 2.75 * period + 8; }

/// The first sample of a disturbance, or the first behind it, where the waveform shows it: it
/// leaves a calm course at once, by 3 % of the nominal voltage at least. The method is at the head
/// of the source file, what it resolves in docs/measurement.md.
///
/// needs   1.9 calm periods before a begin, behind an end; nothing bridged, 16 samples a period
/// cost    O(samples of five periods); nothing allocated
/// source  segmented least squares, the project's own; no standard has a method for it
std::optional<std::int64_t> waveform_edge(const EdgeSearch& search, Edge which) noexcept;

}  // namespace polyphase::pq
