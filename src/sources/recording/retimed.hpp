#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sources/recording/part.hpp"

namespace polyphase::sources::recording {

/// So many samples at one rate.
struct Stretch {
  std::uint64_t samples = 0;
  double sample_rate_hz = 0;
};

inline constexpr std::uint64_t retimed_frames_max = 64'000'000;

/// Brings a part whose stretches differ in rate to the one rate that its info names, by interpolation
/// with a windowed sinc (16 samples, Kaiser) along the samples' own time.
/// errors  limit: more frames than fit in memory
Result<std::unique_ptr<Part>> retimed(std::unique_ptr<Part> part, const std::vector<Stretch>& stretches);

}  // namespace polyphase::sources::recording
