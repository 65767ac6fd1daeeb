// A flickermeter in continuous time, integrated step by step: slow, and independent of the one
// under test. IEC 61000-4-15; clause text not read, figures of the project's standards notes,
// section 3.1:
//
//   m' = (u^2 - m) / 27.3 s                   the mean square that u^2 is related to
//   s / (s + 2 pi 0.05)                        high-pass
//   Butterworth of sixth order, 35 or 42 Hz    low-pass
//   k w1 s / (s^2 + 2 l s + w1^2) (1 + s / w2) / ((1 + s / w3) (1 + s / w4))   lamp, eye and brain
//   square, 1 / (1 + 0.3 s), so scaled that a sine of 8.8 Hz reads 1
#include "lab/verify/flicker_levels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

namespace polyphase::lab::verify {
namespace {

constexpr double turn = 2 * std::numbers::pi;

struct Lamp {
  double volts, hz, change_percent;  ///< of the sine of 8.8 Hz
  double k, lambda, w1, w2, w3, w4;  ///< all but k in Hz
};
constexpr Lamp lamp_120(double hz) {
  return {120, hz, 0.321, 1.6357, 4.167375, 9.077169, 2.939902, 1.394468, 17.31512};
}
constexpr Lamp lamp_230(double hz) {
  return {230, hz, 0.250, 1.74802, 4.05981, 9.15494, 2.27979, 1.22535, 21.9};
}
constexpr std::array lamps{lamp_120(50), lamp_120(60), lamp_230(50), lamp_230(60)};

class SlowMeter {
 public:
  using Voltage = std::function<double(double time_s)>;
  explicit SlowMeter(const Lamp& lamp) : lamp_(lamp) { state_[0] = lamp.volts * lamp.volts; }

  /// Integrates to that time by Runge and Kutta's fourth order; hands over Pinst, not yet scaled,
  /// 100 times a second.
  void run(const Voltage& u, double until_s, const std::function<void(double, double)>& told) {
    constexpr double step_s = 1 / 5'600.0;
    for (int n = 0; n * step_s < until_s; ++n) {
      const double t = n * step_s;
      const State a = slope(state_, u(t)), b = slope(moved(a, step_s / 2), u(t + step_s / 2));
      const State c = slope(moved(b, step_s / 2), u(t + step_s / 2));
      const State d = slope(moved(c, step_s), u(t + step_s));
      for (std::size_t i = 0; i < state_.size(); ++i)
        state_[i] += step_s / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]);
      if (n % 56 == 0) told(t, state_.back());
    }
  }

 private:
  using State = std::array<double, 13>;
  State moved(const State& by, double seconds) const {
    State to = state_;
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += seconds * by[i];
    return to;
  }
  State slope(const State& x, double u) const {
    State rate{};
    rate[0] = (u * u - x[0]) / 27.3;
    const double square = u * u / x[0] - 1;
    rate[1] = turn * 0.05 * (square - x[1]);
    double signal = square - x[1];
    const double cut = turn * (lamp_.hz > 55 ? 42 : 35);
    for (std::size_t pair = 0; pair < 3; ++pair) {  // w^2 / (s^2 + 2 w sin(15, 45, 75 deg) s + w^2)
      const double damping = 2 * std::sin(turn * (2 * static_cast<double>(pair) + 1) / 24);
      const double y = x[2 + 2 * pair], y_rate = x[3 + 2 * pair];
      rate[2 + 2 * pair] = y_rate;
      rate[3 + 2 * pair] = cut * cut * (signal - y) - damping * cut * y_rate;
      signal = y;
    }
    const double w1 = turn * lamp_.w1, w2 = turn * lamp_.w2;
    const double w3 = turn * lamp_.w3, w4 = turn * lamp_.w4;
    // Of the resonance the state is z, k w1 s / (...) of the signal is k w1 z'.
    rate[8] = x[9];
    rate[9] = signal - 2 * turn * lamp_.lambda * x[9] - w1 * w1 * x[8];
    const double resonance = lamp_.k * w1 * x[9];
    rate[10] = w3 * (resonance - x[10]);
    const double lead = x[10] + rate[10] / w2;
    rate[11] = w4 * (lead - x[11]);
    rate[12] = (x[11] * x[11] - x[12]) / 0.3;
    return rate;
  }

  Lamp lamp_;
  State state_{};
};

/// The highest from 30 s to 40 s.
double highest(const Lamp& lamp, const SlowMeter::Voltage& u) {
  double most = 0;
  SlowMeter(lamp).run(u, 40, [&](double t, double pinst) {
    if (t >= 30) most = std::max(most, pinst);
  });
  return most;
}

double carrier(const Lamp& lamp, double time_s) {
  return std::numbers::sqrt2 * lamp.volts * std::sin(turn * lamp.hz * time_s);
}
double one(const Lamp& lamp) {
  return highest(lamp, [&](double t) {
    return carrier(lamp, t) * (1 + lamp.change_percent / 200 * std::sin(turn * 8.8 * t));
  });
}

double pst_of(std::vector<double> pinst) {
  std::sort(pinst.begin(), pinst.end());
  const auto exceeded = [&](double percent) {
    return pinst[static_cast<std::size_t>((1 - percent / 100) * static_cast<double>(pinst.size()))];
  };
  const auto mean = [&](std::initializer_list<double> percents) {
    double sum = 0;
    for (const double percent : percents) sum += exceeded(percent);
    return sum / static_cast<double>(percents.size());
  };
  return std::sqrt(0.0314 * exceeded(0.1) + 0.0525 * mean({0.7, 1, 1.5}) +
                   0.0657 * mean({2.2, 3, 4}) + 0.28 * mean({6, 8, 10, 13, 17}) +
                   0.08 * mean({30, 50, 80}));
}

TEST(FlickerLevels, OfChangesOfFrequencyAndVoltageGiveOne) {
  for (std::size_t l = 0; l < lamps.size(); ++l) {
    const Lamp& lamp = lamps[l];
    const double pinst = highest(lamp, [&](double t) {
      const double eights = std::floor(t / 8), within = t - 8 * eights;
      const bool second = within >= 4;
      // Phase continuous: +-0.25 Hz over four seconds is a whole turn more or less.
      const double off_turns = second ? 0.25 * (within - 4) - 1 : -0.25 * within;
      const double volts = lamp.volts + flicker_combined_v[l] * (second ? -1 : 1);
      return std::numbers::sqrt2 * volts * std::sin(turn * (lamp.hz * t + off_turns));
    });
    EXPECT_NEAR(pinst / one(lamp), 1, 0.01) << lamp.volts << " V " << lamp.hz << " Hz";
  }
}

TEST(FlickerLevels, OfRectanglesOnForAFifthOfTheTimeGiveOne) {
  for (std::size_t l = 0; l < lamps.size(); ++l) {
    const Lamp& lamp = lamps[l];
    const double scale = 1 / one(lamp);
    std::vector<double> pinst;
    SlowMeter(lamp).run(
        [&](double t) {
          const bool on = t - 60 * std::floor(t / 60) < 12;
          const double turns = 28 * t;
          const double sign = turns - std::floor(turns) < 0.5 ? 1 : -1;
          return carrier(lamp, t) * (1 + (on ? flicker_duty_percent[l] / 200 * sign : 0));
        },
        180,
        [&](double t, double value) {
          if (t >= 60) pinst.push_back(scale * value);
        });
    EXPECT_NEAR(pst_of(pinst), 1, 0.005) << lamp.volts << " V " << lamp.hz << " Hz";
  }
}

}  // namespace
}  // namespace polyphase::lab::verify
