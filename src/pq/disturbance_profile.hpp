#pragma once

#include <limits>

namespace polyphase::pq {

/// How one voltage went during a disturbance; values in percent of the nominal voltage.
struct DisturbanceProfile {
  double duration_s = 0;
  double minimum = std::numeric_limits<double>::quiet_NaN();
  double maximum = std::numeric_limits<double>::quiet_NaN();
  double average = std::numeric_limits<double>::quiet_NaN();  ///< of the rms values, over time
  double energy =
      0;  ///< 100 * integral of |1 - (U / Unom)^2| dt: percent seconds of lost or excess energy
};

/// Gathers a profile from half-cycle values, and cuts it where the voltage changes by more than a
/// critical amount from where the piece began (sub-disturbances).
class ProfileGatherer {
 public:
  void start();
  /// True: the value begins a new piece, `piece()` is the one before.
  bool add(double percent, double duration_s, double change_critical);
  DisturbanceProfile whole() const { return whole_.result(); }
  DisturbanceProfile piece() const { return last_piece_; }
  /// The disturbance is over, and with it the running piece.
  void finish() { last_piece_ = piece_.result(); }

 private:
  struct Sums {
    DisturbanceProfile profile;
    double percent_seconds = 0;
    void add(double percent, double duration_s);
    DisturbanceProfile result() const;
  };
  Sums whole_, piece_;
  double level_ = 0;
  DisturbanceProfile last_piece_;
};

}  // namespace polyphase::pq
