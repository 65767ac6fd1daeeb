#pragma once

#include <array>
#include <cstdint>

/// The limits of IEEE 519 at the point of common coupling.
///
/// source  editions of 1992, 2014 and 2022 by the project's facts, section 5 (public summaries);
///         clause text not read. Unconfirmed there: voltages above 69 kV, current tables above 69
///         kV, the factors of the currents' percentiles. The rows of 1992 above 161 kV: general
///         knowledge.
namespace polyphase::pq::ieee519 {

enum class Edition : std::uint8_t { of_1992, of_2014, of_2022 };
enum class BusVoltage : std::uint8_t { to_1_kv, to_69_kv, to_161_kv, above_161_kv };

inline constexpr unsigned order_max = 50;

/// Percent. `order[h]` from 2 on; [0] and [1] are not limits.
struct Limits {
  std::array<double, order_max + 1> order{};
  double total = 0;  ///< THD or TDD
};

/// Of the nominal voltage. 1992 has no row of its own for up to 1 kV.
Limits voltage_limits(Edition edition, BusVoltage bus);

/// Of the maximum demand load current I_L; `ratio`: I_SC / I_L.
///   even orders   1992, 2014: a quarter of the odd ones' limit
///                 2022: half of it up to the 6th, the same from there on
Limits current_limits(Edition edition, BusVoltage bus, double ratio);

/// What an assessment looks at: the share of the intervals of a period whose values may exceed
/// `factor` times the limit.
struct Assessment {
  double interval_s = 0, period_s = 0;
  double percentile = 0;
  double factor = 0;
  double beyond_percent_max() const { return 100 - percentile; }
};

/// Very short time (3 s, a day, 99 %): "Z".
inline constexpr Assessment voltage_daily{3, 86'400, 99, 1.5}, current_daily{3, 86'400, 99, 2.0};
/// Short time (10 min, a week): 99 % of currents "Y", 95 % of both "X". Before 2014 there was no
/// assessment by percentiles; these are used for 1992 as well.
inline constexpr Assessment current_weekly_99{600, 604'800, 99, 1.5},
    current_weekly_95{600, 604'800, 95, 1.0}, voltage_weekly_95{600, 604'800, 95, 1.0};

}  // namespace polyphase::pq::ieee519
