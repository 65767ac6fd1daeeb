#pragma once

#include <array>
#include <string_view>

#include "base/result.hpp"
#include "metering/measurement.hpp"

namespace polyphase::modules::evaluation {

/// Percent, by order; NaN: none.
struct Limits {
  std::array<double, metering::harmonic_order_max + 1> order;
  std::array<double, metering::harmonic_order_max + 1> interharmonic;
  Limits();
};

/// "2=2;3=5;i3=0.2": orders, and with i the interharmonics above an order.
/// errors  invalid_config
Result<Limits> parse_limits(std::string_view text);

Limits limits_of_en50160();

}  // namespace polyphase::modules::evaluation
