#include "wire/sv/observation.hpp"

#include <gtest/gtest.h>

namespace polyphase::wire::sv {
namespace {

TEST(SvPace, IsToldByWhatTheStreamSays) {
  Observation seen;
  seen.samples = 1'000;
  seen.paced_places = 14'350;
  seen.paced_s = 1;
  seen.count_max = 14'399;
  const auto rate = [&] { return pace_of(seen).value().sample_rate_hz; };
  EXPECT_EQ(rate(), 14'400) << "a usual rate near to the observed one";
  seen.paced_places = 14'000;
  seen.count_max = 13'999;
  seen.wrapped = true;
  EXPECT_EQ(rate(), 14'000) << "smpCnt began anew there";
  seen.sample_rate = 288;
  EXPECT_EQ(rate(), 14'400) << "samples a period of 50 Hz";
  seen.sample_mode = 1;
  seen.sample_rate = 14'200;
  EXPECT_EQ(rate(), 14'200) << "samples a second";
}

/// Of a stream whose smpCnt began anew behind `count_max`, from so many samples in a second of arrivals.
double rate_of(std::uint16_t count_max, std::uint64_t arrived) {
  Observation seen;
  seen.samples = arrived;
  seen.paced_places = arrived;
  seen.paced_s = 1;
  seen.count_max = count_max;
  seen.wrapped = true;
  return pace_of(seen).value().sample_rate_hz;
}

TEST(SvPace, IsTheUsualOneWhereTheLastSamplesOfASecondWereLost) {
  EXPECT_EQ(rate_of(3'996, 4'000), 4'000);
}

TEST(SvPace, IsNotMistakenWhereFramesArriveInBunches) {
  EXPECT_EQ(rate_of(4'799, 5'700), 4'800);
}

TEST(SvPace, IsSettledWhereTheCounterBeganAnew) {
  Observation seen;
  Frame frame;
  frame.asdu_count = 1;
  const std::vector<std::uint8_t> data(64);
  frame.asdu[0].data = data;
  for (int n = 0; n < 600; ++n) {
    frame.asdu[0].sample_count = static_cast<std::uint16_t>((3'500 + n) % 4'000);
    seen.add(frame, frame.asdu[0], Instant{}.plus_s(n / 4'000.0));
    if (n < 500) {
      ASSERT_FALSE(pace_is_settled(seen)) << n;
    }
  }
  EXPECT_TRUE(pace_is_settled(seen));
  EXPECT_EQ(pace_of(seen)->sample_rate_hz, 4'000);
  EXPECT_EQ(pace_of(seen)->wrap, 4'000u);
}

TEST(SvTime, IsThatOfTheSecondNearestToTheArrival) {
  const Instant second{1'700'000'000'000'000'000};
  EXPECT_EQ(time_by_count(0, 4'000, second.plus_s(0.002)).ns, second.ns);
  EXPECT_EQ(time_by_count(3'999, 4'000, second.plus_s(0.001)).ns, second.plus_s(-0.00025).ns);
  EXPECT_EQ(time_by_count(10, 4'000, second.plus_s(-0.001)).ns, second.plus_s(0.0025).ns)
      << "the capturing clock may be behind";
}

}  // namespace
}  // namespace polyphase::wire::sv
