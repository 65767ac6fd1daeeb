#include "meter.hpp"

// IEC 61000-4-30 on the whole meter: windows, ticks and flags (facts of the project, sections 1.1
// and 11).

namespace polyphase::property {
namespace {

using graph::Cadence;

constexpr double rate_hz = 2'000;  // enough: what is looked at is time

struct Windows {
  std::vector<Instant> end;
  std::vector<double> duration_s;
  std::vector<unsigned> disturbed;
  /// Those that begin within 10 minutes of the clock.
  std::size_t in_ten_minutes(std::int64_t number) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < end.size(); ++i)
      if (interval_of(end[i].plus_s(-duration_s[i]).plus_ns(1'000), 600'000'000'000) == number)
        ++count;
    return count;
  }
};

/// From `begin_s` of the clock on.
Windows watch(Meter& meter, const Signal& signal, double begin_s, double duration_s) {
  Windows windows;
  meter.listener.stride = 1000;
  meter.listener.told = [&](Cadence cadence, Instant end, double length_s, Quality quality) {
    if (cadence != Cadence::window) return;
    windows.end.push_back(end);
    windows.duration_s.push_back(length_s);
    windows.disturbed.push_back(quality.has(Quality::disturbed) ? 1 : 0);
  };
  meter.start().gap(begin_s, signal, duration_s);
  return windows;
}

const std::vector<std::pair<std::string, std::string>> nominal{{"FAC1.Nominal Voltage", "230"}};

/// How many windows ten minutes have.
std::size_t windows_of_ten_minutes(double frequency_hz) {
  Meter meter(rate_hz, nominal);
  return watch(meter, three_phase({.frequency_hz = frequency_hz}), 597.03, 604).in_ten_minutes(1);
}

TEST(Aggregation, WindowsBeginAnewWithEachTenMinutes) {
  EXPECT_EQ(windows_of_ten_minutes(49.97), 2'999u) << "2998.2, the last one overlaps";
  EXPECT_EQ(windows_of_ten_minutes(50.05), 3'003u);
  EXPECT_EQ(windows_of_ten_minutes(50), 3'000u);
}

TEST(Aggregation, OnlyTheWindowBehindATickOverlaps) {
  Meter meter(rate_hz, nominal);
  const Windows windows = watch(meter, three_phase({.frequency_hz = 49.97}), 598.03, 4);
  std::size_t overlaps = 0;
  for (std::size_t i = 1; i < windows.end.size(); ++i) {
    const Instant begin = windows.end[i].plus_s(-windows.duration_s[i]);
    const double gap_s = seconds_between(windows.end[i - 1], begin);
    if (std::abs(gap_s) < 1e-6) continue;
    ++overlaps;
    const double behind_tick_s = static_cast<double>(begin.ns % 600'000'000'000) / 1e9;
    EXPECT_LT(behind_tick_s, 0.0201) << "with the first cycle";
    EXPECT_LT(gap_s, 0);
  }
  EXPECT_EQ(overlaps, 1u);
}

TEST(Aggregation, TheFirstWindowsFollowEachOtherWhereverSamplesBegin) {
  for (int k = 0; k < 12; ++k) {
    Meter meter(rate_hz, nominal);
    const auto signal = [k, clean = three_phase({})](double t) { return clean(t + k / 12.0 * 0.02); };
    const Windows windows = watch(meter, signal, 700, 2);
    ASSERT_GE(windows.end.size(), 7u);
    for (std::size_t i = 1; i < windows.end.size(); ++i)
      EXPECT_NEAR(seconds_between(windows.end[i - 1], windows.end[i]), 0.2, 1e-6) << k;
  }
}

TEST(Aggregation, ExactlyTheWindowsThatASagTouchesAreFlagged) {
  const auto with_sag = [clean = three_phase({})](double t) {
    Frame frame = clean(t);
    if (t >= 1.04 && t < 1.1) frame.value[1] *= 0.7f;
    return frame;
  };
  Meter meter(rate_hz, nominal);
  const Windows windows = watch(meter, with_sag, 0, 3);
  ASSERT_EQ(meter.listener.seen.size(), 1u);
  const registers::Disturbance& sag = meter.listener.seen[0];
  unsigned flagged = 0;
  for (std::size_t i = 0; i < windows.end.size(); ++i) {
    const bool touches =
        windows.end[i] > sag.time && windows.end[i].plus_s(-windows.duration_s[i]) < sag.end;
    EXPECT_EQ(windows.disturbed[i] != 0, touches) << i;
    flagged += windows.disturbed[i];
  }
  EXPECT_GE(flagged, 1u);
  EXPECT_LE(flagged, 2u);
}

TEST(Aggregation, TheFrequencyOfTenSecondsIsThatOfItsWholeCycles) {
  for (const double hz : {49.90, 50.05, 42.5, 57.5}) {
    Meter meter(rate_hz, nominal);
    meter.start().feed(
        three_phase({.frequency_hz = hz, .harmonics = {{3, 5, 0, 20}, {5, 6, 0, 80}}}), 21);
    EXPECT_NEAR(meter.value("Power Freq 10s"), hz, 1e-4) << hz;
    EXPECT_EQ(meter.time_of("Power Freq 10s"), Instant{}.plus_s(20));
  }
}

TEST(Aggregation, TheTenSecondsThatEndWithTheSamplesHaveTheirFrequency) {
  for (const double hz : {50.0, 49.93}) {
    Meter meter(rate_hz, nominal);
    meter.start().feed(three_phase({.frequency_hz = hz}), 20);
    meter.engine->finish();
    EXPECT_EQ(meter.time_of("Power Freq 10s"), Instant{}.plus_s(20));
    EXPECT_NEAR(meter.value("Power Freq 10s"), hz, 1e-3) << hz;
  }
}

TEST(Aggregation, AClockThatIsNotSynchronisedIsSaid) {
  Meter meter(rate_hz, nominal);
  SampleBlock samples;
  samples.clock_synchronised = false;
  meter.start().feed(three_phase({}), 4, 512, samples);
  const auto& value = meter.engine->registers().value(meter.index_of("V1 3s"));
  EXPECT_NEAR(value.number, 230, 1e-3);
  EXPECT_TRUE(value.quality.has(Quality::clock_unsynchronised));
}

TEST(Aggregation, ExactlyTheTenSecondsWithASagAreFlagged) {
  const auto with_sag = [clean = three_phase({})](double t) {
    Frame frame = clean(t);
    if (t >= 13 && t < 13.1) frame.value[1] *= 0.7f;
    return frame;
  };
  Meter meter(rate_hz, nominal);
  std::vector<double> flags;
  double ready = 0;
  meter.listener.told = [&](Cadence cadence, Instant, double, Quality) {
    if (cadence != Cadence::window || !meter.has("10s Ready") || meter.value("10s Ready") == ready)
      return;
    ready = meter.value("10s Ready");
    flags.push_back(meter.value("PqFlag 10s"));
  };
  meter.start().feed(with_sag, 31);
  EXPECT_EQ(flags, (std::vector<double>{0, 1, 0}));
}

}  // namespace
}  // namespace polyphase::property
