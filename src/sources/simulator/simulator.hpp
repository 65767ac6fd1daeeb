#pragma once

#include <vector>

#include "sources/simulator/frequency_profile.hpp"
#include "sources/simulator/scenario.hpp"
#include "sources/simulator/timeline.hpp"
#include "sources/simulator/waveform.hpp"

namespace polyphase::sources::simulator {

/// A scenario as samples: a pure function of (scenario, time), whatever the size of blocks; pacing
/// is not its business.
///
/// x_c(t) = g_c(t) sqrt(2) U_c [cos(theta + a_c) + sum p_n cos(n (theta + a_c) + b_n)]
///          + what events add + dc + noise,        theta = 2 pi integral of f dt
///
/// U, a, p, b of the channel; g the product of sags, flicker, load steps, daily load and wandering.
/// Currents are the sum of the loads; what they take from the voltages by the impedance of the
/// network is taken off. docs/scenario.md has the whole.
class Simulator final : public SampleSource {
 public:
  static constexpr std::size_t block_frames_default = 1'024;
  explicit Simulator(Scenario scenario, std::size_t block_frames = block_frames_default);

  const SourceInfo& info() const override { return info_; }
  Result<bool> next(SampleBlock& block) override;
  const Scenario& scenario() const { return scenario_; }

 private:
  /// Frames of one quality within a chunk.
  struct Part {
    std::size_t first = 0, count = 0;
    const TimedEvent* gap = nullptr;
  };
  struct LoadPart {
    Waveform waveform;
    Curve curve;
    Wander wander;
    SlowLine level;
  };

  void describe();
  long double time_of(std::uint64_t index) const;
  void render_chunk();
  void render(std::uint64_t first, std::size_t count, const Epoch& epoch, Frame* out);
  void shape_voltages(const Epoch& epoch, std::size_t count);
  void shape_loads(const Epoch& epoch, std::size_t count);
  void add_events(const Epoch& epoch, const Rotation& rotation, std::size_t count);
  void finish(std::uint64_t first, std::size_t count, Frame* out);
  void turn(const Epoch& epoch);

  Scenario scenario_;
  SourceInfo info_;
  std::uint64_t next_ = 0, total_ = 0;
  std::vector<Frame> block_;

  FrequencyProfile frequency_;
  Timeline timeline_;
  std::vector<double> orders_;
  Waveform source_;
  std::vector<LoadPart> loads_;
  std::array<Wander, 4> voltage_wander_;  ///< of each phase, and of all
  std::array<SlowLine, 3> voltage_level_;
  std::array<double, channel_count> noise_rms_{};
  std::array<double, 3> jump_deg_{};

  // The chunk that next_ lies in.
  std::size_t chunk_frames_ = chunk_frames_max;
  std::uint64_t chunk_first_ = 0;
  bool chunk_ready_ = false;
  std::array<Frame, chunk_frames_max> chunk_;
  std::vector<Part> parts_;
  Frame last_frame_;  ///< before a gap
  bool left_out_ = false;

  // Of the frames being rendered.
  std::array<double, chunk_frames_max> time_s_{};
  std::array<long double, 2> span_s_{};  ///< of the first frame and of the last
  Basis basis_;
  std::array<Lane, 4> envelope_{}, follows_{};  ///< of voltages; of currents, as far as they follow
  Lanes lanes_{};
};

}  // namespace polyphase::sources::simulator
