#pragma once

#include <array>
#include <cstddef>

#include "dsp/kernels.hpp"
#include "dsp/lane_frame.hpp"

namespace polyphase::pq {

/// The lamp whose flicker is judged; independent of the frequency.
enum class Lamp { v230, v120 };

struct FlickerConfig {
  double sample_rate_hz = 0;
  double frequency_nominal_hz = 50;  ///< 50 or 60: low-pass of 35 or 42 Hz
  Lamp lamp = Lamp::v230;
  const dsp::Kernels* kernels = &dsp::kernels();  ///< the best unless a test asks
};

/// Blocks 1 to 4 of the flickermeter: from samples of V1..V4 to the instantaneous flicker sensation
/// Pinst, 200 times a second or a little more.
///
/// 1.00 is the sine at 8.8 Hz that the standard's table has for it, by the exact response of the
/// filters at the rate they run at. Values are told from the first on; see settling_s.
///
/// in      frames as scaled, any unit; relative to their own rms over some 27 s
/// cost    about 40 us a second of signal at 10 240 samples a second; nothing is allocated
/// source  IEC 61000-4-15; clause text not read, facts of the project's standards notes,
/// section 3.1
class FlickerFilter {
 public:
  /// The sample rate is at least 400.
  explicit FlickerFilter(const FlickerConfig& config);

  using Sensation = std::array<double, 4>;

  /// How many frames make up one value.
  std::size_t frames() const { return step_ * blocks_; }
  double period_s() const { return period_s_; }
  /// The value at the end of the next frames(); NaN within seeding_s of the start.
  Sensation next(const dsp::LaneFrame* frames) noexcept;
  /// Forgets what came: what comes next does not follow it.
  void restart() noexcept;

  double scale() const { return scale_; }

  static constexpr double seeding_s = 0.2;  ///< a voltage's rms to start with: 10 or 12 cycles
  /// What the start leaves is then below 0.001 in Pinst, and slow changes are followed.
  static constexpr double settling_s = 10;

 private:
  static constexpr std::size_t blocks_max = 20;
  static constexpr std::size_t sections = 6;
  using Lanes = std::array<double, 4>;

  void follow_rms(const Lanes& total);

  const dsp::FilterKernels* kernels_;
  std::size_t step_, blocks_;  ///< frames a block, blocks a value
  double period_s_;
  std::array<dsp::Biquad, sections> section_;
  dsp::Biquad smoothing_;
  double scale_;
  double seeding_;        ///< values
  double smooth_, slow_;  ///< shares of a new value in the means below
  double values_ = 0;     ///< since the start
  Lanes mean_square_{}, rms_{};
  Lanes gain_{};  ///< of a block's sum of squares
  std::array<double, sections * 8> state_{};
  std::array<double, 8> smoothing_state_{};
};

}  // namespace polyphase::pq
