#include "sources/sampled_values/stream_table.hpp"

#include <gtest/gtest.h>

#include "sources/sampled_values/test_frames.hpp"

namespace polyphase::sources::sampled_values {
namespace {

class Streams : public testing::Test {
 protected:
  void send(const TestStream& stream, std::int64_t n) { take(stream.frame(n)); }
  void take(const std::vector<std::uint8_t>& bytes, std::optional<std::uint16_t> vlan = {}) {
    table.take(bytes, vlan, now);
    now = now.plus_s(1 / 4'000.0);
  }
  std::shared_ptr<Tap> tap(std::size_t stream, std::size_t capacity = 64) {
    auto made = std::make_shared<Tap>(map_sv_channels(8, "", false).value(), 8u, 4'000u, capacity);
    EXPECT_TRUE(table.attach(stream, made));
    return made;
  }
  static std::vector<SvSample> all_of(Tap& tap) {
    std::vector<SvSample> all;
    for (SvSample sample; tap.queue.pop(sample);) all.push_back(sample);
    return all;
  }
  StreamTable table;
  Instant now{1'700'000'000'000'000'000};
};

TEST_F(Streams, AreToldByNameNumberAndSender) {
  TestStream stream;
  send(stream, 0);
  send(stream, 1);
  stream.sv_id = "MU02";
  send(stream, 0);
  stream.app_id = 0x4001;
  send(stream, 0);
  stream.sender = 9;
  send(stream, 0);
  ASSERT_EQ(table.streams().size(), 4u);
  EXPECT_EQ(table.streams()[0].frames, 2u);
  EXPECT_EQ(table.streams()[3].title(), "MU02@4001");
  EXPECT_EQ(text(table.streams()[3].source), "02:00:00:00:00:09");
}

TEST_F(Streams, AreMeantByNameNumberOrSender) {
  send({}, 0);
  const StreamInfo& stream = table.streams()[0];
  for (const char* wanted : {"", "MU01", "@4000", "MU01@4000", "MU01@4000/02:00:00:00:00:01"})
    EXPECT_TRUE(stream.matches(wanted)) << wanted;
  for (const char* wanted : {"MU0", "@4001", "MU01@4001", "MU01@4000/02:00:00:00:00:02"})
    EXPECT_FALSE(stream.matches(wanted)) << wanted;
}

TEST_F(Streams, AreBounded) {
  TestStream stream;
  for (std::size_t i = 0; i < StreamTable::streams_max + 10; ++i) {
    stream.sv_id = "MU" + std::to_string(i);
    send(stream, 0);
  }
  EXPECT_EQ(table.streams().size(), StreamTable::streams_max);
  EXPECT_EQ(table.counts().unlisted, 10u);
}

TEST_F(Streams, ThatAreNotSeenForAWhileMakeRoom) {
  TestStream stream;
  send(stream, 0);
  const auto reader = tap(0);
  for (std::size_t i = 1; i < StreamTable::streams_max; ++i) {
    stream.sv_id = "MU" + std::to_string(i + 1);
    send(stream, 0);
  }
  now = now.plus_s(StreamTable::forgotten_s - 1);
  stream.sv_id = "NEW1";
  send(stream, 0);
  EXPECT_EQ(table.counts().unlisted, 1u) << "too early";
  now = now.plus_s(2);
  for (const char* name : {"NEW1", "NEW2"}) {
    stream.sv_id = name;
    send(stream, 0);
    send(stream, 1);
  }
  EXPECT_EQ(table.counts().unlisted, 1u);
  EXPECT_EQ(table.counts().forgotten, 2u);
  EXPECT_EQ(table.streams().size(), StreamTable::streams_max);
  EXPECT_EQ(table.streams()[0].sv_id, "MU01") << "it is read";
  EXPECT_EQ(table.streams()[1].sv_id, "NEW1");
  EXPECT_EQ(table.streams()[2].frames, 2u);
  send({}, 1);
  stream.sv_id = "MU200";
  send(stream, 1);
  EXPECT_EQ(reader->asdus, 1u) << "those that stay are found";
  EXPECT_EQ(table.streams()[199].frames, 2u);
}

// Whoever sends ever new names drives out nobody who is heard, and costs no look at all of them.
TEST_F(Streams, StayWhileTheyAreHeard) {
  TestStream stream;
  for (int round = 0; round < 30; ++round) {
    for (std::size_t i = 0; i < StreamTable::streams_max; ++i) {
      stream.sv_id = "MU" + std::to_string(i);
      send(stream, round);
    }
    now = now.plus_s(1);
    stream.sv_id = "FLOOD" + std::to_string(round);
    send(stream, 0);
  }
  EXPECT_EQ(table.counts().unlisted, 30u);
  EXPECT_EQ(table.counts().forgotten, 0u);
}

TEST_F(Streams, ThatBecomeOthersAreLearnedAnewAndTheirReadersAreTold) {
  TestStream stream;
  for (int n = 0; n < 5'000; ++n) send(stream, n);
  const auto reader = tap(0, 8'192);
  for (int n = 5'000; n < 6'000; ++n) send(stream, n);
  stream.channels = 6;
  send(stream, 6'000);
  EXPECT_FALSE(reader->changed) << "one stray frame";
  for (int n = 6'001; n < 12'000; ++n) send(stream, n);
  EXPECT_TRUE(reader->changed);
  EXPECT_EQ(all_of(*reader).size(), 1'000u);
  EXPECT_EQ(reader->misfits, 6'000u);
  EXPECT_EQ(table.streams()[0].seen.channels, 6u);
  EXPECT_EQ(table.streams()[0].pace.value().wrap, 4'000u);
}

TEST_F(Streams, ThatAreOthersBehindASilenceAreNoticed) {
  TestStream stream;
  for (int n = 0; n < 5'000; ++n) send(stream, n);
  const auto reader = tap(0, 8'192);
  now = now.plus_s(3);
  stream.rate = 800;
  for (int n = 0; n < 9'000; ++n) {
    now = now.plus_s(1 / 800.0 - 1 / 4'000.0);
    send(stream, n);
  }
  EXPECT_TRUE(reader->changed);
}

TEST_F(Streams, CountWhatCannotBeRead) {
  auto broken = TestStream{}.frame(0);
  broken.resize(broken.size() - 3);
  take(broken);
  take({1, 2, 3});
  EXPECT_EQ(table.counts().frames, 1u) << "what is no Sampled Values is not counted";
  EXPECT_EQ(table.counts().malformed, 1u);
  EXPECT_TRUE(table.streams().empty());
}

TEST_F(Streams, KnowTheTagThatTheKernelTookOut) {
  take(TestStream{}.frame(0), 0x8064);
  EXPECT_EQ(table.streams()[0].vlan, 0x8064);
}

TEST_F(Streams, GiveEverySampleOfAFrameToEveryReader) {
  send({}, 0);
  const auto first = tap(0), second = tap(0);
  take(TestStream{}.frame({1, 2, 3}));
  for (const auto& reader : {first, second}) {
    const auto samples = all_of(*reader);
    ASSERT_EQ(samples.size(), 3u);
    EXPECT_EQ(samples[2].count, 3);
    EXPECT_FLOAT_EQ(samples[2].frame.value[0], 0.03f);
    EXPECT_EQ(reader->asdus, 3u);
    EXPECT_EQ(reader->frames, 1u);
  }
}

TEST_F(Streams, CountWhatAFullQueueDoesNotTake) {
  send({}, 0);
  const auto reader = tap(0, 8);
  for (int n = 1; n <= 20; ++n) send({}, n);
  EXPECT_EQ(all_of(*reader).size(), 8u);
  EXPECT_EQ(reader->dropped, 12u);
  EXPECT_EQ(reader->asdus, 20u);
}

TEST_F(Streams, CountSamplesOfAnotherShape) {
  TestStream stream;
  send(stream, 0);
  const auto reader = tap(0);
  stream.channels = 6;
  send(stream, 1);
  stream.channels = 8;
  stream.rate = 4'800;
  send(stream, 4'700);
  EXPECT_TRUE(all_of(*reader).empty());
  EXPECT_EQ(reader->misfits, 2u);
}

TEST_F(Streams, NoticeAnotherConfiguration) {
  TestStream stream;
  send(stream, 0);
  const auto reader = tap(0);
  send(stream, 1);
  stream.config_revision = 2;
  send(stream, 2);
  send(stream, 3);
  const auto samples = all_of(*reader);
  ASSERT_EQ(samples.size(), 3u);
  EXPECT_EQ(samples[0].marks, 0);
  EXPECT_EQ(samples[1].marks, mark_bridged) << "the first of it is doubtful";
  EXPECT_EQ(samples[2].marks, 0);
  EXPECT_EQ(reader->config_changes, 1u);
}

// What comes bunched behind a pause, as of a sender that was away, tells no other rate.
TEST_F(Streams, AreTheSameBehindASilenceUntilTheyContradict) {
  TestStream stream;
  for (int n = 0; n < 5'000; ++n) send(stream, n);
  const auto reader = tap(0, 32'768);
  now = now.plus_s(3);
  for (int n = 17'000; n < 30'000; ++n) {
    now = now.plus_s(-0.9 / 4'000);
    send(stream, n);
  }
  EXPECT_FALSE(reader->changed);
  EXPECT_EQ(table.streams()[0].pace.value().wrap, 4'000u);
}

TEST_F(Streams, ForgetAReaderThatLeft) {
  send({}, 0);
  const auto reader = tap(0);
  send({}, 1);
  table.detach(reader.get());
  send({}, 2);
  table.notify();
  EXPECT_EQ(reader->asdus, 1u);
}

TEST_F(Streams, HaveABoundOfReaders) {
  send({}, 0);
  for (std::size_t i = 0; i < StreamTable::taps_max; ++i) tap(0);
  const auto one_more = std::make_shared<Tap>(Mapping{}, 8u, 4'000u, 8u);
  const auto done = table.attach(0, one_more);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::limit);
}

}  // namespace
}  // namespace polyphase::sources::sampled_values
