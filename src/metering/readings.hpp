#pragma once

#include <array>

#include "metering/datasets.hpp"

namespace polyphase::metering {

enum class VoltsMode : std::uint8_t { four_wire_wye, delta, three_wire_wye, single, demo };

/// Every quantity of a power meter, in the order of its outputs. Voltages and currents in V and A,
/// powers in kW, kVAR, kVA, unbalance in %, power factors as ratios, angles in degrees.
enum class Reading : std::size_t {
  vln_a, vln_b, vln_c, vln_avg, vll_ab, vll_bc, vll_ca, vll_avg, v4,
  i_a, i_b, i_c, i_avg, i4, i_residual, v_unbal, i_unbal,
  kw_a, kw_b, kw_c, kw_tot, kvar_a, kvar_b, kvar_c, kvar_tot, kva_a, kva_b, kva_c, kva_tot,
  pf_sign_a, pf_sign_b, pf_sign_c, pf_sign_tot, pf_lead_a, pf_lead_b, pf_lead_c, pf_lead_tot,
  pf_lag_a, pf_lag_b, pf_lag_c, pf_lag_tot, dpf_sign_a, dpf_sign_b, dpf_sign_c, dpf_sign_tot,
  dpf_lead_a, dpf_lead_b, dpf_lead_c, dpf_lead_tot, dpf_lag_a, dpf_lag_b, dpf_lag_c, dpf_lag_tot,
  freq, phase_rev,
  va_mag, va_ang, vb_mag, vb_ang, vc_mag, vc_ang, v4_mag, v4_ang,
  ia_mag, ia_ang, ib_mag, ib_ang, ic_mag, ic_ang, i4_mag, i4_ang,
  count,
};
inline constexpr std::size_t reading_count = static_cast<std::size_t>(Reading::count);
using Readings = std::array<double, reading_count>;  ///< NaN: not available

struct ReadingOptions {
  VoltsMode mode = VoltsMode::four_wire_wye;
  bool reversed_order = false;   ///< phase order ACB
  bool scalar_apparent = false;  ///< kVA tot: sum of the phases; else vector sum
  bool iec_sign = false;         ///< power factors: sign of P; else minus for lagging (IEEE)
  double voltage_ratio = 1;      ///< applied to voltages: 1, or secondary over primary
  double current_ratio = 1;
};

/// Computes all readings of an interval.
///
/// Definitions: kVA of a phase is Vrms Irms; reactive power is that of the fundamentals; kVA tot is
/// sqrt((sum P)^2 + (sum N)^2), N = sqrt(S^2 - P^2) of a phase with the sign of its fundamental Q, or
/// the scalar sum; unbalance is the largest deviation from the mean of the three over that mean.
/// Under delta the voltages of the phases are those against the virtual neutral: used for powers, N/A
/// as readings. source: definitions of IEEE 1459 by the project's own facts, clause text not read
Readings readings_of(const IntervalData& interval, const ReadingOptions& options);

/// Which channels' quality a reading depends on.
ChannelMask channels_of(Reading reading);

}  // namespace polyphase::metering
