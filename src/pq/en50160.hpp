#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "pq/interval_count.hpp"

/// The limits of EN 50160, edition of 2010, as numbers, and the tables that events are sorted into.
///
/// source  project's facts, section 4 (public summaries); clause text not read. Editions after 2010
///         (amendments, 2022) were not compared.
namespace polyphase::pq::en50160 {

enum class Network : std::uint8_t { low_voltage, medium_voltage };

/// Intervals beyond a band may be at most this share of the valid ones.
struct Limit {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  double beyond_percent_max = 0;

  bool beyond(double value) const { return value < low || value > high; }
  /// A count without valid intervals shows nothing, and does not comply.
  bool complies(const IntervalCount& count) const {
    return count.beyond_percent() <= beyond_percent_max;
  }
  friend bool operator==(const Limit&, const Limit&) = default;
};

/// `usual` is counted as N1, `always` (where there is one) as N2.
struct Characteristic {
  double interval_s = 0;
  double period_s = 0;  ///< of observation
  Limit usual;
  std::optional<Limit> always;

  bool has_limits_of(const Characteristic& other) const {
    return usual == other.usual && always == other.always;
  }
};

inline constexpr double week_s = 7 * 86'400.0, year_s = 365 * 86'400.0, day_s = 86'400.0;

/// Percent of the nominal frequency. A network without synchronous connection is an island.
Characteristic frequency(bool island);
/// Percent of the nominal (medium voltage: declared) voltage.
Characteristic supply_voltage(Network network);
/// Plt.
Characteristic flicker();
/// u2 in percent.
Characteristic unbalance();
/// THD to the 40th order, in percent.
Characteristic distortion();
/// Any order beyond harmonic_limit().
Characteristic harmonics();
/// Three-second means beyond signalling_limit().
Characteristic mains_signalling();

inline constexpr unsigned harmonic_order_max = 25;  ///< of the table; THD counts to the 40th
/// Percent of the fundamental; NaN where the table has none. Under medium voltage the 3rd may be
/// much lower, by the design of the network, which is not known here.
double harmonic_limit(unsigned order);

/// Percent of the nominal voltage; NaN outside 0.1 to 100 kHz. Log-log between the corners.
/// source  shape of the curve: project's facts, section 4, marked there as unconfirmed
double signalling_limit(double frequency_hz);

inline constexpr std::size_t dip_cells = 25, swell_cells = 8, interruption_classes = 3;
inline constexpr std::array<const char*, dip_cells> dip_cell_names{
    "A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3", "B4", "B5", "C1", "C2", "C3",
    "C4", "C5", "D1", "D2", "D3", "D4", "D5", "X1", "X2", "X3", "X4", "X5"};
inline constexpr std::array<const char*, swell_cells> swell_cell_names{"S1", "S2", "S3", "S4",
                                                                       "T1", "T2", "T3", "T4"};

/// By residual voltage in percent and duration. Nothing: no dip (90 % and more), or longer than a
/// minute.
std::optional<std::size_t> dip_cell(double residual_percent, double duration_s);
/// By highest voltage in percent. The columns S4, T4 (longer than a minute) are those of this
/// family of meters.
std::optional<std::size_t> swell_cell(double highest_percent, double duration_s);
/// 0: shorter than 1 s, 1: shorter than 3 minutes, 2: long.
std::size_t interruption_class(double duration_s);

}  // namespace polyphase::pq::en50160
