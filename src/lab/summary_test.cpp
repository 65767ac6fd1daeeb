#include "lab/summary.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "lab/synth.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

// Of so many seconds of 230 V, 10 A lagging by 60 degrees.
SummaryPage summary_of(double duration_s, const MeterOptions& meter = {},
                       ChannelMask present = 0xff, const std::string& more = "") {
  auto scenario = sources::simulator::parse_scenario(
      std::string(
          "[scenario]\nname = \"clean\"\nsample_rate_hz = 5000\n[voltage]\nrms_v = 230\n[current]\n"
          "rms_a = 10\nlag_deg = 60\n") +
          more,
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
  return summary.page(findings,
                      {info, {}, Instant{}.plus_s(duration_s), {"x: mapping V1=<Ua>"}, {}, {}});
}

std::string page_of(double duration_s, const MeterOptions& meter = {}, ChannelMask present = 0xff) {
  return summary_text(summary_of(duration_s, meter, present));
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
  EXPECT_FALSE(shows(without(0x66, "single"), "energies need")) << "one phase alone has both";
  EXPECT_TRUE(shows(without(0x64, "single"), "energies need I2: not found"));
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

// Covers: PQ-064
TEST(Summary, WritesAPageThatNeedsNoOther) {
  MeterOptions meter;
  meter.nominal_voltage_v = 230;
  SummaryPage summary = summary_of(3.1, meter, 0x77);
  registers::Disturbance sag;
  sag.time = Instant{}.plus_s(3);
  sag.nominal = 230;
  sag.extreme = 161;
  sag.open = true;
  sag.per_channel[1].affected = true;
  summary.events = {{"sag", sag}};
  summary.recording.doubts.clipped = {{"V1", 2}};
  summary.recording.doubts.of = "seconds";
  summary.recording.missing.gaps.add(Instant{}.plus_s(1), 0.25);
  const std::string page = summary_html(summary);
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  for (const char* outside : {"src=", "href=", "<script", "@import", "url("})
    EXPECT_FALSE(shows(page, outside)) << outside;
  for (const char* words :
       {"5000 samples a second", "<td>Channels</td><td>V1 V2 V3 I1 I2 I3</td>",
        "x: mapping V1=&lt;Ua&gt;", "<td>Gaps</td><td>1, 0.25 s</td>",
        "0.25 s from 1970-01-01T00:00:01", "<td>Clipped</td><td>V1 2 s of seconds</td>",
        "<td>Vln a</td><td>230.00</td><td>230.00</td><td>230.00</td><td class=\"left\">V</td>",
        "Voltages over time", "Currents over time", ">Vln c</text>", "<td>open</td><td>161.00</td>",
        "<td>70.0</td>", "<td>Flicker lamp</td><td>230 V, by the nominal frequency</td>",
        "<td>Wiring</td><td>4W-WYE, phase order ABC</td>", "<td>Signature</td>"})
    EXPECT_TRUE(shows(page, words)) << words << "\n" << page;
}

TEST(Summary, SaysWhatTheLineVoltagesAreForMotors) {
  SummaryPage page = summary_of(602);
  EXPECT_EQ(page.motor.count.valid, 1);
  EXPECT_LT(page.motor.highest, 0.001);
  page.motor.at_95 = page.motor.highest = 3;
  for (const std::string& form : {summary_text(page), summary_html(page)})
    EXPECT_TRUE(shows(form, "0.880 for 95 % of the intervals, 0.880 at the highest")) << form;
  EXPECT_TRUE(shows(summary_json(page), "\"derating_at_highest\":0.88"));
}

TEST(Summary, WritesTheSameAsJson) {
  const std::string json = summary_json(summary_of(3.1));
  for (const char* words :
       {"\"report\":\"summary\"", "\"sample_rate_hz\":5000", "\"channels\":[\"V1\",\"V2\"",
        "\"clipped\":[]", "\"label\":\"kW tot\",\"unit\":\"kW\"", "\"label\":\"kWh del\"",
        "\"nominal_voltage_v\":null", "\"events\":[]"})
    EXPECT_TRUE(shows(json, words)) << words << "\n" << json;
}

TEST(Summary, LeavesDistortionsOutWhereTheyMeanNothing) {
  const std::string dip =
      "[[event]]\nkind = \"sag\"\nstart_s = 1.03\nduration_s = 0.1\npercent = 40\n";
  const auto distortion = [](const SummaryPage& page) {
    for (const SummaryPage::Line& line : page.lines)
      if (line.label == "V1 THD") return line;
    return SummaryPage::Line{};
  };
  EXPECT_GT(distortion(summary_of(3.1, {}, 0xff, dip)).high, 1) << "its edges, of a clean sine";
  MeterOptions meter;
  meter.nominal_voltage_v = 230;
  const SummaryPage page = summary_of(3.1, meter, 0xff, dip);
  EXPECT_LT(distortion(page).high, 0.01);
  EXPECT_GE(distortion(page).left_out, 1u);
  EXPECT_LE(distortion(page).left_out, 3u);
  const std::string words = fmt::format("windows left out: V1 THD {}", distortion(page).left_out);
  EXPECT_TRUE(shows(summary_text(page), words)) << summary_text(page);
  EXPECT_TRUE(shows(summary_html(page), words));
  EXPECT_TRUE(shows(summary_json(page), "\"windows_left_out\":"));
  EXPECT_FALSE(shows(page_of(3.1), "left out"));
}

TEST(Summary, SaysWhichInputsWereClippedAndHowLong) {
  SummaryPage summary = summary_of(1.1);
  EXPECT_FALSE(shows(summary_text(summary), "clipped"));
  summary.recording.doubts.of = "seconds";
  summary.recording.doubts.clipped = {{"V1", 2}, {"I3", 1}};
  EXPECT_TRUE(shows(summary_text(summary), "clipped: V1 2 s, I3 1 s of seconds"));
}

TEST(Summary, ItsTrendsHoldEverySecondThatWasWhole) {
  const SummaryPage summary = summary_of(5.1);
  ASSERT_EQ(summary.trends.size(), 2u);
  ASSERT_EQ(summary.trends[0].curves.size(), 3u);
  const auto& stretches = summary.trends[0].curves[0].trace.stretches();
  EXPECT_EQ(stretches.size(), 5u);
  for (const Trace::Stretch& stretch : stretches) EXPECT_NEAR(stretch.high, 230, 0.01);
}

}  // namespace
}  // namespace polyphase::lab
