#include "wire/sv/frame.hpp"

#include <gtest/gtest.h>

namespace polyphase::wire::sv {
namespace {

std::string bytes(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}

// One ASDU of "MU01" with a VLAN tag: 10 kA, and a derived neutral.
const std::string captured = bytes(
    "010CCD040001000000000000" "81008000" "88BA" "4000" "0066" "00000000"
    "605C" "800101" "A257" "3055" "80044D553031" "82020003" "830400000001" "850102" "8740"
    "0098968000000000" "FFB3B4C000000000" "FFB3B4C000000000" "0000000000002000"
    "01F0523400000000" "FF07D6B400000000" "FF07D71800000000" "0000000000002000");

TEST(SampledValues, ReadACapturedFrame) {
  Frame frame;
  ASSERT_EQ(decode(captured, frame), nullptr);
  EXPECT_EQ(frame.application_id, 0x4000);
  ASSERT_EQ(frame.asdus, 1u);
  const Asdu& a = frame.asdu[0];
  EXPECT_EQ(a.stream, "MU01");
  EXPECT_EQ(a.sample_count, 3);
  EXPECT_EQ(a.synchronised, 2);
  ASSERT_EQ(a.channels, 8u);
  EXPECT_EQ(a.value[0], 10'000'000);
  EXPECT_EQ(a.value[1], -5'000'000);
  EXPECT_EQ(a.value[4], 32'526'900);
  EXPECT_EQ(a.quality[3], 0x2000u);
}

TEST(SampledValues, AreReadAsTheyWereWritten) {
  Frame out;
  out.application_id = 0x4001;
  out.asdus = 8;
  for (std::size_t i = 0; i < out.asdus; ++i) {
    Asdu& a = out.asdu[i];
    a.stream = "stream-with-a-longer-name";
    a.sample_count = static_cast<std::uint16_t>(100 + i);
    a.sample_rate = 14400;
    a.channels = 8;
    for (std::size_t c = 0; c < 8; ++c) a.value[c] = static_cast<std::int32_t>(i * 1000 + c) * (c % 2 == 0 ? 1 : -1);
  }
  const std::string frame = encode(out, {1, 12, 205, 4, 0, 1}, {0, 0, 0, 0, 0, 2});
  Frame in;
  ASSERT_EQ(decode(frame, in), nullptr);
  ASSERT_EQ(in.asdus, 8u);
  EXPECT_EQ(in.asdu[7].stream, "stream-with-a-longer-name");
  EXPECT_EQ(in.asdu[7].value[5], -7005);
  EXPECT_EQ(in.asdu[7].sample_rate, 14400);
}

TEST(SampledValues, RefuseEveryFrameThatIsCutOff) {
  Frame frame;
  for (std::size_t size = 0; size < captured.size(); ++size) EXPECT_NE(decode(captured.substr(0, size), frame), nullptr) << size;
}

TEST(SampledValues, AreToldFromOtherFrames) {
  EXPECT_TRUE(is_sampled_values(captured));
  std::string other = captured;
  other[16] = 0x08;
  EXPECT_FALSE(is_sampled_values(other));
}

}  // namespace
}  // namespace polyphase::wire::sv
