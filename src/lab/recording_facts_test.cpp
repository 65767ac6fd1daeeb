#include "lab/recording_facts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lab/page.hpp"
#include "lab/session.hpp"

namespace polyphase::lab {
namespace {

std::string which(const Facts& facts, std::string_view what) {
  const auto found = std::find_if(facts.begin(), facts.end(),
                                  [&](const auto& fact) { return fact.first == what; });
  return found == facts.end() ? "no such fact" : found->second;
}

Facts facts_of_meter(const std::vector<std::string>& sets, const std::string& tier = "advanced") {
  Findings findings;
  MeterOptions options;
  options.tier = tier;
  options.sets = sets;
  auto engine = make_engine(options, findings);
  EXPECT_TRUE(engine);
  return meter_facts((*engine)->registers());
}

TEST(RecordingFacts, SayHowTheSamplesAre) {
  RecordingFacts recording;
  recording.source.sample_rate_hz = 6'400;
  recording.source.channels_present = 0x13;
  recording.notes = {"x.cfg: mapping V1=UA"};
  recording.missing.gaps.add(Instant{}.plus_s(1), 0.25);
  recording.doubts = {"seconds", 7'200, 0, {{"V2", 3}}};
  const Facts facts = facts_of(recording);
  EXPECT_EQ(which(facts, "Sampling rate"), "6400 samples a second");
  EXPECT_EQ(which(facts, "Channels"), "V1 V2 I1");
  EXPECT_EQ(which(facts, "Inputs"), "x.cfg: mapping V1=UA");
  EXPECT_EQ(which(facts, "Gaps"), "1, 0.25 s");
  EXPECT_EQ(which(facts, "Bridged"), "none");
  EXPECT_EQ(which(facts, "Clipped"), "V2 3 s of seconds");
  EXPECT_EQ(which(facts, "Clock"), "nothing is marked as not synchronised");
  recording.doubts.unsynchronised_s = 60;
  EXPECT_EQ(which(facts_of(recording), "Clock"), "not synchronised to UTC for 1 min of 2 h");
}

TEST(RecordingFacts, SayHowTheMeterIsSetUp) {
  const Facts facts = facts_of_meter({"FAC1.Nominal Voltage=11547", "PM1.PT Prim=20000",
                                      "PM1.PT Sec=100", "PM1.Volts Mode=3W-WYE"});
  EXPECT_EQ(which(facts, "Wiring"), "3W-WYE, phase order ABC");
  EXPECT_EQ(which(facts, "Nominal voltage"), "11547 V");
  EXPECT_EQ(which(facts, "Nominal frequency"), "50 Hz");
  EXPECT_EQ(which(facts, "Voltage transformers"), "20000:100");
  EXPECT_EQ(which(facts, "Current transformers"), "no such fact");
}

TEST(RecordingFacts, NameTheLampOfTheFlickermeter) {
  const auto lamp = [](const std::vector<std::string>& sets) {
    return which(facts_of_meter(sets), "Flicker lamp");
  };
  EXPECT_EQ(lamp({}), "230 V, by the nominal frequency");
  EXPECT_EQ(lamp({"FAC1.Nominal Frequency=60"}), "120 V, by the nominal frequency");
  EXPECT_EQ(lamp({"FLK1.Lamp=120V"}), "120 V, as set");
  EXPECT_EQ(which(facts_of_meter({}, "essential"), "Flicker lamp"), "no such fact");
}

TEST(RecordingFacts, PagesEndWithLinesForSiteAuthorDateAndSignature) {
  const std::string lines = sign_off();
  for (const char* what : {"Site", "Author", "Date", "Signature"})
    EXPECT_NE(lines.find(std::string("<td>") + what + "</td><td></td>"), std::string::npos);
}

}  // namespace
}  // namespace polyphase::lab
