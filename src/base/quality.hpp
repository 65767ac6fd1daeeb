#pragma once

#include <cstdint>

namespace polyphase {

/// What is doubtful about a value; none: nothing is. A value that cannot be had at all is N/A, which
/// is a value (not_available in registers) and not a flag.
struct Quality {
  enum Flag : std::uint16_t {
    bridged = 1u << 0,               ///< samples were lost and stood in for
    clipped = 1u << 1,               ///< the input reached its full scale
    clock_unsynchronised = 1u << 2,  ///< time not traceable to UTC
    frequency_held = 1u << 3,        ///< no voltage to follow: boundaries run on the last frequency
    partial = 1u << 4,               ///< fewer cycles than the interval should hold
    disturbed = 1u << 5,             ///< contains (part of) a dip, swell or interruption
  };
  std::uint16_t bits = 0;

  constexpr bool has(Flag flag) const { return (bits & flag) != 0; }
  constexpr void add(Flag flag) { bits = static_cast<std::uint16_t>(bits | flag); }
  constexpr Quality& operator|=(Quality other) {
    bits = static_cast<std::uint16_t>(bits | other.bits);
    return *this;
  }
  friend constexpr bool operator==(Quality, Quality) = default;
};

}  // namespace polyphase
