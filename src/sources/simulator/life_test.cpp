#include "sources/simulator/life.hpp"

#include <algorithm>
#include <set>

#include "sources/simulator/scenario_vocabulary.hpp"

namespace polyphase::sources::simulator {
namespace {

constexpr long double morning_s = 1'772'434'800;  // Monday 2026-03-02, 07:00 UTC
constexpr long double hour_s = 3'600, day_s = 86'400;

Scenario living(const std::string& keys, std::uint64_t seed = 5) {
  Scenario s =
      scenario("[current]\nrms_a = 10\n[[load]]\nname = \"b\"\nrms_a = 5\n[life]\n" + keys);
  s.seed = seed;
  return s;
}

/// All events of chance within a span of time.
std::vector<TimedEvent> events(const Scenario& s, double duration_s) {
  const ChanceEvents chance(s);
  std::vector<TimedEvent> list;
  for (double t = 0; t < duration_s;) {
    const auto slot = chance.slot_at(t + 1e-6);
    if (slot.event) list.push_back(*slot.event);
    t = slot.end_s;
  }
  return list;
}

TEST(Life, WandersBetweenItsBoundsAndNotMuchAtATime) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Wander wander(seed, 1);
    double low = 0, high = 0, step = 0;
    for (int n = 0; n < 7'200; ++n) {
      const double here = wander.at(morning_s + n);
      low = std::min(low, here);
      high = std::max(high, here);
      step = std::max(step, std::abs(wander.at(morning_s + n + 1) - here));
    }
    EXPECT_GE(low, -1);
    EXPECT_LE(high, 1);
    EXPECT_GT(high - low, 0.5) << seed;
    EXPECT_LT(step, 0.15) << seed;
  }
}

TEST(Life, TheIntegralOfItsWalkIsOne) {
  const Wander wander(3, 7);
  double sum = 0;
  constexpr int steps = 20'000;
  for (int n = 0; n < steps; ++n) sum += 0.005 * wander.at(morning_s + (n + 0.5L) * 0.005L);
  EXPECT_NEAR(static_cast<double>(wander.integral(morning_s + 100) - wander.integral(morning_s)),
              sum, 1e-6);
}

TEST(Life, WalksOnWhereARestartBegins) {
  Scenario s = scenario(clean +
                        "[life]\nfrequency_hz = 0\nload_percent = 0\nvoltage_percent = 10\n"
                        "events_every_s = 0\nfirst_events_within_s = 0\n");
  s.start = {static_cast<std::int64_t>(morning_s) * 1'000'000'000};
  s.duration_s = 60;
  const auto all = samples(s);
  s.start = s.start.plus_s(50);
  s.duration_s = 10;
  const auto later = samples(s);
  for (std::size_t n = 0; n < later.size(); n += 100)
    EXPECT_NEAR(rms(later, 0, n, n + 100), rms(all, 0, 250'000 + n, 250'100 + n), 1e-4);
}

TEST(Life, LoadsFollowTheDay) {
  const auto at = [](Curve curve, long double hours) {
    return load_level(curve, morning_s + (hours - 7) * hour_s);
  };
  EXPECT_GT(at(Curve::home, 19), 2 * at(Curve::home, 3));
  EXPECT_GT(at(Curve::home, 7), at(Curve::home, 5));
  EXPECT_GT(at(Curve::office, 10), 3 * at(Curve::office, 22));
  EXPECT_GT(at(Curve::office, 10), 3 * at(Curve::office, 10 + 5 * 24));  // Saturday
  EXPECT_GT(at(Curve::office, 10 + 4 * 24), 0.9);                        // Friday
  EXPECT_EQ(at(Curve::steady, 3), 1);
}

TEST(Life, LoadsChangeWithoutJumps) {
  for (const Curve curve : {Curve::home, Curve::office, Curve::industry})
    for (long double t = morning_s; t < morning_s + 7 * day_s; t += 60)
      ASSERT_NEAR(load_level(curve, t), load_level(curve, t + 60), 0.01);
}

TEST(Life, EventsComeAsOftenAsAsked) {
  const auto list = events(living("events_every_s = 100\nfirst_events_within_s = 0"), 1e6);
  EXPECT_NEAR(static_cast<double>(list.size()), 10'000, 300);
  std::set<EventKind> kinds;
  for (const TimedEvent& event : list) kinds.insert(event.kind);
  EXPECT_EQ(kinds.size(), 6u);
}

TEST(Life, EventsLieWithinTheirSlotsOneAfterTheOther) {
  const auto list = events(living("events_every_s = 20\nfirst_events_within_s = 0"), 1e5);
  for (std::size_t n = 1; n < list.size(); ++n)
    ASSERT_GT(list[n].start_s, list[n - 1].start_s + list[n - 1].duration_s);
  for (const TimedEvent& event : list) {
    ASSERT_GE(event.duration_s, event.ramp_in_s + event.ramp_out_s);
    ASSERT_LT(event.load, 2);
  }
}

TEST(Life, OneOfEachKindComesAtTheBeginning) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Scenario s = living("events_every_s = 100\nfirst_events_within_s = 30", seed);
    const auto opening = ChanceEvents(s).opening();
    std::set<EventKind> kinds;
    for (const TimedEvent& event : opening) {
      kinds.insert(event.kind);
      EXPECT_LT(event.start_s + event.duration_s, 30) << seed;
    }
    EXPECT_EQ(kinds.size(), 5u);
    // Nothing else until then.
    for (const TimedEvent& event : events(s, 1'000)) EXPECT_GE(event.start_s, 30) << seed;
  }
}

TEST(Life, AnotherSeedIsAnotherLife) {
  const std::string keys = "events_every_s = 100\nfirst_events_within_s = 0";
  const auto a = events(living(keys, 1), 1e4), b = events(living(keys, 1), 1e4),
             c = events(living(keys, 2), 1e4);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t n = 0; n < a.size(); ++n) EXPECT_EQ(a[n].start_s, b[n].start_s);
  EXPECT_NE(a[0].start_s, c[0].start_s);
}

TEST(Life, ShowsASagAndASwellWithinTheFirstMinute) {
  Scenario s = scenario(
      "[scenario]\nduration_s = 60\nsample_rate_hz = 1000\n[voltage]\nrms_v = 230\n"
      "[current]\nrms_a = 10\n[life]\n");
  s.start = {static_cast<std::int64_t>(morning_s) * 1'000'000'000};
  const auto frames = samples(s);
  double low = 1e9, high = 0;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t n = 0; n + 20 <= frames.size(); n += 20) {
      low = std::min(low, rms(frames, c, n, n + 20));
      high = std::max(high, rms(frames, c, n, n + 20));
    }
  EXPECT_LT(low, 207);
  EXPECT_GT(high, 253);
}

}  // namespace
}  // namespace polyphase::sources::simulator
