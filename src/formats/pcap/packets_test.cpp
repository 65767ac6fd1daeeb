#include "formats/pcap/packets.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace polyphase::formats::pcap {
namespace {

std::string u32(std::uint32_t v, bool swapped = false) {
  if (swapped) v = __builtin_bswap32(v);
  char bytes[4];
  std::memcpy(bytes, &v, 4);
  return {bytes, 4};
}

std::string classic(bool swapped, std::uint32_t magic, std::uint32_t link = 1) {
  return u32(magic, swapped) + std::string(16, '\0') + u32(link, swapped) + u32(7, swapped) + u32(5, swapped) +
         u32(3, swapped) + u32(3, swapped) + "abc";
}

Packet first(const std::string& file) {
  auto capture = Capture::open(file, "x.pcap");
  EXPECT_TRUE(capture) << capture.error().text();
  Packet packet;
  EXPECT_TRUE(capture && capture->next(packet));
  return packet;
}

TEST(Capture, ReadsBothByteOrdersAndResolutions) {
  for (const bool swapped : {false, true}) {
    const std::string micro = classic(swapped, 0xa1b2c3d4), nano = classic(swapped, 0xa1b23c4d);
    EXPECT_EQ(first(micro).time.ns, 7'000'005'000);
    EXPECT_EQ(first(nano).time.ns, 7'000'000'005);
    EXPECT_EQ(first(micro).bytes, "abc");
  }
}

TEST(Capture, ReadsEnhancedBlocksWithTheirResolution) {
  const std::string section = u32(0x0a0d0d0a) + u32(28) + u32(0x1a2b3c4d) + u32(1) + u32(0xffffffff) + u32(0xffffffff) + u32(28);
  const std::string interface = u32(1) + u32(32) + u32(1) + u32(65535) + std::string("\x09\x00\x01\x00\x09\x00\x00\x00", 8) + u32(0) + u32(32);
  const std::string packet = u32(6) + u32(36) + u32(0) + u32(0) + u32(1500) + u32(3) + u32(3) + std::string("abc\0", 4) + u32(36);
  const std::string file = section + interface + packet;
  EXPECT_EQ(first(file).time.ns, 1500);  // 10^-9
  EXPECT_EQ(first(file).bytes, "abc");
}

TEST(Capture, SaysWhereItIsCutOff) {
  const std::string file = classic(false, 0xa1b2c3d4) + u32(1) + u32(2) + u32(99) + u32(99) + "few";
  auto capture = Capture::open(file, "x.pcap");
  Packet packet;
  ASSERT_TRUE(capture && capture->next(packet));
  EXPECT_FALSE(capture->next(packet));
  EXPECT_NE(capture->problem().find("ends within a packet"), std::string::npos);
}

TEST(Capture, RefusesWhatIsNoneOrNotOfEthernet) {
  EXPECT_FALSE(Capture::open("hello", "x"));
  EXPECT_FALSE(Capture::open("", "x"));
  const std::string other = classic(false, 0xa1b2c3d4, 113);
  EXPECT_FALSE(Capture::open(other, "x"));
}

}  // namespace
}  // namespace polyphase::formats::pcap
