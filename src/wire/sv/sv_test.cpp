#include "wire/sv/sv.hpp"

#include <gtest/gtest.h>

#include "wire/sv/sequencer.hpp"

namespace polyphase::wire::sv {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes hex(std::string_view text) {
  Bytes bytes;
  std::string digits;
  for (const char c : text)
    if (c != ' ') digits += c;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

// A frame of 9-2 LE that another implementation sent (protocol notes, section 6).
const char* const captured =
    "010CCD040001 000000000000 81008000 88BA 4000 0066 0000 0000 605C 800101 A257 3055 8004 "
    "4D553031 8202 0000 8304 00000001 850102 8740"
    "00989680 00000000 FFB3B4C0 00000000 FFB3B4C0 00000000 00000000 00002000"
    "01F05234 00000000 FF07D6B4 00000000 FF07D718 00000000 00000000 00002000";

Frame decoded(const Bytes& bytes) {
  Frame frame;
  EXPECT_EQ(decode(bytes, frame), Verdict::ok);
  return frame;
}

Verdict verdict(const Bytes& bytes) {
  Frame frame;
  return decode(bytes, frame);
}

TEST(SampledValues, ReadACapturedFrame) {
  const Bytes bytes = hex(captured);
  const Frame frame = decoded(bytes);
  EXPECT_EQ(frame.app_id, 0x4000);
  EXPECT_EQ(frame.vlan, 0x8000);
  EXPECT_FALSE(frame.simulated);
  ASSERT_EQ(frame.asdu_count, 1u);
  const Asdu& asdu = frame.asdu[0];
  EXPECT_EQ(asdu.sv_id, "MU01");
  EXPECT_EQ(asdu.config_revision, 1u);
  EXPECT_EQ(asdu.synchronised, 2);
  ASSERT_EQ(asdu.channels(), 8u);
  EXPECT_NEAR(asdu.value(0) * current_a_per_code, 10'000, 1e-9);
  EXPECT_NEAR(asdu.value(4) * voltage_v_per_code, 325'269, 1e-6);
  EXPECT_EQ(asdu.value(5), -16'263'500);
  EXPECT_EQ(asdu.quality(3), quality_derived);
  EXPECT_FALSE(asdu.sample_rate);
}

TEST(SampledValues, AreWrittenAsTheyWereCaptured) {
  const Bytes bytes = hex(captured);
  Bytes again;
  encode(decoded(bytes), again);
  EXPECT_EQ(again, bytes);
}

TEST(SampledValues, PassOverPadding) {
  Bytes bytes = hex(captured);
  bytes.resize(bytes.size() + 20);
  EXPECT_EQ(verdict(bytes), Verdict::ok);
}

TEST(SampledValues, AreReadAsTheyWereWritten) {
  for (const std::size_t asdus : {1u, 2u, 6u, 8u})
    for (const std::size_t channels : {1u, 8u, 24u}) {
      Frame frame;
      frame.app_id = 0x4123;
      frame.simulated = true;
      frame.asdu_count = asdus;
      std::vector<Bytes> data(asdus);
      for (std::size_t i = 0; i < asdus; ++i) {
        for (std::size_t c = 0; c < channels; ++c)
          append_channel(static_cast<std::int32_t>(c) - 1'000'000, static_cast<std::uint32_t>(i),
                         data[i]);
        frame.asdu[i].sv_id = "SUB/MU01$TE01";
        frame.asdu[i].data_set = "PhsMeas1";
        frame.asdu[i].sample_count = static_cast<std::uint16_t>(i);
        frame.asdu[i].refresh_time = 0x0123456789ABCDEF;
        frame.asdu[i].sample_rate = 14'400;
        frame.asdu[i].sample_mode = 1;
        frame.asdu[i].data = data[i];
      }
      Bytes bytes;
      encode(frame, bytes);
      const Frame again = decoded(bytes);
      ASSERT_EQ(again.asdu_count, asdus);
      EXPECT_TRUE(again.simulated);
      EXPECT_FALSE(again.vlan);
      const Asdu& last = again.asdu[asdus - 1];
      EXPECT_EQ(last.data_set, "PhsMeas1");
      EXPECT_EQ(last.sample_count, asdus - 1);
      EXPECT_EQ(last.refresh_time, 0x0123456789ABCDEFu);
      EXPECT_EQ(last.sample_rate, 14'400);
      EXPECT_EQ(last.sample_mode, 1);
      EXPECT_EQ(last.value(channels - 1), static_cast<std::int32_t>(channels) - 1'000'001);
      EXPECT_EQ(last.quality(0), asdus - 1);
    }
}

TEST(SampledValues, SayWhatIsWrong) {
  const Bytes good = hex(captured);
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_NE(verdict(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length))),
              Verdict::ok)
        << length;
  const auto with = [&](std::size_t at, std::uint8_t byte) {
    Bytes bytes = good;
    bytes[at] = byte;
    return verdict(bytes);
  };
  EXPECT_EQ(with(16, 0x08), Verdict::other_protocol);
  EXPECT_EQ(with(21, 0x04), Verdict::bad_length);
  EXPECT_EQ(with(26, 0x61), Verdict::bad_tag);
  EXPECT_EQ(with(27, 0x80), Verdict::bad_length) << "indefinite lengths";
  EXPECT_EQ(with(41, 0x89), Verdict::missing_field) << "smpCnt";
}

// ---- the order of samples

/// Feeds counters; shows places as "7" for a sample, "x" for a lost one, "|" where a run begins.
std::string order(std::initializer_list<int> counts, std::uint32_t wrap = 1'000,
                  std::uint32_t gap_max = 50) {
  Sequencer sequencer(wrap, gap_max);
  std::string out;
  std::vector<int> given;
  const auto drain = [&](bool all) {
    Sequencer::Place place;
    while (sequencer.next(place, all))
      out += place.present ? std::to_string(given[place.payload]) + " " : "x ";
  };
  for (const int count : counts) {
    given.push_back(count);
    if (sequencer.push(static_cast<std::uint16_t>(count), given.size() - 1) ==
        Sequencer::Push::new_run) {
      drain(true);
      out += "| ";
      sequencer.start(static_cast<std::uint16_t>(count), given.size() - 1);
    }
    drain(false);
  }
  drain(true);
  return out;
}

TEST(SvSequencer, HandsOnWhatIsInOrder) { EXPECT_EQ(order({5, 6, 7}), "| 5 6 7 "); }
TEST(SvSequencer, CountsOnAtTheTopOfTheSecond) {
  EXPECT_EQ(order({998, 999, 0, 1}), "| 998 999 0 1 ");
}
TEST(SvSequencer, PutsLateSamplesInTheirPlace) { EXPECT_EQ(order({5, 7, 6, 8}), "| 5 6 7 8 "); }
TEST(SvSequencer, DropsWhatCameTwice) { EXPECT_EQ(order({5, 6, 6, 5, 7}), "| 5 6 7 "); }
TEST(SvSequencer, ShowsWhatIsLost) { EXPECT_EQ(order({5, 6, 9, 10}), "| 5 6 x x 9 10 "); }
TEST(SvSequencer, PutsLateSamplesInPlaceAcrossTheTopOfTheSecond) {
  EXPECT_EQ(order({999, 1, 0, 2}), "| 999 0 1 2 ");
}
TEST(SvSequencer, BeginsANewRunAfterAGap) {
  EXPECT_EQ(order({5, 6, 300, 301}), "| 5 6 | 300 301 ");
}
TEST(SvSequencer, BeginsANewRunWhereTheCounterFallsBack) {
  EXPECT_EQ(order({600, 601, 200, 201}), "| 600 601 | 200 201 ");
}

TEST(SvSequencer, WaitsNoLongerThanItsWindow) {
  Sequencer sequencer(1'000, 50);
  sequencer.start(0, 0);
  Sequencer::Place place;
  while (sequencer.next(place, false)) {
  }
  std::size_t handed_out = 0;
  for (std::uint16_t count = 2; count < 2 + Sequencer::window; ++count) {
    EXPECT_EQ(handed_out, 0u);
    ASSERT_EQ(sequencer.push(count, count), Sequencer::Push::kept);
    while (sequencer.next(place, false)) ++handed_out;
  }
  EXPECT_EQ(handed_out, Sequencer::window + 1) << "the lost one and all that waited for it";
  EXPECT_EQ(sequencer.push(1, 1), Sequencer::Push::too_late);
}

}  // namespace
}  // namespace polyphase::wire::sv
