#include "pq/ieee519.hpp"

#include <cstddef>

namespace polyphase::pq::ieee519 {
namespace {

/// Limits of odd orders below 11, 17, 23, 35 and from there on, and of the whole.
struct Row {
  double ratio_below;  ///< of I_SC / I_L
  std::array<double, 5> band;
  double total;
};

constexpr double any = 1e300;
constexpr std::array<Row, 5> to_69_kv{{
    {20, {4, 2, 1.5, 0.6, 0.3}, 5},
    {50, {7, 3.5, 2.5, 1, 0.5}, 8},
    {100, {10, 4.5, 4, 1.5, 0.7}, 12},
    {1'000, {12, 5.5, 5, 2, 1}, 15},
    {any, {15, 7, 6, 2.5, 1.4}, 20},
}};
constexpr std::array<Row, 5> to_161_kv{{
    {20, {2, 1, 0.75, 0.3, 0.15}, 2.5},
    {50, {3.5, 1.75, 1.25, 0.5, 0.25}, 4},
    {100, {5, 2.25, 2, 0.75, 0.35}, 6},
    {1'000, {6, 2.75, 2.5, 1, 0.5}, 7.5},
    {any, {7.5, 3.5, 3, 1.25, 0.7}, 10},
}};
constexpr std::array<Row, 3> above_161_kv{{
    {25, {1, 0.5, 0.38, 0.15, 0.1}, 1.5},
    {50, {2, 1, 0.75, 0.3, 0.15}, 2.5},
    {any, {3, 1.5, 1.15, 0.45, 0.22}, 3.75},
}};
constexpr std::array<Row, 2> above_161_kv_of_1992{{
    {50, {2, 1, 0.75, 0.3, 0.15}, 2.5},
    {any, {3, 1.5, 1.15, 0.45, 0.22}, 3.75},
}};

template <std::size_t n>
const Row& row_of(const std::array<Row, n>& rows, double ratio) {
  std::size_t i = 0;
  while (i + 1 < n && ratio >= rows[i].ratio_below) ++i;
  return rows[i];
}

const Row& row_of(Edition edition, BusVoltage bus, double ratio) {
  switch (bus) {
    case BusVoltage::to_1_kv:
    case BusVoltage::to_69_kv:
      return row_of(to_69_kv, ratio);
    case BusVoltage::to_161_kv:
      return row_of(to_161_kv, ratio);
    case BusVoltage::above_161_kv:
      break;
  }
  return edition == Edition::of_1992 ? row_of(above_161_kv_of_1992, ratio)
                                     : row_of(above_161_kv, ratio);
}

double even_share(Edition edition, unsigned order) {
  if (edition != Edition::of_2022) return 0.25;
  return order <= 6 ? 0.5 : 1;
}

}  // namespace

Limits voltage_limits(Edition edition, BusVoltage bus) {
  constexpr std::array<double, 4> individual{5, 3, 1.5, 1}, total{8, 5, 2.5, 1.5};
  auto row = static_cast<std::size_t>(bus);
  if (edition == Edition::of_1992 && bus == BusVoltage::to_1_kv) row = 1;
  Limits limits;
  limits.order.fill(individual[row]);
  limits.total = total[row];
  return limits;
}

Limits current_limits(Edition edition, BusVoltage bus, double ratio) {
  constexpr std::array<unsigned, 4> band_ends{11, 17, 23, 35};
  const Row& row = row_of(edition, bus, ratio);
  Limits limits;
  limits.total = row.total;
  for (unsigned h = 2; h <= order_max; ++h) {
    std::size_t band = 0;
    while (band < band_ends.size() && h >= band_ends[band]) ++band;
    limits.order[h] = row.band[band] * (h % 2 == 0 ? even_share(edition, h) : 1);
  }
  return limits;
}

}  // namespace polyphase::pq::ieee519
