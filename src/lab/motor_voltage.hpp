#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "graph/engine.hpp"
#include "lab/report_point.hpp"
#include "text/json.hpp"

namespace polyphase::lab {

/// How far the three line voltages lie apart, as a motor feels it: the largest deviation from their
/// mean over the mean, in percent, of values of 10 minutes.
///
/// source  NEMA MG 1, 14.36; edition and clause text not read
struct MotorUnbalance {
  bool measured = false;  ///< false: there are no three line voltages
  Tally count;
  double at_95 = registers::not_available;  ///< of the valid intervals, by nearest rank
  double highest = registers::not_available;
};

/// Gathers it from the seconds of a running engine: root of the mean of squares over each 10
/// minutes of UTC, which may lack half a second. Flagged intervals do not count, but where the
/// aggregator says that a voltage was low or high for long (`Valid 10m`).
class MotorVoltage final : public graph::StepObserver {
 public:
  static constexpr double interval_s = 600;
  /// `engine` is started.
  explicit MotorVoltage(const graph::Engine& engine);
  void stepped(graph::Cadence cadence, Instant end, double duration_s,
               Quality quality) noexcept override;
  /// What runs when the samples have ended, too.
  void finish(Instant end);
  const std::vector<ReportPoint>& points() const { return points_; }
  MotorUnbalance unbalance() const;

 private:
  void look(Instant end);
  void close();

  const graph::Engine& engine_;
  registers::Index ready_, valid_;
  double seen_ = 0;                  ///< of the pulses
  std::int64_t judged_number_ = -1;  ///< of the last interval that the aggregator found valid
  std::array<registers::Index, 3> lines_{};
  std::array<double, 3> squares_{};  ///< V² s
  double covered_s_ = 0;
  Quality quality_;
  std::int64_t number_ = 0;  ///< of the interval that runs
  std::vector<ReportPoint> points_;
};

/// "0.950", or that a motor should not run.
std::string derating_text(double unbalance_percent);
/// Two lines, what and which; none where there are no line voltages.
std::vector<std::pair<std::string, std::string>> facts_of(const MotorUnbalance& unbalance);
inline constexpr const char* motor_note =
    "Unbalance: the largest deviation of a line voltage from the mean of the three, over the mean. "
    "Derating: the share of its rated power that a motor may be loaded with. NEMA MG 1, 14.36; "
    "edition and clause text not read, points of its curve from reproductions.";
/// A member "motor_voltage"; null where there are no line voltages.
void put_motor(text::JsonWriter& json, const MotorUnbalance& unbalance);

}  // namespace polyphase::lab
