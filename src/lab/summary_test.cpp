#include "lab/summary.hpp"

#include <gtest/gtest.h>

#include "lab/synth.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

// The page of so many seconds of 230 V, 10 A lagging by 60 degrees.
std::string page_of(double duration_s, const MeterOptions& meter = {}, ChannelMask present = 0xff) {
  auto scenario = sources::simulator::parse_scenario(
      "[scenario]\nname = \"clean\"\nsample_rate_hz = 5000\n[voltage]\nrms_v = 230\n[current]\n"
      "rms_a = 10\nlag_deg = 60\n",
      "clean.toml");
  EXPECT_TRUE(scenario);
  scenario->duration_s = duration_s;
  sources::simulator::Simulator simulator(*scenario);
  Findings findings;
  auto engine = make_engine(meter, findings);
  SourceInfo info = simulator.info();
  info.channels_present &= present;
  EXPECT_TRUE(engine && (*engine)->start(info));
  Summary summary(**engine);
  (*engine)->observe(&summary);
  for (SampleBlock block; *simulator.next(block);) (*engine)->process(block);
  (*engine)->finish();
  return summary.text(findings, info, {}, Instant{}.plus_s(duration_s));
}

bool shows(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

TEST(Summary, ShowsMeanLowAndHighOfTheSeconds) {
  const std::string page = page_of(3.1);
  EXPECT_TRUE(shows(page, "of seconds")) << page;
  EXPECT_TRUE(shows(page, "Vln a                230.00         230.00         230.00 V")) << page;
  EXPECT_TRUE(shows(page, "kW tot                3.450          3.450          3.450 kW")) << page;
  EXPECT_TRUE(shows(page, "kWh del"));
}

TEST(Summary, TakesWindowsWhereThereIsNoWholeSecond) {
  const std::string page = page_of(0.7);
  EXPECT_TRUE(shows(page, "of windows")) << page;
  EXPECT_TRUE(shows(page, "Vln a                230.00")) << page;
}

TEST(Summary, TakesCyclesWhereThereIsNoWindow) {
  const std::string page = page_of(0.15);
  EXPECT_TRUE(shows(page, "of cycles")) << page;
  EXPECT_TRUE(shows(page, "Vln a                230.00")) << page;
}

TEST(Summary, SaysWhyPowersAndEnergiesAreNotAvailable) {
  const auto without = [](unsigned channels, const char* wiring) {
    MeterOptions meter;
    meter.wiring = wiring;
    return page_of(1.2, meter, static_cast<ChannelMask>(0xff & ~channels));
  };
  const std::string page = without(0x66, "4w-wye");
  EXPECT_TRUE(shows(page, "kW tot                  N/A")) << page;
  EXPECT_TRUE(shows(page, "kWh del                 N/A")) << page;
  EXPECT_TRUE(shows(page, "powers and energies need V2, V3, I2, I3: not found")) << page;
  EXPECT_TRUE(shows(without(0x66, "single"), "energies need V2, I2: not found"));
  const std::string three_wire = without(0x44, "delta");
  EXPECT_FALSE(shows(three_wire, "N/A")) << three_wire;
}

TEST(Summary, SaysThatNothingCouldBeMeasured) {
  EXPECT_TRUE(shows(page_of(0.005), "nothing could be measured"));
}

TEST(Summary, TellsNoEventsFromEventsNotLookedFor) {
  MeterOptions meter;
  meter.nominal_voltage_v = 230;
  EXPECT_TRUE(shows(page_of(1.2, meter), "events       none"));
  EXPECT_TRUE(shows(page_of(1.2), "events       not looked for"));
}

}  // namespace
}  // namespace polyphase::lab
