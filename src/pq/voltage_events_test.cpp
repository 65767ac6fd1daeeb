#include "pq/voltage_events.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace polyphase::pq {
namespace {

using Kind = VoltageEventKind;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t half_cycle_ns = 10'000'000;

/// A voltage in percent, given half cycle by half cycle: (level, how many).
using Staircase = std::vector<std::pair<double, int>>;

Instant at_ms(double ms) { return {std::llround(ms * 1e6)}; }

VoltageLimits limits(double sag = 90, double swell = 110, double interruption = 5,
                     double hysteresis = 2) {
  return {sag, swell, interruption, hysteresis};
}

/// Feeds voltages to a detector. Window k covers half cycles k and k + 1, so its rms is the root of
/// the mean of their squares; it begins at k * 10 ms, plus the channel's offset.
class Feed {
 public:
  explicit Feed(VoltageLimits l = limits()) { events.configure(l); }

  Feed& run(const std::vector<Staircase>& channels,
            const std::vector<double>& offsets_ms = {0, 0, 0}) {
    std::vector<std::vector<double>> levels;
    for (const Staircase& channel : channels) {
      levels.emplace_back();
      for (const auto& [level, count] : channel)
        levels.back().insert(levels.back().end(), static_cast<std::size_t>(count), level);
    }
    for (std::size_t k = 0; k + 1 < levels[0].size(); ++k) {
      std::vector<RmsWindow> windows;
      for (std::size_t c = 0; c < levels.size(); ++c)
        windows.push_back(
            {std::sqrt((levels[c][k] * levels[c][k] + levels[c][k + 1] * levels[c][k + 1]) / 2),
             at_ms(static_cast<double>(k) * 10 + offsets_ms[c])});
      now = windows[0].begin.plus_ns(2 * half_cycle_ns);
      const auto ended = events.update(windows);
      told.insert(told.end(), ended.begin(), ended.end());
    }
    return *this;
  }
  /// Values of one channel as they are, 10 ms apart.
  Feed& rms(const std::vector<double>& values) {
    for (std::size_t k = 0; k < values.size(); ++k) {
      const RmsWindow window{values[k], at_ms(static_cast<double>(k) * 10)};
      const auto ended = events.update(std::span(&window, 1));
      told.insert(told.end(), ended.begin(), ended.end());
    }
    return *this;
  }
  VoltageEvents events;
  std::vector<VoltageEvents::Ended> told;
  Instant now;
};

// The vector of the project's facts, section 1.4: five cycles at 70 %, beginning at a zero
// crossing.
TEST(VoltageEvents, TakeAnIdealSagOf100MsAs110Ms) {
  Feed feed;
  feed.run({{{100, 40}, {70, 10}, {100, 10}}});
  ASSERT_EQ(feed.told.size(), 1u);
  const auto& [kind, record] = feed.told[0];
  EXPECT_EQ(kind, Kind::sag);
  EXPECT_EQ(record.time, at_ms(390));
  EXPECT_EQ(record.end, at_ms(500));
  EXPECT_EQ(record.extreme, 70);
  EXPECT_NEAR(record.per_channel[0].duration_s, 0.110, 1e-12);
}

TEST(VoltageEvents, TakeASwellAsTheMirrorOfASag) {
  Feed feed;
  feed.run({{{100, 40}, {120, 10}, {100, 10}}});
  ASSERT_EQ(feed.told.size(), 1u);
  EXPECT_EQ(feed.told[0].kind, Kind::swell);
  EXPECT_EQ(feed.told[0].record.time, at_ms(390));  // root((100^2 + 120^2) / 2) is 110.45
  EXPECT_EQ(feed.told[0].record.end, at_ms(500));
  EXPECT_EQ(feed.told[0].record.extreme, 120);
}

// Covers: ALM-072
TEST(VoltageEvents, StartBelowTheLimitAndEndAtTheLimitPlusHysteresis) {
  Feed feed;
  feed.rms({100, 90, 89, 91, 91.99, 92, 100});
  ASSERT_EQ(feed.told.size(), 1u);
  EXPECT_EQ(feed.told[0].record.time, at_ms(20));
  EXPECT_EQ(feed.told[0].record.end, at_ms(50));
  EXPECT_EQ(feed.told[0].record.extreme, 89);
}

TEST(VoltageEvents, EndASwellAtItsLimitMinusHysteresis) {
  Feed feed;
  feed.rms({100, 110, 111, 109, 108.01, 108});
  ASSERT_EQ(feed.told.size(), 1u);
  EXPECT_EQ(feed.told[0].record.time, at_ms(20));
  EXPECT_EQ(feed.told[0].record.end, at_ms(50));
}

// Covers: ALM-009
TEST(VoltageEvents, SpanFromTheFirstChannelOutToTheLastBack) {
  Feed feed;
  feed.run({{{100, 20}, {80, 10}, {100, 50}},    // 200 to 300 ms: 90.6 % in the windows beside
            {{100, 25}, {60, 20}, {100, 35}},    // 240 to 450 ms
            {{100, 30}, {85, 20}, {100, 30}}});  // 300 to 490 ms: 92.8 %
  ASSERT_EQ(feed.told.size(), 1u);
  const EventRecord& record = feed.told[0].record;
  EXPECT_EQ(record.time, at_ms(200));
  EXPECT_EQ(record.end, at_ms(490));
  EXPECT_EQ(record.extreme, 60);
  EXPECT_NEAR(record.per_channel[0].duration_s, 0.100, 1e-12);
  EXPECT_NEAR(record.per_channel[1].duration_s, 0.210, 1e-12);
  EXPECT_NEAR(record.per_channel[2].duration_s, 0.190, 1e-12);
  EXPECT_EQ(record.per_channel[2].extreme, 85);
}

TEST(VoltageEvents, UseTheCrossingsOfEachChannel) {
  Feed feed;
  feed.run({{{100, 60}}, {{100, 20}, {70, 10}, {100, 30}}, {{100, 20}, {70, 10}, {100, 30}}},
           {0, 3.4, 6.7});
  ASSERT_EQ(feed.told.size(), 1u);
  EXPECT_EQ(feed.told[0].record.time, at_ms(193.4));
  EXPECT_EQ(feed.told[0].record.end, at_ms(306.7));
  EXPECT_FALSE(feed.told[0].record.per_channel[0].affected);
}

TEST(VoltageEvents, AddUpTheTimesThatAChannelIsOutWithinOneEvent) {
  Feed feed;
  feed.run(
      {{{100, 20}, {50, 60}, {100, 20}}, {{100, 30}, {50, 10}, {100, 10}, {40, 10}, {100, 40}}});
  ASSERT_EQ(feed.told.size(), 1u);
  EXPECT_NEAR(feed.told[0].record.per_channel[1].duration_s, 0.220, 1e-12);
  EXPECT_EQ(feed.told[0].record.per_channel[1].extreme, 40);
}

TEST(VoltageEvents, TellAnInterruptionOnlyWhenAllChannelsAreBelow) {
  Feed feed;
  feed.run({{{100, 20}, {0, 20}, {100, 20}}, {{100, 20}, {0, 20}, {100, 20}}, {{100, 60}}});
  ASSERT_EQ(feed.told.size(), 1u);
  EXPECT_EQ(feed.told[0].kind, Kind::sag);
  EXPECT_EQ(feed.told[0].record.extreme, 0);
}

TEST(VoltageEvents, TakeAnInterruptionFromTheLastChannelOutToTheFirstBackAndDropItsSag) {
  Feed feed;
  feed.run({{{100, 20}, {0, 20}, {100, 40}},
            {{100, 30}, {0, 40}, {100, 10}},
            {{100, 20}, {0, 30}, {100, 30}}});
  ASSERT_EQ(feed.told.size(), 1u);
  const auto& [kind, record] = feed.told[0];
  EXPECT_EQ(kind, Kind::interruption);
  EXPECT_EQ(record.time, at_ms(300));  // window 300 is the first of V2 without voltage
  EXPECT_EQ(record.end, at_ms(390));   // window 390 of V1: 70.7 %
  EXPECT_EQ(record.extreme, 0);
  EXPECT_NEAR(record.per_channel[0].duration_s, 0.190, 1e-12);
  EXPECT_NEAR(record.per_channel[1].duration_s, 0.090, 1e-12);
}

TEST(VoltageEvents, TellTwoInterruptionsWithinOneSag) {
  Feed feed;
  feed.run({{{100, 20}, {0, 10}, {50, 10}, {0, 10}, {100, 10}}});
  ASSERT_EQ(feed.told.size(), 2u);
  EXPECT_EQ(feed.told[0].kind, Kind::interruption);
  EXPECT_EQ(feed.told[1].kind, Kind::interruption);
  EXPECT_EQ(feed.told[1].record.time, at_ms(400));
  EXPECT_EQ(feed.told[1].record.end, at_ms(490));
}

TEST(VoltageEvents, TellALowVoltageBesidesTheInterruptionInIt) {
  Feed brief, low, open;
  brief.run({{{100, 20}, {0, 20}, {84, 5'900}, {100, 20}}});
  ASSERT_EQ(brief.told.size(), 1u);
  EXPECT_EQ(brief.told[0].kind, Kind::interruption);
  low.run({{{100, 20}, {84, 3'000}, {0, 20}, {84, 3'100}, {100, 20}}});
  ASSERT_EQ(low.told.size(), 2u);
  EXPECT_EQ(low.told[1].kind, Kind::sag);
  EXPECT_NEAR(low.told[1].record.duration_s, 61.2, 0.02);
  open.run({{{100, 20}, {0, 12'000}}});
  EXPECT_EQ(open.events.open(open.now).size(), 1u) << "long, but it is all interruption";
}

TEST(VoltageEvents, TellASagAgainAfterAnInterruption) {
  Feed feed;
  feed.run({{{100, 20}, {0, 10}, {100, 10}, {80, 10}, {100, 10}}});
  ASSERT_EQ(feed.told.size(), 2u);
  EXPECT_EQ(feed.told[0].kind, Kind::interruption);
  EXPECT_EQ(feed.told[1].kind, Kind::sag);
}

TEST(VoltageEvents, TellSagAndSwellOfAnEarthFaultBoth) {
  Feed feed;
  feed.run({{{100, 20}, {40, 20}, {100, 20}},
            {{100, 20}, {140, 20}, {100, 20}},
            {{100, 20}, {140, 20}, {100, 20}}});
  ASSERT_EQ(feed.told.size(), 2u);
  EXPECT_EQ(feed.told[0].kind, Kind::sag);
  EXPECT_EQ(feed.told[1].kind, Kind::swell);
  EXPECT_FALSE(feed.told[1].record.per_channel[0].affected);
}

TEST(VoltageEvents, TellWhatIsStillOpen) {
  Feed feed;
  feed.run({{{100, 20}, {70, 21}}});
  EXPECT_TRUE(feed.told.empty());
  const auto open = feed.events.open(feed.now);
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].record.time, at_ms(190));
  EXPECT_NEAR(open[0].record.per_channel[0].duration_s, seconds_between(at_ms(190), feed.now),
              1e-12);
}

TEST(VoltageEvents, LeaveAChannelAsItWasWhileItsValueIsMissing) {
  Feed feed;
  feed.rms({100, 80, nan, nan, 80, 100});
  ASSERT_EQ(feed.told.size(), 1u);
  EXPECT_EQ(feed.told[0].record.time, at_ms(10));
  EXPECT_EQ(feed.told[0].record.end, at_ms(50));
}

TEST(VoltageEvents, LookForNothingWithoutLimits) {
  Feed feed(VoltageLimits{});
  feed.run({{{100, 20}, {0, 20}, {200, 20}}});
  EXPECT_TRUE(feed.told.empty());
  EXPECT_FALSE(feed.events.any_active());
}

}  // namespace
}  // namespace polyphase::pq
