#include "lab/report_gatherer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "modules/list.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

/// `duration_s` of 230 V and 50.2 Hz with 4 % of the 5th, and a sag 5 s behind ten minutes.
Report report_of(ReportKind kind, double duration_s,
                 const std::vector<std::pair<std::string, std::string>>& sets = {}) {
  auto scenario = sources::simulator::parse_scenario(
      fmt::format(
          "[scenario]\nname = \"x\"\nsample_rate_hz = 1600\nduration_s = {}\nnominal_voltage_v = "
          "230\n"
          "[frequency]\nhz = 50.2\n[voltage]\nrms_v = 230\ntones = [{{ order = 5, percent = 4 }}]\n"
          "[current]\nrms_a = 10\ntones = [{{ order = 5, percent = 30 }}]\n"
          "[[event]]\nkind = \"sag\"\nstart_s = 605\nduration_s = 0.1\npercent = 60\nphases = "
          "\"a\"\n",
          duration_s),
      "x.toml");
  EXPECT_TRUE(scenario) << scenario.error().text();
  sources::simulator::Simulator simulator(*scenario);
  Findings findings;
  auto engine =
      graph::Engine::create(*modules::device_template("standard"), modules::list(), findings);
  EXPECT_TRUE(engine) << engine.error().text();
  for (const auto& [name, value] : sets) EXPECT_TRUE((*engine)->set(name, value)) << name;
  EXPECT_TRUE((*engine)->start(simulator.info()));
  ReportGatherer gatherer(**engine, kind);
  (*engine)->observe(&gatherer);
  for (SampleBlock block; *simulator.next(block);) (*engine)->process(block);
  (*engine)->finish();
  return gatherer.report(findings, "x", {}, Instant{}.plus_s(duration_s));
}

const ReportLine* find(const Report& report, std::string_view what) {
  for (const ReportLine& line : report.lines)
    if (line.what == what) return &line;
  return nullptr;
}

TEST(ReportGatherer, TakesAggregatesWhenTheyAreReadyAndLeavesFlaggedOnesOut) {
  const Report report = report_of(ReportKind::en50160, 1'201, {{"FAC1.Nominal Voltage", "230"}});
  const ReportLine* frequency = find(report, "Frequency");
  ASSERT_NE(frequency, nullptr);
  EXPECT_EQ(frequency->count.valid + frequency->count.invalid, 120);
  EXPECT_EQ(frequency->count.invalid, 1);
  EXPECT_NEAR(frequency->highest, 100.4, 1e-3);
  EXPECT_EQ(frequency->verdict, Verdict::not_whole);
  const ReportLine* voltage = find(report, "V1 voltage");
  ASSERT_NE(voltage, nullptr);
  EXPECT_EQ(voltage->count.valid, 1);
  EXPECT_EQ(voltage->count.invalid, 1);
  const ReportLine* harmonics = find(report, "V2 harmonics, 10 min, week");
  ASSERT_NE(harmonics, nullptr);
  EXPECT_EQ(harmonics->limit, "H5 at most 6 %");
  EXPECT_NEAR(harmonics->at_share, 4, 0.04);
  EXPECT_EQ(harmonics->count.valid, 1);
  EXPECT_EQ(harmonics->count.invalid, 1);
  ASSERT_EQ(report.events.size(), 1u);
  EXPECT_EQ(cell_of(report.events[0]), "C1");
}

TEST(ReportGatherer, RelatesCurrentsToTheDemandUnderIeee519) {
  const Report report = report_of(ReportKind::ieee519, 31,
                                  {{"FAC1.Nominal Voltage", "230"},
                                   {"PQO1.519 Max Demand Current", "20"},
                                   {"PQO1.519 Short Circuit Current", "300"}});
  const ReportLine* daily = find(report, "I1 TDD, 3 s, 99 % of a day");
  ASSERT_NE(daily, nullptr);
  EXPECT_NEAR(daily->at_share, 15, 0.15) << "3 A of 20 A";
  EXPECT_EQ(daily->limit, "at most 10 %") << "twice 5 %, I_SC being 15 I_L";
  EXPECT_GT(daily->count.beyond, 5);
  EXPECT_EQ(report.lines.size(), 2u * (3 * 2 + 3 * 3));
}

TEST(ReportGatherer, SaysWhatIsNotSet) {
  const Report report = report_of(ReportKind::ieee519, 1);
  EXPECT_TRUE(report.lines.empty());
  EXPECT_EQ(report.notes.size(), 2u) << "nominal voltage, currents";
}

}  // namespace
}  // namespace polyphase::lab
