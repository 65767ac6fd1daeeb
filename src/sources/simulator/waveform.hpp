#pragma once

#include <array>
#include <complex>
#include <span>
#include <vector>

#include "sources/simulator/scenario.hpp"

namespace polyphase::sources::simulator {

/// Samples are computed so many at a time.
inline constexpr std::size_t chunk_frames_max = 64;
using Lane = std::array<double, chunk_frames_max>;
using Lanes = std::array<Lane, channel_count>;

/// cos and sin of every order's angle, sample by sample.
struct Basis {
  std::vector<Lane> cosine, sine;
};

/// The angle of the fundamental during a chunk: turns + hz u + slope u^2 / 2, u the time since its
/// first sample.
struct Rotation {
  long double turns = 0;
  double hz = 0, slope_hz_s = 0;
};

/// The orders that the tones of a scenario have, each once; the fundamental is the first.
std::vector<double> orders_of(const Scenario& scenario);

/// Fills `basis` for `count` samples `period_s` apart: one complex multiplication a sample and
/// order, begun anew with every chunk, so that errors do not grow beyond some 1e-14.
void fill_basis(std::span<const double> orders, const Rotation& rotation, double period_s,
                std::size_t count, Basis& basis);

/// What one source of voltages or one load contributes to the channels: sums of the tones of a
/// basis.
///
///   x_c(k) = Re sum over orders n of C_c,n e^{j n theta(k)}
class Waveform {
 public:
  /// The voltages of the network.
  static Waveform of_source(const Scenario& scenario, std::span<const double> orders);
  /// The currents of a load, and what they take from the voltages by the impedance of the network.
  static Waveform of_load(const Scenario& scenario, const Load& load,
                          std::span<const double> orders);

  /// Turns phases a, b, c by so many degrees of their fundamentals.
  void turn(const std::array<double, 3>& jump_deg, std::span<const double> orders);

  /// Adds to `lanes` what this contributes, times the envelope of the phase (the fourth: neutrals).
  void add(const Basis& basis, const std::array<Lane, 4>& envelope, std::size_t count,
           Lanes& lanes) const;

 private:
  struct Term {
    std::size_t order = 0;  ///< place among the orders
    std::complex<double> base, turned;
  };
  void add_terms(std::size_t lane, const ChannelState& state, std::span<const double> orders,
                 double sign_and_ohm, double reactance_ohm);

  std::array<std::vector<Term>, channel_count> terms_;
};

}  // namespace polyphase::sources::simulator
