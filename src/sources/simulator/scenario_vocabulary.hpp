#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "sources/simulator/simulator.hpp"

/// What the tests of the simulator say things with.
namespace polyphase::sources::simulator {

inline Scenario scenario(const std::string& text) {
  auto parsed = parse_scenario(text, "test.toml");
  EXPECT_TRUE(parsed) << parsed.error().text();
  return parsed ? *parsed : Scenario{};
}

inline std::vector<Frame> samples(const Scenario& s, std::size_t block_frames = 1'024) {
  Simulator simulator(s, block_frames);
  std::vector<Frame> all;
  for (SampleBlock b; *simulator.next(b);) all.insert(all.end(), b.frames.begin(), b.frames.end());
  return all;
}

inline double value(const Frame& frame, std::size_t channel) {
  return static_cast<double>(frame.value[channel]);
}

/// Mean of the product of two channels over samples `from` to `to`.
inline double mean_product(const std::vector<Frame>& frames, std::size_t a, std::size_t b,
                           std::size_t from, std::size_t to) {
  double sum = 0;
  for (std::size_t n = from; n < to; ++n) sum += value(frames[n], a) * value(frames[n], b);
  return sum / static_cast<double>(to - from);
}

inline double rms(const std::vector<Frame>& frames, std::size_t channel, std::size_t from,
                  std::size_t to) {
  return std::sqrt(mean_product(frames, channel, channel, from, to));
}

/// 230 V, 10 A lagging by 60 degrees, 50 Hz, 100 samples a cycle, one second.
inline const std::string clean =
    "[scenario]\nduration_s = 1\nsample_rate_hz = 5000\n[voltage]\nrms_v = 230\n[current]\n"
    "rms_a = 10\nlag_deg = 60\n";

/// An [[event]] of a kind at 0.4 s with further keys.
inline std::string event(const std::string& kind, const std::string& keys) {
  return "[[event]]\nkind = \"" + kind + "\"\nstart_s = 0.4\n" + keys + "\n";
}

}  // namespace polyphase::sources::simulator
