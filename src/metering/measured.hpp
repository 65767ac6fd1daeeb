#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <numbers>
#include <vector>

#include "metering/chain.hpp"

/// The words of the chain's tests: waves given by a formula, and what the chain makes of them.
namespace polyphase::metering {

using std::numbers::pi;
using Wave = std::function<double(std::size_t channel, double time_s)>;

struct Harmonic {
  double order, percent, angle;
};
inline const std::vector<Harmonic> rich{{2, 1, 0.4},  {3, 4, 1},  {5, 6, 2},    {7, 3, -1},
                                        {11, 2, 0.2}, {25, 1, 3}, {40, 0.5, -2}};

/// Those of `rich` that lie below a frequency.
inline std::vector<Harmonic> below(double frequency_hz, double f) {
  std::vector<Harmonic> kept;
  for (const Harmonic& h : rich)
    if (h.order * f < frequency_hz) kept.push_back(h);
  return kept;
}

/// Three voltages and currents; each phase has its own current and lag.
struct Load {
  double f = 50, voltage = 230;
  PerPhase<double> current{100, 100, 100}, lag{pi / 6, pi / 6, pi / 6};
  std::vector<Harmonic> harmonics = {};

  double operator()(std::size_t c, double t) const {
    if (c == 3 || c == 7) return 0;
    const std::size_t p = c % 4;
    const double a = 2 * pi * (f * t - static_cast<double>(p) / 3) + 0.4 - (c >= 4 ? lag[p] : 0.0);
    double x = std::cos(a);
    for (const Harmonic& h : harmonics) x += h.percent / 100 * std::cos(h.order * a + h.angle);
    return std::numbers::sqrt2 * (c < 4 ? voltage : current[p]) * x;
  }
  /// Of a wave with harmonics, over its fundamental.
  double rms_ratio() const {
    double square = 1;
    for (const Harmonic& h : harmonics) square += h.percent * h.percent / 1e4;
    return std::sqrt(square);
  }
  double active_w(std::size_t p) const {
    double shares = std::cos(lag[p]);
    for (const Harmonic& h : harmonics)
      shares += h.percent * h.percent / 1e4 * std::cos(h.order * lag[p]);
    return voltage * current[p] * shares;
  }
  double reactive_var(std::size_t p) const { return voltage * current[p] * std::sin(lag[p]); }
};

inline ChainConfig usual_config(double rate, double nominal = 50) {
  ChainConfig config;
  config.sample_rate_hz = rate;
  config.frequency_nominal_hz = nominal;
  config.present = 0x77;
  config.scale.fill(1);
  return config;
}

/// Feeds waves and keeps what the chain tells.
struct Measured {
  std::vector<HalfCycle> halves;
  std::vector<Window> windows;
  std::unique_ptr<Chain> chain;
  double rate;

  explicit Measured(const ChainConfig& config) : rate(config.sample_rate_hz) {
    auto made = Chain::create(config);
    EXPECT_TRUE(made);
    chain = std::move(*made);
  }
  Measured(double sample_rate_hz, double seconds, const Wave& wave, double nominal = 50)
      : Measured(usual_config(sample_rate_hz, nominal)) {
    feed(seconds, wave);
    finish();
  }

  void feed(double seconds, const Wave& wave, std::size_t block = 1000) {
    std::vector<Frame> frames;
    for (const std::size_t end = fed_ + static_cast<std::size_t>(seconds * rate); fed_ < end;) {
      frames.clear();
      for (; frames.size() < block && fed_ < end; ++fed_) {
        Frame& frame = frames.emplace_back();
        for (std::size_t c = 0; c < channel_count; ++c)
          frame.value[c] = static_cast<float>(wave(c, static_cast<double>(fed_) / rate));
      }
      push(frames);
    }
  }
  void push(std::span<const Frame> frames) {
    while (!frames.empty()) {
      frames = frames.subspan(chain->push(frames, {}));
      drain();
    }
  }
  void finish() {
    chain->finish();
    drain();
  }

  /// Over the whole cycles behind the first few half cycles.
  Means means(std::size_t skip = 4) const {
    Sums sums;
    FundamentalPower power;
    for (std::size_t i = skip; i + 1 < halves.size(); ++i)
      if (halves[i].number % 2 != 0 && halves[i + 1].cycle_complete) {
        sums += halves[i].sums;
        sums += halves[i + 1].sums;
        power += halves[i + 1].power;
      }
    return means_of(sums, power, rate);
  }

  /// Every bit of the numbers that were told.
  std::uint64_t digest() const {
    std::uint64_t hash = 1469598103934665603u;
    const auto take = [&hash](const auto& value) {
      unsigned char bytes[sizeof value];
      std::memcpy(bytes, &value, sizeof value);
      for (const unsigned char byte : bytes) hash = (hash ^ byte) * 1099511628211u;
    };
    for (const HalfCycle& half : halves) {
      take(half.begin), take(half.end), take(half.frequency_hz), take(half.sums.product);
      take(half.sums.square), take(half.sums.fundamental), take(half.sums.line_square);
      take(half.rms), take(half.rms_begin), take(half.minimum), take(half.maximum);
      take(half.power.reactive_var_samples), take(half.common);
    }
    for (const Window& window : windows) {
      take(window.begin), take(window.end), take(window.phasor);
      take(window.subgroup), take(window.interharmonic);
    }
    return hash;
  }

 private:
  void drain() {
    for (;;) {
      const auto ready = chain->next();
      if (ready == Chain::Ready::none) return;
      if (ready == Chain::Ready::half_cycle)
        halves.push_back(chain->half_cycle());
      else
        windows.push_back(chain->window());
    }
  }
  std::size_t fed_ = 0;
};

/// Numbers without a pattern, the same in every run.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed) {}
  double operator()(double low, double high) {
    state_ = state_ * 1664525u + 1013904223u;
    return low + (high - low) * static_cast<double>(state_ >> 8) / 16777216.0;
  }

 private:
  std::uint32_t state_;
};

}  // namespace polyphase::metering
