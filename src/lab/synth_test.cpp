#include "lab/synth.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "sources/recording/recording.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

using sources::simulator::parse_scenario;
using sources::simulator::Scenario;
using sources::simulator::Simulator;

const std::string steady =
    "[scenario]\nname = \"test\"\nsample_rate_hz = 6400\nduration_s = 0.5\n"
    "start = 2026-03-04T05:06:07.25Z\n[voltage]\nrms_v = 230\n[current]\nrms_a = 40\nlag_deg = "
    "20\n";

Scenario scenario(const std::string& text) {
  auto parsed = parse_scenario(text, "test.toml");
  EXPECT_TRUE(parsed) << parsed.error().text();
  return parsed ? *parsed : Scenario{};
}

class Synth : public testing::Test {
 protected:
  Synth() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
  }
  ~Synth() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  struct Samples {
    std::vector<Frame> frames;
    std::size_t bridged = 0;
    Instant start;
    double sample_rate_hz = 0;
  };
  static Samples read(SampleSource& source) {
    Samples all;
    all.sample_rate_hz = source.info().sample_rate_hz;
    for (SampleBlock block; *source.next(block);) {
      if (all.frames.empty()) all.start = block.time_first;
      all.frames.insert(all.frames.end(), block.frames.begin(), block.frames.end());
      if (block.bridged) all.bridged += block.frames.size();
    }
    return all;
  }
  /// Written to a file and read again.
  Samples round_trip(const Scenario& s, const std::string& name) const {
    const auto done = synth(s, path(name));
    EXPECT_TRUE(done) << done.error().text();
    auto opened = sources::recording::open_recordings({path(name)}, {});
    EXPECT_TRUE(opened) << opened.error().text();
    return opened ? read(*opened->source) : Samples{};
  }

 private:
  std::filesystem::path folder_;
};

void expect_equal(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t n = 0; n < a.size(); ++n) ASSERT_EQ(a[n].value, b[n].value) << n;
}

TEST_F(Synth, ComtradeLosesNothing) {
  const Scenario s = scenario(steady);
  Simulator simulator(s);
  const Samples expected = read(simulator);
  const Samples written = round_trip(s, "a.cfg");
  expect_equal(written.frames, expected.frames);
  EXPECT_EQ(written.start, expected.start);
  EXPECT_EQ(written.sample_rate_hz, 6'400);
}

TEST_F(Synth, CsvLosesNothing) {
  const Scenario s = scenario(steady);
  Simulator simulator(s);
  const Samples expected = read(simulator);
  const Samples written = round_trip(s, "a.csv");
  expect_equal(written.frames, expected.frames);
  EXPECT_EQ(written.start, expected.start);
}

TEST_F(Synth, WavHasAllEightChannelsAndTheirValues) {
  const Scenario s = scenario(steady);
  Simulator simulator(s);
  const Samples expected = read(simulator);
  const auto done = synth(s, path("a.wav"));
  ASSERT_TRUE(done) << done.error().text();
  std::ifstream file(path("a.wav"), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const std::size_t data = expected.frames.size() * sizeof(Frame);
  ASSERT_GT(bytes.size(), data);
  EXPECT_EQ(std::memcmp(bytes.data() + bytes.size() - data, expected.frames.data(), data), 0);
}

TEST_F(Synth, LeavesOutChannelsWithoutASignal) {
  ASSERT_TRUE(synth(scenario("[voltage]\nrms_v = 1\n[scenario]\nduration_s = 0.1\nwiring = "
                             "\"single\"\n"),
                    path("a.csv")));
  std::ifstream file(path("a.csv"));
  std::string header;
  std::getline(file, header);
  EXPECT_NE(header.find("V1 [V],V2 [V]"), std::string::npos) << header;
  EXPECT_EQ(header.find("V3"), std::string::npos);
  EXPECT_EQ(header.find("I1"), std::string::npos);
}

TEST_F(Synth, MarksGapsAsMissing) {
  const std::string gaps =
      steady +
      "[[event]]\nkind = \"gap\"\nstart_s = 0.1\nduration_s = 0.01\n"
      "[[event]]\nkind = \"gap\"\nstart_s = 0.3\nduration_s = 0.005\nbridged = false\n";
  for (const char* name : {"a.cfg", "a.csv"}) {
    const Samples written = round_trip(scenario(gaps), name);
    EXPECT_EQ(written.frames.size(), 3'200u) << name;
    EXPECT_EQ(written.bridged, 64u + 32u) << name;
  }
}

TEST_F(Synth, RefusesWhatCannotBeWritten) {
  Scenario s = scenario(steady);
  EXPECT_EQ(synth(s, path("a.mp3")).error().code, ErrorCode::unsupported);
  EXPECT_EQ(synth(s, path("no/such/folder/a.cfg")).error().code, ErrorCode::io);
  EXPECT_EQ(synth(*default_scenario(), path("a.cfg")).error().code, ErrorCode::invalid_config);
  s.sample_rate_hz = 6400.5;
  EXPECT_EQ(synth(s, path("a.wav")).error().code, ErrorCode::invalid_config);
  s.duration_s = 1e7;
  s.sample_rate_hz = 6400;
  EXPECT_EQ(synth(s, path("a.wav")).error().code, ErrorCode::limit);
  EXPECT_EQ(synth(scenario("[scenario]\nname = \"nothing\"\n"), path("a.cfg")).error().code,
            ErrorCode::invalid_config);
}

TEST_F(Synth, SaysWhichFileAndLineIsWrong) {
  std::ofstream(path("bad.toml")) << "[voltage]\nrms_v = -3\n";
  const auto loaded = load_scenario(path("bad.toml"));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().where, path("bad.toml") + ":2");
  EXPECT_EQ(load_scenario(path("absent.toml")).error().code, ErrorCode::io);
}

}  // namespace
}  // namespace polyphase::lab
