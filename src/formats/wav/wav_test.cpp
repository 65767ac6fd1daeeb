#include "formats/wav/wav.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace polyphase::formats::wav {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes file_of(const Format& format, const std::vector<float>& values) {
  auto bytes = header(format, values.size() / format.channels);
  EXPECT_TRUE(bytes);
  append_values(format, values, *bytes);
  return *bytes;
}

Bytes hex(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    while (text[i] == ' ') ++i;
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

// Two channels of 16 bits at 8 000 a second, two rows, byte by byte from the layout.
const char* const small =
    "52494646 2C000000 57415645 666D7420 10000000 0100 0200 401F0000 007D0000 0400 1000 "
    "64617461 08000000 0040 00C0 FF7F 0080";

TEST(Wav, ReadsAFileMadeByHand) {
  const Bytes file = hex(small);
  const auto wave = parse(file, "x.wav");
  ASSERT_TRUE(wave) << wave.error().text();
  EXPECT_EQ(wave->format.rate_hz, 8'000u);
  ASSERT_EQ(wave->row_count(), 2u);
  std::array<Frame, 4> frames;
  bool missing = false;
  const std::array picks{Pick{0, 0, 100}, Pick{1, 4, -2}};
  EXPECT_EQ(read(*wave, 0, picks, frames, missing), 2u);
  EXPECT_EQ(frames[0].value[0], 50);
  EXPECT_EQ(frames[0].value[4], 1);
  EXPECT_NEAR(frames[1].value[0], 100, 0.01);
  EXPECT_EQ(frames[1].value[4], 2);
  EXPECT_EQ(read(*wave, 1, picks, frames, missing), 1u);
  EXPECT_EQ(read(*wave, 2, picks, frames, missing), 0u);
}

TEST(Wav, WritesTheSameBytes) {
  EXPECT_EQ(file_of({Coding::pcm16, 2, 8'000}, {0.5f, -0.5f, 2, -1}), hex(small));
}

TEST(Wav, IsReadAsItWasWritten) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> value(-1, 1);
  for (const auto coding : {Coding::pcm16, Coding::pcm24, Coding::pcm32, Coding::float32})
    for (const unsigned channels : {1u, 2u, 3u, 8u}) {
      std::vector<float> values(channels * 50);
      for (float& v : values) v = value(random);
      const Bytes file = file_of({coding, channels, 10'240}, values);
      const auto wave = parse(file, "x.wav");
      ASSERT_TRUE(wave) << wave.error().text();
      ASSERT_EQ(wave->row_count(), 50u);
      EXPECT_TRUE(wave->warnings.empty());
      std::vector<Frame> frames(50);
      bool missing = false;
      const std::array picks{Pick{channels - 1, 2, 1}};
      EXPECT_EQ(read(*wave, 0, picks, frames, missing), 50u);
      const float step = coding == Coding::pcm16   ? 0x1p-15f
                         : coding == Coding::pcm24 ? 0x1p-23f
                                                   : 1e-7f;
      for (std::size_t n = 0; n < 50; ++n)
        EXPECT_NEAR(frames[n].value[2], values[n * channels + channels - 1], step);
    }
}

TEST(Wav, ReadsAsFarAsASampleChunkGoes) {
  Bytes file = hex(small);
  file.resize(file.size() - 3);
  auto wave = parse(file, "x.wav");
  ASSERT_TRUE(wave);
  EXPECT_EQ(wave->row_count(), 1u);
  EXPECT_EQ(wave->warnings.size(), 1u);
  file = hex(small);
  for (std::size_t i = 40; i < 44; ++i) file[i] = 0xFF;
  wave = parse(file, "x.wav");
  ASSERT_TRUE(wave) << "a recorder stopped hard knows no length";
  EXPECT_EQ(wave->row_count(), 2u);
}

TEST(Wav, PassesOverOtherChunks) {
  Bytes file = hex(small);
  const Bytes list = hex("4C495354 03000000 41424300");  // an odd length is padded
  file.insert(file.begin() + 12, list.begin(), list.end());
  EXPECT_TRUE(parse(file, "x.wav"));
}

TEST(Wav, SaysWhatItCannotRead) {
  EXPECT_FALSE(parse(hex("00"), "x.wav"));
  const auto with = [](std::size_t at, std::uint8_t byte) {
    Bytes file = hex(small);
    file[at] = byte;
    const auto wave = parse(file, "x.wav");
    return wave ? "" : wave.error().text();
  };
  EXPECT_NE(with(34, 8).find("coding 1 with 8 bits is not read"), std::string::npos);
  EXPECT_NE(with(22, 0).find("x.wav: byte 12: 0 channels"), std::string::npos);
  EXPECT_NE(with(36, 'D').find("no chunk 'data'"), std::string::npos);
}

TEST(Wav, MarksFloatsThatAreNoNumbers) {
  const Bytes file = file_of({Coding::float32, 1, 8'000}, {1, std::nanf(""), 1e38f, 325});
  const auto wave = parse(file, "x.wav");
  ASSERT_TRUE(wave);
  std::array<Frame, 4> frames;
  bool missing = false;
  EXPECT_EQ(read(*wave, 0, std::array{Pick{0, 0, 1}}, frames, missing), 4u);
  EXPECT_TRUE(missing);
  EXPECT_TRUE(std::isnan(frames[1].value[0]) && std::isnan(frames[2].value[0]));
  EXPECT_EQ(frames[3].value[0], 325);
}

TEST(Wav, RefusesToBeLongerThanRiffCanSay) {
  EXPECT_TRUE(header({Coding::float32, 8, 10'240}, 100'000'000));
  EXPECT_FALSE(header({Coding::float32, 8, 10'240}, 200'000'000));
}

}  // namespace
}  // namespace polyphase::formats::wav
