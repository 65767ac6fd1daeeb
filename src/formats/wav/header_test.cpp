#include "formats/wav/header.hpp"

#include <gtest/gtest.h>

namespace polyphase::formats::wav {
namespace {

TEST(WavHeader, IsTheOneOfAFileOfFloats) {
  const std::string head = float_header(8, 10'240, 3);
  ASSERT_EQ(head.size(), 44u);
  EXPECT_EQ(head.substr(0, 4), "RIFF");
  EXPECT_EQ(head.substr(4, 4), std::string("\x84\x00\x00\x00", 4));   // 36 + 96
  EXPECT_EQ(head.substr(20, 4), std::string("\x03\x00\x08\x00", 4));  // float, 8 channels
  EXPECT_EQ(head.substr(24, 4), std::string("\x00\x28\x00\x00", 4));  // 10 240
  EXPECT_EQ(head.substr(40, 4), std::string("\x60\x00\x00\x00", 4));
}

}  // namespace
}  // namespace polyphase::formats::wav
