#pragma once

#include <array>
#include <string>
#include <vector>

#include "graph/engine.hpp"

namespace polyphase::lab {

/// What is doubtful about a recording on the whole, of the longest intervals that were whole.
struct Doubts {
  struct Clipped {
    std::string input;
    double length_s = 0;  ///< of the intervals with a clipped sample
  };
  std::string of;                         ///< "seconds"; empty: there was no interval
  double length_s = 0;                    ///< of all of them
  double unsynchronised_s = 0;            ///< time not traceable to UTC
  std::vector<Clipped> clipped;           ///< inputs that were
  double rotating_s = 0, reversed_s = 0;  ///< the phases rotate; against the order that is set

  /// More than a fault or a motor that brakes would bring: so it is wired.
  bool reversed() const {
    constexpr double share_min = 0.1;
    return rotating_s > 0 && reversed_s >= share_min * rotating_s;
  }
};

/// Gathers it from a running engine: of seconds, where there is no whole one of windows, and where
/// there is no window of cycles.
class RecordingWatch final : public graph::StepObserver {
 public:
  /// `engine` is started.
  explicit RecordingWatch(const graph::Engine& engine);
  void stepped(graph::Cadence cadence, Instant end, double duration_s,
               Quality quality) noexcept override;
  Doubts doubts() const;

 private:
  struct OfPace;
  void watch_rotation(OfPace& pace, double duration_s);
  struct OfPace {
    std::array<registers::Index, channel_count> inputs{};
    std::array<registers::Index, 3> angles{};  ///< of the voltages
    registers::Index reversal = registers::no_register;
    double highest_v = 0;  ///< fundamental so far
    std::array<double, channel_count> clipped_s{};
    Doubts doubts;
  };

  const graph::Engine& engine_;
  std::array<OfPace, registers::cadence_count> paces_;  ///< by cadence
};

}  // namespace polyphase::lab
