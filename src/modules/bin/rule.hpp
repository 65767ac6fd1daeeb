#pragma once

#include <array>
#include <limits>
#include <string_view>

#include "base/result.hpp"

namespace polyphase::modules::bin {

/// Some numbers; without bounds all that are there.
struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool with_low = true, with_high = true;

  /// False of N/A.
  bool holds(double value) const {
    return (with_low ? value >= low : value > low) && (with_high ? value <= high : value < high);
  }
};

/// What a bin counts (bin.hpp has the grammar). Without any interval: nothing.
struct Rule {
  std::array<Interval, 2> of{};  ///< A, B
  std::array<bool, 2> judges{};  ///< whether the source matters

  bool empty() const { return !judges[0] && !judges[1]; }
  bool holds(const std::array<double, 2>& values) const {
    for (std::size_t i = 0; i < of.size(); ++i)
      if (judges[i] && !of[i].holds(values[i])) return false;
    return !empty();
  }
};

/// errors  invalid_config: what is wrong, and how a rule looks
Result<Rule> parse_rule(std::string_view text);

}  // namespace polyphase::modules::bin
