#include "formats/pcap/pcap.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace polyphase::formats::pcap {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Builds captures of either byte order.
struct Builder {
  bool swapped = false;
  Bytes out;
  Builder& u32(std::uint32_t v) {
    for (unsigned i = 0; i < 4; ++i)
      out.push_back(static_cast<std::uint8_t>(v >> (swapped ? 24 - 8 * i : 8 * i)));
    return *this;
  }
  Builder& u16(unsigned v) {
    for (unsigned i = 0; i < 2; ++i)
      out.push_back(static_cast<std::uint8_t>(v >> (swapped ? 8 - 8 * i : 8 * i)));
    return *this;
  }
  Builder& text(std::string_view s) {
    out.insert(out.end(), s.begin(), s.end());
    while (out.size() % 4 != 0) out.push_back(0);
    return *this;
  }
};

struct Seen {
  std::vector<std::string> packets;
  std::vector<Instant> times;
  std::vector<std::uint32_t> links;
  std::string warning;
  explicit Seen(const Bytes& file) {
    auto reader = Reader::create(file, "x.pcap");
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().text());
    if (!reader) return;
    for (Packet packet; reader->next(packet);) {
      packets.emplace_back(packet.bytes.begin(), packet.bytes.end());
      times.push_back(packet.time);
      links.push_back(packet.link);
    }
    warning = reader->warning();
  }
};

Bytes classic(std::uint32_t magic, bool swapped) {
  Builder b{swapped, {}};
  b.u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(1);
  b.u32(1'600'000'000).u32(250'000).u32(4).u32(60).text("abcd");
  b.u32(1'600'000'001).u32(7).u32(8).u32(8).text("efghijkl");
  return b.out;
}

TEST(Pcap, ReadsBothByteOrdersAndBothUnitsOfTime) {
  for (const bool swapped : {false, true}) {
    const Seen micro(classic(0xA1B2C3D4, swapped));
    EXPECT_EQ(micro.packets, (std::vector<std::string>{"abcd", "efghijkl"}));
    EXPECT_EQ(micro.times[0].ns, 1'600'000'000'250'000'000);
    EXPECT_EQ(micro.links[0], link_ethernet);
    EXPECT_EQ(micro.warning, "");
    EXPECT_EQ(Seen(classic(0xA1B23C4D, swapped)).times[0].ns, 1'600'000'000'000'250'000);
  }
}

TEST(Pcap, SaysWhereItBreaksOff) {
  Bytes file = classic(0xA1B2C3D4, false);
  file.resize(file.size() - 1);
  const Seen seen(file);
  EXPECT_EQ(seen.packets.size(), 1u);
  EXPECT_EQ(seen.warning,
            "x.pcap: byte 44: the capture breaks off in a packet; 23 bytes are left out");
}

TEST(Pcap, StopsAtALengthThatIsDamage) {
  Bytes file = classic(0xA1B2C3D4, false);
  file[35] = 0x7F;
  const Seen seen(file);
  EXPECT_TRUE(seen.packets.empty());
  EXPECT_NE(seen.warning.find("is damage"), std::string::npos);
}

// A section with an Ethernet interface in nanoseconds and one of another link in the default unit.
Builder blocks(bool swapped) {
  Builder b{swapped, {}};
  b.u32(0x0A0D0D0A).u32(28).u32(0x1A2B3C4D).u16(1).u16(0).u32(0xFFFFFFFF).u32(0xFFFFFFFF).u32(28);
  b.u32(1).u32(32).u16(1).u16(0).u32(0).u16(9).u16(1);
  b.out.insert(b.out.end(), {9, 0, 0, 0});
  b.u16(0).u16(0).u32(32);
  b.u32(1).u32(20).u16(113).u16(0).u32(0).u32(20);
  return b;
}

TEST(Pcapng, ReadsEnhancedAndSimplePacketBlocks) {
  for (const bool swapped : {false, true}) {
    Builder b = blocks(swapped);
    constexpr std::uint64_t nanoseconds = 1'600'000'000'123'456'789;
    constexpr std::uint64_t microseconds = 1'600'000'000'123'456;
    b.u32(6)
        .u32(36)
        .u32(0)
        .u32(nanoseconds >> 32)
        .u32(nanoseconds & 0xFFFFFFFF)
        .u32(3)
        .u32(99)
        .text("abc")
        .u32(36);
    b.u32(5).u32(16).u32(0).u32(16);  // statistics: passed over
    b.u32(6)
        .u32(36)
        .u32(1)
        .u32(microseconds >> 32)
        .u32(microseconds & 0xFFFFFFFF)
        .u32(4)
        .u32(4)
        .text("defg")
        .u32(36);
    b.u32(3).u32(20).u32(2).text("hi").u32(20);
    const Seen seen(b.out);
    EXPECT_EQ(seen.packets, (std::vector<std::string>{"abc", "defg", "hi"}));
    EXPECT_EQ(seen.times[0].ns, static_cast<std::int64_t>(nanoseconds));
    EXPECT_EQ(seen.times[1].ns, static_cast<std::int64_t>(microseconds) * 1000);
    EXPECT_EQ(seen.times[2].ns, 0) << "a simple block has no time";
    EXPECT_EQ(seen.links, (std::vector<std::uint32_t>{1, 113, 1}));
    EXPECT_EQ(seen.warning, "");
  }
}

TEST(Pcapng, StopsAtABlockThatIsDamage) {
  for (const std::uint32_t length : {0u, 13u, 1'000u}) {
    Builder b = blocks(false);
    b.u32(6).u32(length).u32(0).u32(0);
    EXPECT_NE(Seen(b.out).warning, "") << length;
  }
}

TEST(Pcap, RefusesOtherFiles) {
  const Bytes text{'n', 'o', ' ', 'c', 'a', 'p', 't', 'u', 'r', 'e', '.', '.'};
  EXPECT_FALSE(Reader::create(text, "x"));
  EXPECT_FALSE(Reader::create(Bytes{0xD4, 0xC3, 0xB2, 0xA1}, "x"));
}

}  // namespace
}  // namespace polyphase::formats::pcap
