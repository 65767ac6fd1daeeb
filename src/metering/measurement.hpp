#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>

#include "base/quality.hpp"
#include "base/samples.hpp"

namespace polyphase::metering {

/// How the voltage inputs are connected. wye: V1..V3 are line to neutral. delta: V1, V2, V3 are the
/// line voltages ab, bc, ca, and powers are taken against the virtual neutral va = (vab - vca) / 3.
enum class Connection : std::uint8_t { wye, delta };

template <class T>
using PerChannel = std::array<T, channel_count>;
template <class T>
using PerPhase = std::array<T, 3>;

/// Weighted sums over samples; sums of adjoining intervals add up to the sums of the whole.
///
/// Every weight is w_i = c(i - t0) - c(i - t1), c rising smoothly from 0 to 1 around a boundary, so
/// neighbours share the samples at their common edge and nothing is lost or counted twice.
/// The fundamental is summed against e^(-j theta), theta = pi k at boundary k, linear in between.
struct Sums {
  double length_samples = 0;                       ///< t1 - t0
  PerChannel<double> value{};                      ///< sum w x
  PerChannel<double> square{};                     ///< sum w x^2
  PerPhase<double> line_square{};                  ///< of ab, bc, ca
  double residual_square = 0;                      ///< of i1 + i2 + i3
  PerPhase<double> product{};                      ///< sum w v i, v against (virtual) neutral
  PerChannel<std::complex<double>> fundamental{};  ///< sum w x e^(-j theta)

  Sums& operator+=(const Sums& other);
};

/// Fundamental powers, taken cycle by cycle and weighted with each cycle's length in samples.
struct FundamentalPower {
  PerPhase<double> active_w_samples{};
  PerPhase<double> reactive_var_samples{};
  FundamentalPower& operator+=(const FundamentalPower& other);
};

/// Of a cycle's sums: P1 + j Q1 = V1 conj(I1), V1 against the (virtual) neutral; lagging is
/// positive.
FundamentalPower power_of_cycle(const Sums& cycle, Connection connection);

/// One half cycle of the reference, and the one-cycle values that end with it.
struct HalfCycle {
  std::int64_t number = 0;  ///< boundary at its end: even where the reference crosses zero upwards
  double begin = 0, end = 0;  ///< positions in samples from the first one
  Sums sums;                  ///< of this half cycle alone
  FundamentalPower power;     ///< of the cycle that ends here; zero unless `number` is even
  bool cycle_complete =
      false;                ///< number is even and the half cycle before belongs to the same run
  double frequency_hz = 0;  ///< of the reference, the newest estimate
  PerChannel<float> minimum{}, maximum{};  ///< of the samples of this half cycle

  /// Rms over the last full cycle of each channel between zero crossings of that channel's own
  /// phase voltage (currents: of their phase's voltage; V4, I4: of the reference); where a phase that
  /// jumped draws crossings together or apart, over a cycle of the network's length that ends at the
  /// crossing. NaN until one is whole.
  PerChannel<double> rms{};
  PerChannel<double> rms_begin{};  ///< position at which that cycle began

  PerChannel<Quality> quality{};  ///< per channel: clipped
  Quality common;                 ///< bridged, unsynchronised, frequency_held
  std::size_t bridged_samples = 0;
};

inline constexpr unsigned harmonic_order_max = 63;

/// The spectrum of one window of 10 or 12 cycles by IEC 61000-4-7 (clause text not read; facts of
/// the project's standards notes, section 2). Order 0 is DC.
struct Window {
  std::int64_t first_boundary = 0;  ///< even; the window ends at first_boundary + 2 * cycles
  unsigned cycles = 0;              ///< 10 or 12
  double begin = 0, end = 0;        ///< positions in samples, from the aligned phase
  unsigned order_max = 0;           ///< highest order the sample rate carries here, at most 63
  double frequency_hz = 0;

  template <class T>
  using PerOrder = std::array<PerChannel<T>, harmonic_order_max + 1>;
  PerOrder<std::complex<float>>
      phasor{};                     ///< bin of the order itself, rms, cosine reference at begin
  PerOrder<float> subgroup{};       ///< harmonic subgroup, rms
  PerOrder<float> interharmonic{};  ///< centred interharmonic subgroup above the order, rms
  bool grouped = false;             ///< the next two are measured too, and asked for
  PerOrder<float> harmonic_group{};
  PerOrder<float> interharmonic_group{};  ///< above the order
  Quality common;

  /// By the grouping that was asked for. IEC 61000-4-30 takes subgroups whatever that is.
  const PerOrder<float>& harmonics() const { return grouped ? harmonic_group : subgroup; }
  const PerOrder<float>& between() const { return grouped ? interharmonic_group : interharmonic; }
};

/// Mean values of an interval: what power meters and reports are computed from.
struct Means {
  double duration_s = 0;
  double frequency_hz = 0;
  PerChannel<double> dc{};
  PerChannel<double> rms{};
  PerPhase<double> line_rms{};  ///< ab, bc, ca
  double residual_rms = 0;
  PerPhase<double> active_w{};
  PerPhase<double> active_fundamental_w{};
  PerPhase<double> reactive_fundamental_var{};
  PerChannel<std::complex<double>>
      fundamental{};          ///< rms phasors against the reference's zero crossing
  PerChannel<double> peak{};  ///< largest magnitude of a sample
};

Means means_of(const Sums& sums, const FundamentalPower& power, double sample_rate_hz);

}  // namespace polyphase::metering
