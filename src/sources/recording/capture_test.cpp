#include "sources/recording/test_captures.hpp"
#include "sources/recording/test_recordings.hpp"

namespace polyphase::sources::recording {
namespace {

const std::string shared = POLYPHASE_SOURCE_DIR "/../shared/data/";

class Captures : public Recordings {
 protected:
  ReadAll read(Capture& capture, const RecordingOptions& options = {}) {
    return ReadAll({put("c.pcap", capture.file())}, options);
  }
};

TEST_F(Captures, ReadARealOne) {
  if (!fs::exists(shared)) GTEST_SKIP() << "the recordings are not beside the checkout";
  const ReadAll real({shared + "sv/SV_Normal_Traffic.pcap"});
  EXPECT_EQ(real.error, "");
  EXPECT_EQ(real.info.sample_rate_hz, 4'800);
  EXPECT_EQ(real.info.line_frequency_hz, 60);
  EXPECT_EQ(real.info.channels_present, 0xff);
  EXPECT_EQ(real.frames.size(), 10'161u);
  EXPECT_EQ(real.bridged + real.gaps, 0u);
  EXPECT_EQ(to_iso8601(real.first), "2020-07-16T00:07:10.058333Z")
      << "280 samples after the second";
  double square = 0;
  for (std::size_t n = 0; n < 9'600; ++n)
    square += std::pow(static_cast<double>(real.frames[n].value[0]), 2);
  EXPECT_NEAR(std::sqrt(square / 9'600), 133'300, 200) << "a 230 kV line";
}

TEST_F(Captures, ScaleAndPlaceTheEightChannels) {
  Capture capture;
  for (int n = 0; n < 200; ++n) capture.send(1'000 + n);
  const ReadAll all = read(capture);
  EXPECT_EQ(all.info.sample_rate_hz, 4'000);
  ASSERT_EQ(all.frames.size(), 200u);
  EXPECT_FLOAT_EQ(all.frames[7].value[0], 10.07f);
  EXPECT_FLOAT_EQ(all.frames[7].value[4], 1.007f);
  EXPECT_EQ(to_iso8601(all.first), "2023-11-14T22:13:20.250000Z")
      << "timed by smpCnt, not by arrival";
  EXPECT_TRUE(all.synchronised);
}

TEST_F(Captures, ReadSeveralSamplesAFrame) {
  Capture capture;
  capture.rate_hz = 4'800;
  for (int n = 0; n < 400; n += 2) capture.send_together({n, n + 1});
  const ReadAll all = read(capture);
  EXPECT_EQ(all.info.sample_rate_hz, 4'800);
  EXPECT_EQ(all.frames.size(), 400u);
  EXPECT_FALSE(all.info.line_frequency_hz) << "4 800 with two samples a frame is for 50 and 60 Hz";
}

TEST_F(Captures, BridgeAFewLostSamples) {
  Capture capture;
  for (int n = 0; n < 9'000; ++n)
    if (n < 3'998 || n > 4'002) capture.send(n);
  const ReadAll all = read(capture);
  ASSERT_EQ(all.frames.size(), 9'000u);
  EXPECT_EQ(all.bridged, 5u);
  EXPECT_EQ(all.gaps, 0u);
  EXPECT_FLOAT_EQ(all.frames[4'000].value[0], 40.0f);
  EXPECT_TRUE(all.noted("5 samples lost and bridged"));
}

TEST_F(Captures, TellOfALongerLossAsAGap) {
  Capture capture;
  for (int n = 0; n < 400; ++n) capture.send(n);
  for (int n = 1'000; n < 1'400; ++n) capture.send(n);
  for (int n = 13'400; n < 13'800; ++n)
    capture.send(n);  // three seconds on, at the place where it stopped
  const ReadAll all = read(capture);
  EXPECT_EQ(all.frames.size(), 1'200u);
  ASSERT_EQ(all.gaps, 2u);
  EXPECT_EQ(all.gap_times[0].ns, capture.begin.plus_s(0.25).ns);
  EXPECT_EQ(all.gap_times[1].ns, capture.begin.plus_s(3.35).ns);
}

TEST_F(Captures, PutSamplesInOrderAndDropThoseThatCameTwice) {
  Capture capture;
  for (int n = 0; n < 400; n += 2) {
    capture.send(n + 1);
    capture.send(n);
    capture.send(n);
  }
  const ReadAll all = read(capture);
  // The first one to come begins the run: what was taken before it is too late.
  ASSERT_EQ(all.frames.size(), 399u);
  for (std::size_t n = 0; n < 399; ++n)
    ASSERT_FLOAT_EQ(all.frames[n].value[4], static_cast<float>(n + 1) * 1e-3f);
  EXPECT_TRUE(all.noted("201 samples that came twice or too late"));
}

TEST_F(Captures, MarkDoubtfulSamples) {
  Capture capture;
  for (int n = 0; n < 300; ++n) {
    capture.quality_va = n == 100 ? 1u : n == 101 ? 3u : n == 102 ? wire::sv::quality_derived : 0u;
    capture.send(n);
  }
  const ReadAll all = read(capture);
  EXPECT_EQ(all.bridged, 2u);
  EXPECT_FLOAT_EQ(all.frames[100].value[0], 1.0f) << "their values are kept";
}

TEST_F(Captures, AreTimedByArrivalWhereTheSenderHasNoClock) {
  Capture capture;
  capture.synchronised = 0;
  for (int n = 0; n < 8'000; ++n) capture.send(500 + n);
  const ReadAll all = read(capture);
  EXPECT_FALSE(all.synchronised);
  EXPECT_EQ(all.first.ns, capture.begin.plus_s(0.125 + capture.latency_s).ns);
  EXPECT_EQ(all.gaps, 0u);
  EXPECT_EQ(all.frames.size(), 8'000u);
}

TEST_F(Captures, AskWhichStreamIsMeant) {
  Capture capture;
  for (int n = 0; n < 300; ++n)
    for (const char* name : {"MU01", "MU02"}) {
      capture.sv_id = name;
      capture.send(name[3] == '1' ? n : 2 * n);
    }
  EXPECT_NE(read(capture).error.find("holds 2 streams; choose one with --stream MU01@4000"),
            std::string::npos);
  RecordingOptions options;
  options.stream = "MU02";
  EXPECT_EQ(read(capture, options).error, "");
  options.stream = "MU03";
  EXPECT_NE(read(capture, options).error.find("no stream 'MU03'"), std::string::npos);
  options = {};
  options.stream = "MU01@4000";
  options.map = "V1=-Va,I1=#2";
  const ReadAll all = read(capture, options);
  EXPECT_EQ(all.error, "");
  EXPECT_FLOAT_EQ(all.frames[100].value[0], -1.0f);
  EXPECT_EQ(all.frames[100].value[4], 0);
}

TEST_F(Captures, SayWhereTheyHoldNothingToMeasure) {
  Capture capture;
  EXPECT_NE(read(capture).error.find("holds no Sampled Values among 0 packets"), std::string::npos);
  capture.send(1);
  EXPECT_NE(read(capture).error.find("too few to tell the sampling rate"), std::string::npos);
}

}  // namespace
}  // namespace polyphase::sources::recording
