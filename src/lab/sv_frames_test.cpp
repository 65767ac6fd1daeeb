#include "lab/sv_frames.hpp"

#include <gtest/gtest.h>

namespace polyphase::lab {
namespace {

namespace sv = wire::sv;

SvOut sample(std::uint16_t count, float first_v = 1) {
  SvOut out;
  out.count = count;
  for (std::size_t lane = 0; lane < channel_count; ++lane)
    out.frame.value[lane] = first_v + static_cast<float>(lane);
  return out;
}

sv::Frame decoded(const std::vector<std::uint8_t>& bytes) {
  sv::Frame frame;
  EXPECT_EQ(sv::decode(bytes, frame), sv::Verdict::ok);
  return frame;
}

TEST(SvFrames, AreThoseOfTheLightEdition) {
  SvFramesConfig config;
  config.source = {2, 0, 0, 0, 0, 7};
  SvFrames frames(config);
  const SvOut out = sample(3'999);
  const sv::Frame frame = decoded(frames.of({&out, 1})[0]);
  EXPECT_EQ(frame.app_id, 0x4000);
  EXPECT_EQ(frame.source, config.source);
  EXPECT_FALSE(frame.vlan);
  ASSERT_EQ(frame.asdu_count, 1u);
  EXPECT_EQ(frame.asdu[0].sv_id, "POLYPHASE");
  EXPECT_EQ(frame.asdu[0].sample_count, 3'999);
  EXPECT_EQ(frame.asdu[0].synchronised, 1);
  for (std::size_t c = 0; c < 8; ++c) {
    const int lane = c < 4 ? static_cast<int>(c) + 4 : static_cast<int>(c) - 4;
    EXPECT_EQ(frame.asdu[0].value(c), (lane + 1) * (c < 4 ? 1'000 : 100)) << c;
    EXPECT_EQ(frame.asdu[0].quality(c), 0u) << c;
  }
}

TEST(SvFrames, AStreamOfSeveralHasItsOwnNameNumberAndAddress) {
  SvFramesConfig config;
  config.streams = 3;
  config.vlan = 100;
  SvFrames frames(config);
  const std::array<SvOut, 2> out{sample(0), sample(1, 5)};
  const auto all = frames.of(out);
  ASSERT_EQ(all.size(), 3u);
  const sv::Frame frame = decoded(all[2]);
  EXPECT_EQ(frame.app_id, 0x4002);
  EXPECT_EQ(frame.destination[5], 2);
  EXPECT_EQ(frame.vlan, 4u << 13 | 100u);
  ASSERT_EQ(frame.asdu_count, 2u);
  EXPECT_EQ(frame.asdu[1].sv_id, "POLYPHASE03");
  EXPECT_EQ(frame.asdu[1].sample_count, 1);
  EXPECT_EQ(frame.asdu[1].value(4), 500);
}

TEST(SvFrames, DeriveANeutralThatIsNotMeasured) {
  SvFramesConfig config;
  config.present = 0x77;
  SvFrames frames(config);
  const SvOut out = sample(0);
  const sv::Frame frame = decoded(frames.of({&out, 1})[0]);
  EXPECT_EQ(frame.asdu[0].value(7), 600) << "1 + 2 + 3 V";
  EXPECT_EQ(frame.asdu[0].quality(7), sv::quality_derived);
}

TEST(SvFrames, TellWhereAValueIsBeyondTheirRange) {
  SvFrames frames({});
  const SvOut out = sample(0, 1e9f);
  const sv::Frame frame = decoded(frames.of({&out, 1})[0]);
  EXPECT_EQ(frame.asdu[0].value(4), std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(frame.asdu[0].quality(4), sv::quality_overflow);
}

}  // namespace
}  // namespace polyphase::lab
