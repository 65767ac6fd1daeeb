#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "pq/flicker_filter.hpp"
#include "pq/flicker_severity.hpp"

namespace polyphase::pq {

/// For the tests: four voltages at once through a flickermeter.
class FlickerBench {
 public:
  explicit FlickerBench(const FlickerConfig& config)
      : rate_hz_(config.sample_rate_hz), filter_(config), frames_(filter_.frames()) {}

  using Voltages = std::function<std::array<double, 4>(double time_s)>;

  FlickerBench& feed(const Voltages& voltages, double duration_s) {
    until_s_ += duration_s;
    while (static_cast<double>(fed_ + frames_.size() / 2) / rate_hz_ < until_s_) {
      for (dsp::LaneFrame& frame : frames_) {
        const auto v = voltages(static_cast<double>(fed_++) / rate_hz_);
        for (std::size_t l = 0; l < 4; ++l) frame[l] = static_cast<float>(v[l]);
      }
      const auto pinst = filter_.next(frames_.data());
      for (std::size_t l = 0; l < 4; ++l) {
        if (std::isnan(pinst[l])) continue;
        highest[l] = std::max(highest[l], pinst[l]);
        levels[l].add(pinst[l]);
      }
    }
    return *this;
  }
  /// Forgets what was measured so far, not what the filter has settled to.
  FlickerBench& begin() {
    highest = {};
    for (FlickerLevels& level : levels) level.clear();
    return *this;
  }

  std::array<double, 4> highest{};  ///< Pinst
  std::array<FlickerLevels, 4> levels;

 private:
  double rate_hz_, until_s_ = 0;
  FlickerFilter filter_;
  std::vector<dsp::LaneFrame> frames_;
  std::uint64_t fed_ = 0;
};

struct Modulation {
  double frequency_hz = 0, change_percent = 0;
  bool rectangular = false;
};

/// Between -1 and 1. A sample in which a rectangle changes has the mean over it, as behind an
/// anti-aliasing filter: the rows near 40 Hz depend on where exactly the edges are.
inline double modulating(const Modulation& m, double time_s, double sample_s) {
  const double turns = m.frequency_hz * time_s;
  if (!m.rectangular) return std::sin(2 * std::numbers::pi * turns);
  const double half = m.frequency_hz * sample_s / 2;
  if (half == 0) return 0;
  const auto integral = [](double x) {
    const double place = x - std::floor(x);
    return place < 0.5 ? place : 1 - place;
  };
  return (integral(turns + half) - integral(turns - half)) / (2 * half);
}

/// u(t) = sqrt(2) U sin(2 pi f t) (1 + dV/V / 2 m(t)), one modulation for each voltage.
inline FlickerBench::Voltages modulated(const std::array<Modulation, 4>& modulations,
                                        double frequency_hz, double sample_rate_hz,
                                        double rms_v = 230) {
  return [=](double t) {
    const double carrier =
        std::numbers::sqrt2 * rms_v * std::sin(2 * std::numbers::pi * frequency_hz * t);
    std::array<double, 4> v;
    for (std::size_t l = 0; l < 4; ++l)
      v[l] = carrier * (1 + modulations[l].change_percent / 200 *
                                modulating(modulations[l], t, 1 / sample_rate_hz));
    return v;
  };
}

}  // namespace polyphase::pq
