#include "pq/waveform_edge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "metering/measured.hpp"

namespace polyphase::pq {
namespace {

constexpr double peak_v = 325.27;

/// 230 V with 8 % of harmonics and some noise, times an envelope.
struct Voltage {
  double rate = 10'240, hz = 50, nominal_hz = 50, angle_deg = 37, noise_percent = 0.1;
  double seconds = 0.2;
  std::function<double(double time_s)> envelope = [](double) { return 1.0; };

  metering::SampleRing samples() const {
    const auto count = static_cast<std::size_t>(seconds * rate);
    metering::SampleRing ring(count, 1);
    metering::Dice dice(static_cast<std::uint32_t>(angle_deg + rate));
    for (std::size_t n = 0; n < count; ++n) {
      const double t = static_cast<double>(n) / rate;
      const double a = 2 * std::numbers::pi * (hz * t + angle_deg / 360);
      const double x = std::sin(a) + 0.04 * std::sin(5 * a + 1) + 0.025 * std::sin(7 * a + 2) +
                       0.01 * std::sin(11 * a) + 0.005 * std::sin(13 * a);
      const double noise = noise_percent / 100 * std::sqrt(1.5) * dice(-1, 1);
      ring.room(1)[0][0] = static_cast<float>(peak_v * (envelope(t) * x + noise));
      ring.commit(1, 0);
    }
    return ring;
  }
  EdgeSearch search(const metering::SampleRing& ring, double window_begin_s) const {
    EdgeSearch search;
    search.samples = &ring;
    search.period = rate / nominal_hz;
    search.window_begin = window_begin_s * rate;
    search.end = static_cast<double>(ring.end());
    search.nominal_peak = peak_v;
    return search;
  }
  std::optional<std::int64_t> edge(Edge which, double window_begin_s) const {
    const auto ring = samples();
    return waveform_edge(search(ring, window_begin_s), which);
  }
};

constexpr double at_s = 0.1;

Voltage stepping(Edge which, double depth) {
  Voltage voltage;
  voltage.envelope = [=](double t) {
    return (t >= at_s) == (which == Edge::begin) ? 1 - depth : 1;
  };
  return voltage;
}

TEST(WaveformEdge, IsWithinTwoSamplesOfAStepAtAnyPointOnWave) {
  struct Row {
    double rate, hz, nominal_hz;
  };
  for (const Row row : {Row{4'000, 50, 50}, Row{4'000, 59.5, 60}, Row{10'240, 49.5, 50},
                        Row{25'600, 50.2, 50}, Row{25'600, 60, 60}})
    for (const double depth : {0.1, 0.4, 0.95, 1.0, -0.1, -0.5})
      for (const Edge which : {Edge::begin, Edge::end})
        for (int degrees = 0; degrees < 360; degrees += 15) {
          Voltage voltage = stepping(which, depth);
          voltage.rate = row.rate, voltage.hz = row.hz, voltage.nominal_hz = row.nominal_hz;
          voltage.angle_deg = degrees;
          const auto ring = voltage.samples();
          for (const double periods : {-0.6, 0.0, 0.4}) {
            const auto edge = waveform_edge(voltage.search(ring, at_s + periods / row.hz), which);
            ASSERT_TRUE(edge) << depth << " at " << degrees << " " << row.rate << " " << row.hz;
            EXPECT_NEAR(static_cast<double>(*edge), at_s * row.rate, 2)
                << depth << " at " << degrees << " " << row.rate << " " << row.hz;
          }
        }
}

TEST(WaveformEdge, IsThatOfAPhaseJumpToo) {
  // A fault turns the voltage: 70 % and 25 degrees late.
  Voltage voltage;
  metering::SampleRing ring = voltage.samples();
  const auto turned = [&] {
    Voltage late = voltage;
    late.angle_deg -= 25;
    return late.samples();
  }();
  const auto begin = static_cast<std::int64_t>(at_s * voltage.rate);
  metering::SampleRing both(static_cast<std::size_t>(ring.end()), 1);
  for (std::int64_t n = 0; n < ring.end(); ++n) {
    both.room(1)[0][0] = n < begin ? ring.at(n)[0] : 0.7f * turned.at(n)[0];
    both.commit(1, 0);
  }
  const auto edge = waveform_edge(voltage.search(both, at_s - 0.005), Edge::begin);
  ASSERT_TRUE(edge);
  EXPECT_NEAR(static_cast<double>(*edge), static_cast<double>(begin), 2);
}

TEST(WaveformEdge, IsLessSharpInNoise) {
  // 10 % of depth in half a percent of noise: within half a millisecond.
  for (int degrees = 0; degrees < 360; degrees += 5) {
    Voltage voltage = stepping(Edge::begin, 0.1);
    voltage.angle_deg = degrees, voltage.noise_percent = 0.5;
    const auto edge = voltage.edge(Edge::begin, at_s);
    ASSERT_TRUE(edge) << degrees;
    EXPECT_NEAR(static_cast<double>(*edge) / voltage.rate, at_s, 0.5e-3) << degrees;
  }
}

TEST(WaveformEdge, IsNotThereOnARamp) {
  for (const double depth : {0.3, 0.9})
    for (const double ramp_s : {0.03, 0.06, 0.2, 0.5, 1.0})
      for (int degrees = 0; degrees < 360; degrees += 30)
        for (const Edge which : {Edge::begin, Edge::end}) {
          Voltage voltage;
          voltage.angle_deg = degrees, voltage.seconds = ramp_s + 0.2;
          voltage.envelope = [=](double t) {
            const double gone = std::clamp((t - at_s) / ramp_s, 0.0, 1.0);
            return 1 - depth * (which == Edge::begin ? gone : 1 - gone);
          };
          const auto ring = voltage.samples();
          for (double window_s = at_s - 0.01; window_s < at_s + ramp_s; window_s += 0.005)
            EXPECT_FALSE(waveform_edge(voltage.search(ring, window_s), which))
                << depth << " in " << ramp_s << " s, " << degrees << " window " << window_s;
        }
}

TEST(WaveformEdge, IsNotThereWhereNothingHappens) {
  EXPECT_FALSE(Voltage().edge(Edge::begin, at_s));
  EXPECT_FALSE(Voltage().edge(Edge::end, at_s));
}

TEST(WaveformEdge, IsNotATransient) {
  Voltage voltage;
  voltage.envelope = [](double t) { return t >= at_s && t < at_s + 0.001 ? 0.2 : 1.0; };
  EXPECT_FALSE(voltage.edge(Edge::begin, at_s));
}

TEST(WaveformEdge, NeedsSamplesOnBothSides) {
  const Voltage voltage = stepping(Edge::begin, 0.4);
  const auto ring = voltage.samples();
  EdgeSearch search = voltage.search(ring, at_s);
  ASSERT_TRUE(waveform_edge(search, Edge::begin));
  const EdgeSearch whole = search;
  search.first = (at_s - 0.04) * voltage.rate;
  EXPECT_FALSE(waveform_edge(search, Edge::begin));
  search = whole;
  search.end = (at_s + 0.03) * voltage.rate;
  EXPECT_FALSE(waveform_edge(search, Edge::begin));
}

TEST(WaveformEdge, ReadsAsFarAsItSays) {
  for (const Edge which : {Edge::begin, Edge::end})
    for (const double rate : {1'000.0, 25'600.0}) {
      Voltage voltage = stepping(which, 0.4);
      voltage.rate = rate;
      const auto ring = voltage.samples();
      EdgeSearch search = voltage.search(ring, at_s);
      search.end = std::ceil(search.window_begin + edge_reach(search.period));
      EXPECT_TRUE(waveform_edge(search, which)) << rate;
    }
}

TEST(WaveformEdge, IsNotLookedForInSamplesThatStandInForLostOnes) {
  const Voltage voltage = stepping(Edge::begin, 0.4);
  auto ring = voltage.samples();
  ring.set_flags(static_cast<std::int64_t>(at_s * voltage.rate) + 5, Quality::bridged);
  EXPECT_FALSE(waveform_edge(voltage.search(ring, at_s), Edge::begin));
}

}  // namespace
}  // namespace polyphase::pq
