#pragma once

#include <cstdint>
#include <string_view>

namespace polyphase {

/// Where the cause of a disturbance lay, seen from the meter: upstream is the side of the source,
/// downstream that of the load, to which delivered power flows.
enum class Direction : std::uint8_t { undetermined, upstream, downstream };

/// How far a direction can be trusted; undetermined where there is none.
enum class Confidence : std::uint8_t { undetermined, low, medium, high };

struct DirectionFinding {
  Direction direction = Direction::undetermined;
  Confidence confidence = Confidence::undetermined;
  friend constexpr bool operator==(DirectionFinding, DirectionFinding) = default;
};

constexpr std::string_view word_of(Direction direction) {
  switch (direction) {
    case Direction::undetermined:
      break;
    case Direction::upstream:
      return "upstream";
    case Direction::downstream:
      return "downstream";
  }
  return "undetermined";
}

constexpr std::string_view word_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::undetermined:
      break;
    case Confidence::low:
      return "low";
    case Confidence::medium:
      return "medium";
    case Confidence::high:
      return "high";
  }
  return "undetermined";
}

}  // namespace polyphase
