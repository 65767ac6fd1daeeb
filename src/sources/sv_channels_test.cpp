#include "sources/sv_channels.hpp"

#include <gtest/gtest.h>

#include "sources/bridge.hpp"

namespace polyphase::sources {
namespace {

/// An ASDU whose channel n (from 1) is n * 1000, with `quality` on channel `at` (from 1).
struct Data {
  explicit Data(std::size_t channels, std::size_t at = 0, std::uint32_t quality = 0) {
    for (std::size_t n = 1; n <= channels; ++n)
      wire::sv::append_channel(static_cast<std::int32_t>(n * 1'000), n == at ? quality : 0, bytes);
    asdu.data = bytes;
  }
  SvSample converted(std::string_view map = {}) const {
    auto mapping = map_sv_channels(asdu.channels(), map, false);
    EXPECT_TRUE(mapping) << mapping.error().text();
    SvSample sample;
    if (mapping) convert(asdu, *mapping, Instant{}, sample);
    return sample;
  }
  std::vector<std::uint8_t> bytes;
  wire::sv::Asdu asdu;
};

TEST(SvChannels, EightAreThoseOfTheLightEdition) {
  const std::array<float, channel_count> expected{50, 60, 70, 80, 1, 2, 3, 4};
  EXPECT_EQ(Data(8).converted().frame.value, expected);
}

TEST(SvChannels, SixHaveNoNeutral) {
  const std::array<float, channel_count> expected{40, 50, 60, 0, 1, 2, 3, 0};
  EXPECT_EQ(Data(6).converted().frame.value, expected);
}

TEST(SvChannels, AnyNumberIsMapped) {
  const SvSample sample = Data(24).converted("V1=#20,V2=-#21,I1=#1*0.5");
  EXPECT_FLOAT_EQ(sample.frame.value[0], 200);
  EXPECT_FLOAT_EQ(sample.frame.value[1], -210);
  EXPECT_FLOAT_EQ(sample.frame.value[4], 0.5f);
}

TEST(SvChannels, ANumberThatSaysNothingAsksForAMap) {
  const auto mapping = map_sv_channels(24, "", false);
  ASSERT_FALSE(mapping);
  EXPECT_NE(mapping.error().message.find("--map"), std::string::npos);
}

TEST(SvChannels, QualityMarksTheSample) {
  EXPECT_EQ(Data(8).converted().marks, 0);
  EXPECT_EQ(Data(8, 5, 1).converted().marks, mark_bridged) << "invalid";
  EXPECT_EQ(Data(8, 5, 3).converted().marks, mark_bridged) << "questionable";
  EXPECT_EQ(Data(8, 5, wire::sv::quality_overflow).converted().marks, mark_clipped);
  EXPECT_EQ(Data(8, 5, wire::sv::quality_derived).converted().marks, 0);
  EXPECT_EQ(Data(8, 5, 1).converted("V1=").marks, 0) << "an input that is not used";
}

}  // namespace
}  // namespace polyphase::sources
