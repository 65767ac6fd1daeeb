#pragma once

#include <array>
#include <cstddef>

namespace polyphase::dsp {

/// Eight channels that are processed side by side.
inline constexpr std::size_t lanes = 8;

/// One number of each channel; aligned so that a vector of eight floats never crosses a cache line.
struct alignas(32) LaneFrame {
  std::array<float, lanes> lane{};

  float& operator[](std::size_t l) { return lane[l]; }
  float operator[](std::size_t l) const { return lane[l]; }
  float* data() { return lane.data(); }
  const float* data() const { return lane.data(); }
};

/// One complex number of each channel.
struct LaneComplex {
  LaneFrame re{}, im{};
};

}  // namespace polyphase::dsp
