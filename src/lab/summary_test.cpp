#include "lab/summary.hpp"

#include <gtest/gtest.h>

#include "lab/synth.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

// The page of so many seconds of 230 V, 10 A lagging by 60 degrees.
std::string page_of(double duration_s, const MeterOptions& meter = {}) {
  auto scenario = sources::simulator::parse_scenario(
      "[scenario]\nname = \"clean\"\nsample_rate_hz = 5000\n[voltage]\nrms_v = 230\n[current]\n"
      "rms_a = 10\nlag_deg = 60\n",
      "clean.toml");
  EXPECT_TRUE(scenario);
  scenario->duration_s = duration_s;
  sources::simulator::Simulator simulator(*scenario);
  Findings findings;
  auto engine = make_engine(meter, findings);
  EXPECT_TRUE(engine && (*engine)->start(simulator.info()));
  Summary summary(**engine);
  (*engine)->observe(&summary);
  for (SampleBlock block; *simulator.next(block);) (*engine)->process(block);
  (*engine)->finish();
  return summary.text(findings, simulator.info(), {}, Instant{}.plus_s(duration_s));
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
