#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "graph/engine.hpp"
#include "modules/list.hpp"

// A whole meter on a signal given as a function of time: the vocabulary of the property tests.
namespace polyphase::property {

using Signal = std::function<Frame(double time_s)>;

struct Load {
  double frequency_hz = 50, voltage_v = 230, current_a = 100, lag_deg = 30;
  std::vector<std::array<double, 4>> harmonics = {};  ///< order, voltage %, current %, angle deg
};

/// Three balanced phases; the neutral inputs are empty.
inline Signal three_phase(Load load) {
  return [load](double t) {
    Frame frame;
    for (std::size_t p = 0; p < 3; ++p) {
      const double angle = 2 * std::numbers::pi * (load.frequency_hz * t - static_cast<double>(p) / 3.0) + 0.3;
      const double lag = load.lag_deg * std::numbers::pi / 180;
      double v = std::cos(angle), i = std::cos(angle - lag);
      for (const auto& [order, v_percent, i_percent, at] : load.harmonics) {
        v += v_percent / 100 * std::cos(order * angle + at * std::numbers::pi / 180);
        i += i_percent / 100 * std::cos(order * angle + at * std::numbers::pi / 180 - 0.7);
      }
      frame.value[p] = static_cast<float>(std::numbers::sqrt2 * load.voltage_v * v);
      frame.value[4 + p] = static_cast<float>(std::numbers::sqrt2 * load.current_a * i);
    }
    return frame;
  };
}

/// Sinusoidal inputs given by their rms and angle, V1 to I4.
inline Signal sinusoids(std::array<double, 8> rms, std::array<double, 8> deg, double hz = 50) {
  return [=](double t) {
    Frame frame;
    for (std::size_t c = 0; c < channel_count; ++c)
      frame.value[c] = static_cast<float>(
          std::numbers::sqrt2 * rms[c] *
          std::cos(2 * std::numbers::pi * (hz * t + deg[c] / 360)));
    return frame;
  };
}

/// Keeps a digest of everything the meter tells, and what was told.
class Listener final : public registers::Sinks, public graph::StepObserver {
 public:
  Listener() { seen.reserve(64); }
  void event(const registers::Event& event) noexcept override {
    mix(static_cast<std::uint64_t>(event.time.ns));
    for (const char c : event.text) mix(static_cast<std::uint64_t>(c));
    if (heard) heard(event);
  }
  void disturbance(const registers::Disturbance& d) noexcept override {
    mix(static_cast<std::uint64_t>(d.time.ns));
    mix(static_cast<std::uint64_t>(d.end.ns));
    mix_number(d.extreme);
    for (const auto& edge : {d.edge_start, d.edge_end})
      mix(edge ? static_cast<std::uint64_t>(edge->ns) : 1);
    mix(d.quality.bits);
    if (disturbances < seen.capacity()) seen.push_back(d);
    ++disturbances;
  }
  void record(const registers::LogRecord& record) noexcept override {
    mix(static_cast<std::uint64_t>(record.time.ns));
    mix(record.log);
    for (const registers::Value& value : record.values) mix_number(value.number);
    if (recorded) recorded(record);
  }
  void stepped(graph::Cadence cadence, Instant end, double duration_s, Quality quality) noexcept override {
    ++steps[static_cast<std::size_t>(cadence)];
    mix(static_cast<std::uint64_t>(end.ns));
    mix_number(duration_s);
    mix(quality.bits);
    if (engine != nullptr)
      for (registers::Index i = 0; i < engine->registers().size(); i += stride)
        mix_number(engine->registers().value(i).number);
    if (told) told(cadence, end, duration_s, quality);
  }
  std::uint64_t digest = 14695981039346656037ull;
  std::array<std::size_t, registers::cadence_count> steps{};
  std::size_t disturbances = 0;
  std::vector<registers::Disturbance> seen;  ///< the first of them
  const graph::Engine* engine = nullptr;
  registers::Index stride = 1;
  std::function<void(graph::Cadence, Instant, double, Quality)> told;
  std::function<void(const registers::LogRecord&)> recorded;
  std::function<void(const registers::Event&)> heard;

 private:
  void mix(std::uint64_t word) noexcept { digest = (digest ^ word) * 1099511628211ull; }
  void mix_number(double number) noexcept {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    mix(std::isnan(number) ? 1 : bits);
  }
};

class Meter {
 public:
  explicit Meter(double sample_rate_hz, std::vector<std::pair<std::string, std::string>> sets = {},
                 std::string_view tier = "advanced")
      : rate_hz_(sample_rate_hz) {
    auto device = modules::device_template(tier);
    EXPECT_TRUE(device) << device.error().text();
    auto made = graph::Engine::create(*device, modules::list(), listener);
    EXPECT_TRUE(made) << made.error().text();
    engine = std::move(*made);
    for (const auto& [target, value] : sets) {
      auto done = engine->set(target, value);
      EXPECT_TRUE(done) << done.error().text();
    }
    info.sample_rate_hz = sample_rate_hz;
    info.channels_present = 0x77;
  }

  Meter& start() {
    auto done = engine->start(info);
    EXPECT_TRUE(done) << done.error().text();
    listener.engine = engine.get();
    engine->observe(&listener);
    return *this;
  }

  /// Feeds `duration_s` of the signal, in blocks of `block` frames; `samples` says what is doubtful
  /// about them.
  Meter& feed(const Signal& signal, double duration_s, std::size_t block = 512,
              SampleBlock samples = {}) {
    frames_.resize(block);
    auto left = static_cast<std::uint64_t>(std::llround(duration_s * rate_hz_));
    while (left > 0) {
      const std::size_t n = std::min<std::uint64_t>(left, block);
      for (std::size_t i = 0; i < n; ++i) frames_[i] = signal(static_cast<double>(fed_ + i) / rate_hz_);
      samples.frames = std::span(frames_).first(n);
      samples.time_first = Instant{}.plus_s(skipped_s_ + static_cast<double>(fed_) / rate_hz_);
      fed_ += n;
      engine->process(samples);
      samples.after_gap = false;
      left -= n;
    }
    return *this;
  }
  /// `duration_s` without samples, and what follows as feed(); the signal goes on where it was.
  Meter& gap(double duration_s, const Signal& signal, double fed_s) {
    skipped_s_ += duration_s;
    SampleBlock samples;
    samples.after_gap = true;
    return feed(signal, fed_s, 512, samples);
  }

  registers::Index index_of(std::string_view label) const {
    const auto index = engine->registers().find(label);
    EXPECT_TRUE(index) << label;
    return index.value_or(0);
  }
  double value(std::string_view label) const {
    return engine->registers().value(index_of(label)).number;
  }
  bool has(std::string_view label) const { return registers::available(value(label)); }
  Instant time_of(std::string_view label) const {
    return engine->registers().value(index_of(label)).time;
  }
  const std::string& unit(std::string_view label) const {
    return engine->registers().info(index_of(label)).unit;
  }
  /// A command that takes effect as soon as it can.
  Meter& command(control::Command::Kind kind, std::string target, std::string to = {}) {
    auto done = engine->submit({0, kind, std::move(target), std::move(to)});
    EXPECT_TRUE(done) << done.error().text();
    return *this;
  }

  Listener listener;
  std::unique_ptr<graph::Engine> engine;
  SourceInfo info;

 private:
  double rate_hz_;
  std::uint64_t fed_ = 0;
  double skipped_s_ = 0;
  std::vector<Frame> frames_;
};

}  // namespace polyphase::property
