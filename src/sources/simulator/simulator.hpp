#pragma once

#include <complex>
#include <vector>

#include "sources/simulator/scenario.hpp"

namespace polyphase::sources::simulator {

/// A scenario as samples: a pure function of (scenario, time), whatever the size of blocks.
///
/// x_c(t) = sqrt(2) U_c g_c(t) [cos(theta + a_c) + sum p_k cos(h_k (theta + a_c) + b_k)] + dc + noise,
/// theta = 2 pi integral of f dt (closed form of the piecewise linear profile) plus phase jumps.
class Simulator final : public SampleSource {
 public:
  explicit Simulator(Scenario scenario, std::size_t block_frames = 1'024);

  const SourceInfo& info() const override { return info_; }
  Result<bool> next(SampleBlock& block) override;
  const Scenario& scenario() const { return scenario_; }

 private:
  /// What holds for a short while, so that the samples need not ask all events.
  struct Now {
    std::vector<const TimedEvent*> active;
    double voltage_factor = 1, load_factor = 1, harmonic_factor = 1;
  };
  void live(double time_s);
  void refresh(double from_s, double to_s);
  double turns(double time_s) const;
  void frame_at(std::uint64_t index, double time_s, Frame& frame) const;
  double wander(double time_s, double period_s, std::uint64_t stream) const;
  void add_life_events(std::uint64_t slot);

  Scenario scenario_;
  SourceInfo info_;
  std::vector<Frame> frames_;
  std::uint64_t next_ = 0, total_;
  Now now_;
  std::vector<TimedEvent> life_events_;
  std::uint64_t life_slot_ = ~std::uint64_t{0};
};

}  // namespace polyphase::sources::simulator
