#include "modules/evaluation/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "pq/en50160.hpp"

namespace polyphase::modules::evaluation {

using metering::harmonic_order_max;

Limits::Limits() {
  order.fill(std::numeric_limits<double>::quiet_NaN());
  interharmonic = order;
}

Result<Limits> parse_limits(std::string_view text) {
  Limits limits;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    std::string_view item = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    const bool between = !item.empty() && item.front() == 'i';
    const char *at = item.data() + (between ? 1 : 0), *stop = item.data() + item.size();
    unsigned order = 0;
    double limit = 0;
    const auto name = std::from_chars(at, stop, order);
    const bool named = name.ec == std::errc{} && name.ptr != stop && *name.ptr == '=';
    const auto value = named ? std::from_chars(name.ptr + 1, stop, limit) : name;
    if (!named || value.ec != std::errc{} || value.ptr != stop || !(limit > 0) ||
        order > harmonic_order_max || (!between && order < 2))
      return fail(ErrorCode::invalid_config,
                  fmt::format("'{}' is no limit; write order=percent, such as 5=6, orders 2 to {}, "
                              "i5=0.2 for what lies above the 5th",
                              item.substr(0, 40), harmonic_order_max));
    (between ? limits.interharmonic : limits.order)[order] = limit;
  }
  return limits;
}

Limits limits_of_en50160() {
  Limits limits;
  for (unsigned h = 2; h <= pq::en50160::harmonic_order_max; ++h)
    limits.order[h] = pq::en50160::harmonic_limit(h);
  return limits;
}

}  // namespace polyphase::modules::evaluation
