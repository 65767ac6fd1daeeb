#pragma once

#include <cstdint>
#include <span>

namespace polyphase::pq {

/// How a voltage event lies to a curve of what equipment has to bear.
enum class RideThrough : std::uint8_t { inside, above, below };

/// A limit that holds up to a duration.
struct CurveStep {
  double until_s;
  double percent;  ///< of the nominal voltage
};

/// Stairs from short to long; the last holds for ever. source  project's facts, section 10.1: of
/// ITI's curve only 120 % to 0.5 s and 110 % beyond are confirmed; texts not read.
std::span<const CurveStep> iti_upper();
std::span<const CurveStep> iti_lower();
/// SEMI F47-0706. Up to 20 ms and beyond 1 s: its recommendations, unconfirmed.
std::span<const CurveStep> semi_f47();

double limit_at(std::span<const CurveStep> curve, double duration_s);

/// A voltage on a limit is inside.
RideThrough classify_iti(double percent, double duration_s);
RideThrough classify_semi_f47(double percent, double duration_s);

/// What a three-phase motor may still be loaded with, as a share of its rated power, by the
/// unbalance of the line voltages (largest deviation from their mean over the mean, percent). NaN
/// above 5 %, where a motor should not run.
/// source  NEMA MG 1, 14.36; clause text not read: points read off reproductions of its curve,
/// which
///         differ by 0.01 from one another
double motor_derating(double unbalance_percent);

}  // namespace polyphase::pq
