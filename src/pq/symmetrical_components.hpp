#pragma once

#include <array>
#include <complex>

namespace polyphase::pq {

struct SymmetricalComponents {
  std::complex<double> zero, positive, negative;

  /// Percent of the positive sequence; NaN where there is none.
  double negative_percent() const;
  double zero_percent() const;
};

/// Fortescue's components of three phasors:
///   U0 = (Ua + Ub + Uc) / 3,  U1 = (Ua + a Ub + a^2 Uc) / 3,  U2 = (Ua + a^2 Ub + a Uc) / 3,  a =
///   e^(j 120 deg)
/// `reversed`: the expected rotation is ACB, so b and c change places.
/// source  IEC 61000-4-30, 5.7 (unbalance u2 = U2/U1, u0 = U0/U1); clause text read: no
SymmetricalComponents symmetrical_components(const std::array<std::complex<double>, 3>& phasors,
                                             bool reversed = false);

}  // namespace polyphase::pq
