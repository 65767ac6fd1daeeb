#include "sources/simulator/simulator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

namespace polyphase::sources::simulator {
namespace {

Scenario scenario(std::string_view text) {
  auto parsed = parse_scenario(text, "test.toml");
  EXPECT_TRUE(parsed) << parsed.error().text();
  return parsed ? *parsed : Scenario{};
}

std::vector<Frame> samples(const Scenario& s, std::size_t block = 1024) {
  Simulator simulator(s, block);
  std::vector<Frame> all;
  for (SampleBlock b; *simulator.next(b);) all.insert(all.end(), b.frames.begin(), b.frames.end());
  return all;
}

double rms(const std::vector<Frame>& frames, std::size_t channel, std::size_t from, std::size_t to) {
  double sum = 0;
  for (std::size_t n = from; n < to; ++n) sum += std::pow(static_cast<double>(frames[n].value[channel]), 2);
  return std::sqrt(sum / static_cast<double>(to - from));
}

const std::string clean = "[scenario]\nduration_s = 1\nsample_rate_hz = 5000\n[voltage]\nrms_v = 230\n[current]\nrms_a = 10\nlag_deg = 60\n";

TEST(Simulator, GivesTheClosedFormAtEverySample) {
  const auto frames = samples(scenario(clean + "[frequency]\nhz = 49.5\n[channel.V1]\nrms = 100\ntones = [{ order = 5, percent = 10, angle_deg = 30 }]\n"));
  ASSERT_EQ(frames.size(), 5000u);
  for (std::size_t n = 0; n < frames.size(); n += 7) {
    const double a = 2 * std::numbers::pi * 49.5 * static_cast<double>(n) / 5000;
    const double v = std::numbers::sqrt2 * 100 * (std::cos(a) + 0.1 * std::cos(5 * a + std::numbers::pi / 6));
    EXPECT_NEAR(static_cast<double>(frames[n].value[0]), v, 2e-4);
    EXPECT_NEAR(static_cast<double>(frames[n].value[5]), std::numbers::sqrt2 * 10 * std::cos(a - std::numbers::pi), 2e-5);
  }
}

TEST(Simulator, GivesTheSameBitsForAnySizeOfBlocks) {
  const Scenario s = scenario(clean + "[flicker]\npercent = 1\n[life]\n[[event]]\nkind = \"sag\"\nstart_s = 0.3\nduration_s = 0.1\npercent = 50\n");
  const auto expected = samples(s);
  for (const std::size_t block : {1u, 13u, 5000u}) {
    const auto frames = samples(s, block);
    ASSERT_EQ(frames.size(), expected.size());
    for (std::size_t n = 0; n < frames.size(); ++n) ASSERT_EQ(frames[n].value, expected[n].value) << n;
  }
}

TEST(Simulator, AgreesWithItselfAtAnotherRate) {
  Scenario s = scenario(clean + "[frequency]\npoints = [{ at_s = 0, hz = 50 }, { at_s = 1, hz = 52 }]\n");
  const auto slow = samples(s);
  s.sample_rate_hz = 20'000;
  const auto fast = samples(s);
  for (std::size_t n = 0; n < slow.size(); ++n) ASSERT_EQ(slow[n].value, fast[4 * n].value) << n;
}

TEST(Simulator, TurnsAsManyCyclesAsItsFrequencySays) {
  // From 50 to 52 Hz within a second: 51 cycles, so the end has the phase of the start.
  const auto frames = samples(scenario("[scenario]\nduration_s = 1.001\nsample_rate_hz = 10000\n[voltage]\nrms_v = 1\n[frequency]\npoints = [{ at_s = 0, hz = 50 }, { at_s = 1, hz = 52 }]\n"));
  EXPECT_NEAR(frames[10'000].value[0], frames[0].value[0], 1e-5f);
}

TEST(Simulator, SagsWhereAndAsDeepAsTold) {
  const auto frames = samples(scenario(clean + "[[event]]\nkind = \"sag\"\nstart_s = 0.4\nduration_s = 0.2\npercent = 60\nphases = \"b\"\n"));
  EXPECT_NEAR(rms(frames, 1, 1000, 2000), 230, 0.01);
  EXPECT_NEAR(rms(frames, 1, 2000, 3000), 138, 0.01);
  EXPECT_NEAR(rms(frames, 1, 3000, 4000), 230, 0.01);
  EXPECT_NEAR(rms(frames, 0, 2000, 3000), 230, 0.01);
}

TEST(Simulator, RepeatsNoiseForASeedAndNotForAnother) {
  Scenario s = scenario("[scenario]\nduration_s = 1\nseed = 3\n[voltage]\nrms_v = 100\nnoise_percent = 1\n");
  const auto first = samples(s), again = samples(s);
  s.seed = 4;
  const auto other = samples(s);
  EXPECT_EQ(first[77].value, again[77].value);
  EXPECT_NE(first[77].value, other[77].value);
  s.channels[0].noise_percent = 0;
  const auto quiet = samples(s);
  double sum = 0;
  for (std::size_t n = 0; n < quiet.size(); ++n) sum += std::pow(static_cast<double>(first[n].value[0] - quiet[n].value[0]), 2);
  EXPECT_NEAR(std::sqrt(sum / static_cast<double>(quiet.size())), 1, 0.03);
}

TEST(Simulator, FlagsAGapOfSamples) {
  Simulator simulator(scenario(clean + "[[event]]\nkind = \"gap\"\nstart_s = 0.5\nduration_s = 0.1\n"));
  std::size_t bridged = 0, all = 0;
  for (SampleBlock b; *simulator.next(b);) {
    all += b.frames.size();
    if (b.bridged) bridged += b.frames.size();
  }
  EXPECT_EQ(all, 5000u);
  EXPECT_NEAR(static_cast<double>(bridged), 500, 51);
}

TEST(Simulator, LivesAMinuteInWhichSomethingHappens) {
  Scenario s = scenario("[scenario]\nduration_s = 60\nsample_rate_hz = 1000\nstart = \"2026-01-05T09:00:00Z\"\n[voltage]\nrms_v = 230\n[current]\nrms_a = 10\n[life]\n");
  const auto frames = samples(s);
  double low = 1e9, high = 0;
  for (std::size_t n = 0; n + 20 <= frames.size(); n += 20) {
    low = std::min(low, rms(frames, 0, n, n + 20));
    high = std::max(high, rms(frames, 0, n, n + 20));
  }
  EXPECT_LT(low, 207);
  EXPECT_GT(high, 253);
}

TEST(Scenario, NamesTheLineOfEveryMistake) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"[voltage]\nrms_v = -1\n", "test.toml:2"},
      {"[voltage]\nrms = 1\n", "test.toml:2"},
      {"[scenario]\nsample_rate_hz = \"fast\"\n", "test.toml:2"},
      {"[channel.V9]\nrms = 1\n", "test.toml:1"},
      {"[[event]]\nkind = \"flood\"\n", "test.toml:1"},
      {"[[event]]\nkind = \"sag\"\nphases = \"x\"\n", "test.toml:3"},
      {"[frequency]\npoints = [{ at_s = 1, hz = 50 }, { at_s = 1, hz = 51 }]\n", "test.toml:2"},
      {"[weather]\nrain = 1\n", "test.toml:1"},
      {"[scenario]\nstart = \"yesterday\"\n", "test.toml:2"},
      {"[voltage\n", "test.toml:1"}};
  for (const auto& [text, where] : mistakes) {
    const auto parsed = parse_scenario(text, "test.toml");
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().where, where) << text;
  }
}

TEST(Scenario, EveryExampleRuns) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(POLYPHASE_SOURCE_DIR "/examples/scenarios")) {
    std::ifstream stream(entry.path());
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    auto parsed = parse_scenario(text, entry.path().filename().string());
    ASSERT_TRUE(parsed) << parsed.error().text();
    parsed->duration_s = 0.1;
    EXPECT_FALSE(samples(*parsed).empty());
    ++count;
  }
  EXPECT_GE(count, 10u);
}

}  // namespace
}  // namespace polyphase::sources::simulator
