#include "sources/simulator/scenario.hpp"

#include <filesystem>
#include <fstream>

#include "sources/simulator/scenario_vocabulary.hpp"

namespace polyphase::sources::simulator {
namespace {

/// Refused, with the message at this line and these words in it.
void expect_refused(const std::string& text, int line, const std::string& words) {
  const auto parsed = parse_scenario(text, "test.toml");
  ASSERT_FALSE(parsed) << text;
  EXPECT_EQ(parsed.error().code, ErrorCode::invalid_config);
  EXPECT_EQ(parsed.error().where, "test.toml:" + std::to_string(line)) << text;
  EXPECT_NE(parsed.error().message.find(words), std::string::npos) << parsed.error().text();
}

TEST(Scenario, NamesTheLineOfAMistakeInTheSteadyState) {
  expect_refused("[voltage\n", 1, "");
  expect_refused("[weather]\nrain = 1\n", 1, "weather");
  expect_refused("[scenario]\nsample_rate_hz = \"fast\"\n", 2, "must be a number");
  expect_refused("[scenario]\nsample_rate_hz = 399\n", 2, "400 to 1000000");
  expect_refused("[scenario]\nstart = \"yesterday\"\n", 2, "start");
  expect_refused("[scenario]\nwiring = \"5w\"\n", 2, "4w-wye, 3w-wye, delta, single");
  expect_refused("[scenario]\nnominal_frequency_hz = 55\n", 2, "50 or 60");
  expect_refused("[voltage]\nrms_v = -1\n", 2, "-1; 0 to");
  expect_refused("[voltage]\n\nrms = 1\n", 3, "rms_v");
  expect_refused("[voltage]\nrms_v = nan\n", 2, "nan");
  expect_refused("[voltage]\ntones = [\n  { order = 3 },\n]\n", 3, "percent");
  expect_refused("[voltage]\ntones = [{ order = 0, percent = 1 }]\n", 2, "order");
  expect_refused("[current]\npower_factor = 0.9\nlag_deg = 3\n", 2, "exclude");
  expect_refused("[current]\nphase_percent = [1, 2]\n", 2, "three numbers");
  expect_refused("[current]\ncurve = \"farm\"\n", 2, "steady, home, office, industry");
  expect_refused("[[load]]\nrms_a = 1\n", 1, "name");
  expect_refused("[[load]]\nname = \"a\"\n[[load]]\nname = \"a\"\n", 4, "taken");
  expect_refused("[channel.V9]\nrms = 1\n", 1, "V1 to V4");
  expect_refused("[channel.V1]\nrms_v = 1\n", 2, "rms_v");
  expect_refused("[frequency]\nhz = 1000\n", 2, "5 to 400");
  expect_refused("[frequency]\npoints = [{ at_s = 1, hz = 50 }, { at_s = 1, hz = 51 }]\n", 2,
                 "not later");
  expect_refused("[frequency]\nhz = 50\npoints = []\n", 3, "exclude");
  expect_refused("[flicker]\nshape = \"saw\"\n", 2, "sine, rectangular");
  expect_refused("[flicker]\nfrequency_hz = 1\nchanges_per_minute = 1\n", 3, "exclude");
  expect_refused("[life]\nevents_every_s = 5\n", 2, "at least 20");
  expect_refused("[life]\nutc_offset = \"CET\"\n", 2, "utc_offset");
}

TEST(Scenario, NamesTheLineOfAMistakeInAnEvent) {
  const auto in_event = [](const std::string& keys, int line, const std::string& words) {
    expect_refused("[[event]]\n" + keys + "\n", line, words);
  };
  in_event("start_s = 1", 1, "kind");
  in_event("kind = \"flood\"", 2, "mains-signal");
  in_event("kind = \"sag\"\npercent = 50", 1, "duration_s");
  in_event("kind = \"sag\"\nduration_s = 1", 1, "percent");
  in_event("kind = \"sag\"\nduration_s = 1\npercent = 110", 4, "0 to 100");
  in_event("kind = \"sag\"\nduration_s = 1\npercent = [1, 2]", 4, "one number or three");
  in_event("kind = \"sag\"\nduration_s = 1\npercent = [1, 2, \"3\"]", 4, "within");
  in_event("kind = \"sag\"\nduration_s = 1\npercent = 50\nphases = \"x\"", 5, "abc");
  in_event("kind = \"sag\"\nduration_s = 1\npercent = 50\nphases = \"\"", 5, "abc");
  in_event("kind = \"sag\"\nduration_s = 1\npercent = 50\nramp_s = 0.6", 3, "ramps");
  in_event("kind = \"sag\"\nduration_s = 1\npercent = 50\nrepeat_s = 0.5", 5, "the event alone");
  in_event("kind = \"sag\"\nduration_s = 1\npercent = 50\nwidth_s = 1", 5, "width_s");
  in_event("kind = \"load-step\"\npercent = 50\nload = \"pump\"", 4, "no load");
  in_event("kind = \"mains-signal\"\npercent = 1", 2, "frequency_hz or order");
  in_event("kind = \"impulse\"\npercent = 1\nrise_s = 1\ndecay_s = 1", 4, "decay_s");
  in_event("kind = \"frequency\"", 1, "change_hz");
}

TEST(Scenario, RefusesMoreThanItsBounds) {
  std::string many;
  for (std::size_t n = 0; n <= events_max; ++n)
    many += "[[event]]\nkind = \"gap\"\nduration_s = 1\n";
  expect_refused(many, 1, std::to_string(events_max));
  std::string tones;
  for (std::size_t n = 0; n <= tones_max; ++n) tones += "{ order = 2, percent = 1 },";
  expect_refused("[voltage]\ntones = [" + tones + "]\n", 2, std::to_string(tones_max));
}

TEST(Scenario, TakesSectionsInAnyOrder) {
  const Scenario a = scenario("[current]\nrms_a = 1\nlag_deg = 10\n[voltage]\nangle_deg = 50\n");
  EXPECT_EQ(a.loads[0].phases[0].angle_deg, 40);
  EXPECT_EQ(a.loads[0].phases[1].angle_deg, -80);
}

TEST(Scenario, ReadsAStartWithAndWithoutQuotes) {
  const Instant expected = *parse_iso8601("2026-01-02T03:04:05Z");
  EXPECT_EQ(scenario("[scenario]\nstart = 2026-01-02T03:04:05Z\n").start, expected);
  EXPECT_EQ(scenario("[scenario]\nstart = \"2026-01-02T05:04:05+02:00\"\n").start, expected);
}

TEST(Scenario, LetsAChannelOverrideSomeOfItsKeys) {
  const Scenario s = scenario(
      "[voltage]\nrms_v = 100\ntones = [{ order = 3, percent = 1 }]\n[channel.V2]\nrms = 90\n");
  EXPECT_EQ(s.voltages[1].rms, 90);
  EXPECT_EQ(s.voltages[1].angle_deg, -120);
  EXPECT_EQ(s.voltages[1].tones.size(), 1u);
}

TEST(Scenario, EveryExampleRunsForASecond) {
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(POLYPHASE_SOURCE_DIR "/examples/scenarios")) {
    std::ifstream stream(entry.path());
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    auto parsed = parse_scenario(text, entry.path().filename().string());
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_EQ(parsed->name, entry.path().stem());
    parsed->duration_s = 1;
    const auto frames = samples(*parsed);
    EXPECT_EQ(frames.size(), static_cast<std::size_t>(parsed->sample_rate_hz));
    for (const Frame& frame : frames)
      for (const float x : frame.value) ASSERT_TRUE(std::isfinite(x)) << entry.path();
    ++count;
  }
  EXPECT_GE(count, 12u);
}

}  // namespace
}  // namespace polyphase::sources::simulator
