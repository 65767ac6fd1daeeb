#pragma once

#include <span>

namespace polyphase::pq {

/// Ratios of the harmonics of one channel. NaN where they cannot be had.
struct Distortion {
  double total, even,
      odd;  ///< root of the sum of squares of orders 2.., 2 4 6.., 3 5 7.. over order 1, percent
  double k_factor;  ///< sum (h I_h)^2 / sum I_h^2, h >= 1
};

/// `magnitudes[h]`: rms of order h (harmonic subgroups for IEC 61000-4-30); [0] is not used. The
/// highest order that counts is the last. source  THDS of IEC 61000-4-7, 3.3.2; K factor of IEEE
/// C57.110; texts read: no
Distortion distortion_of(std::span<const double> magnitudes);

/// Root of the sum of squares of orders 2 and up: what a demand current is related to for TDD (IEEE
/// 519).
double harmonic_content(std::span<const double> magnitudes);

}  // namespace polyphase::pq
