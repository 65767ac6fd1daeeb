#include "lab/report_gatherer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lab/report_event.hpp"
#include "modules/list.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

struct Both final : graph::StepObserver {
  Both(graph::StepObserver* a, graph::StepObserver* b) : first(a), second(b) {}
  void stepped(graph::Cadence cadence, Instant end, double duration_s,
               Quality quality) noexcept override {
    first->stepped(cadence, end, duration_s, quality);
    second->stepped(cadence, end, duration_s, quality);
  }
  graph::StepObserver *first, *second;
};

/// `duration_s` of 230 V and 50.2 Hz with 4 % of the 5th and 3 % at 3.5 times the frequency, and a
/// sag 5 s behind ten minutes.
Report report_of(ReportKind kind, double duration_s,
                 const std::vector<std::pair<std::string, std::string>>& sets = {},
                 std::string_view tier = "standard", ChannelMask present = 0xff) {
  auto scenario = sources::simulator::parse_scenario(
      fmt::format(
          "[scenario]\nname = \"x\"\nsample_rate_hz = 1600\nduration_s = {}\nnominal_voltage_v = "
          "230\n"
          "[frequency]\nhz = 50.2\n[voltage]\nrms_v = 230\ntones = [{{ order = 5, percent = 4 }}, "
          "{{ order = 3.5, "
          "percent = 3 }}]\n"
          "[current]\nrms_a = 10\ntones = [{{ order = 5, percent = 30 }}]\n"
          "[[event]]\nkind = \"sag\"\nstart_s = 605\nduration_s = 0.1\npercent = 60\nphases = "
          "\"a\"\n",
          duration_s),
      "x.toml");
  EXPECT_TRUE(scenario) << scenario.error().text();
  sources::simulator::Simulator simulator(*scenario);
  Findings findings;
  auto engine = graph::Engine::create(*modules::device_template(tier), modules::list(), findings);
  EXPECT_TRUE(engine) << engine.error().text();
  for (const auto& [name, value] : sets) EXPECT_TRUE((*engine)->set(name, value)) << name;
  ReportGatherer::prepare(**engine, kind);
  SourceInfo info = simulator.info();
  info.channels_present &= present;
  EXPECT_TRUE((*engine)->start(info));
  ReportGatherer gatherer(**engine, kind, info.channels_present);
  RecordingWatch watch(**engine);
  Both both{&gatherer, &watch};
  (*engine)->observe(&both);
  for (SampleBlock block; *simulator.next(block);) (*engine)->process(block);
  (*engine)->finish();
  return gatherer.report(findings,
                         {info, {}, Instant{}.plus_s(duration_s), {}, {}, watch.doubts()});
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
  EXPECT_NEAR(harmonics->at_share, 4, 0.001);
  EXPECT_EQ(harmonics->highest, harmonics->at_share) << "of one interval";
  EXPECT_EQ(harmonics->verdict, Verdict::not_whole) << "though measured to order 14 only";
  EXPECT_EQ(report.orders_measured, 14u);
  EXPECT_EQ(harmonics->count.valid, 1);
  EXPECT_EQ(harmonics->count.invalid, 1);
  ASSERT_EQ(report.events.size(), 1u);
  EXPECT_EQ(cell_of(report.events[0]), "C1");
}

TEST(ReportGatherer, HoldsMainsSignallingOfThreeSecondsAgainstItsCurve) {
  const Report report = report_of(ReportKind::en50160, 613,
                                  {{"FAC1.Nominal Voltage", "230"},
                                   {"MSE1.Frequency", "175.7"},
                                   {"MSE2.Frequency", "175.7"},
                                   {"MSE2.Limit", "2"}});
  const ReportLine *curve = find(report, "V1 signalling 175.7 Hz"),
                   *limit = find(report, "V2 signalling 175.7 Hz");
  ASSERT_NE(curve, nullptr);
  ASSERT_NE(limit, nullptr);
  EXPECT_EQ(curve->limit, "at most 9 %");
  EXPECT_NEAR(curve->at_share, 3, 0.03);
  EXPECT_EQ(curve->count.beyond, 0);
  EXPECT_EQ(curve->count.invalid, 1) << "the sag";
  EXPECT_GT(curve->count.valid, 200);
  EXPECT_EQ(curve->verdict, Verdict::not_whole);
  EXPECT_EQ(limit->limit, "at most 2 %");
  EXPECT_EQ(limit->count.beyond, limit->count.valid);
  const ReportLine* unwatched = find(report, "V3 signalling");
  ASSERT_NE(unwatched, nullptr);
  EXPECT_EQ(unwatched->verdict, Verdict::not_set_up);
  EXPECT_FALSE(unwatched->required);
  EXPECT_NE(overall(report).why.find("Not set up: signalling (V3)."), std::string::npos)
      << overall(report).why;
}

// Covers: TIR-004, TIR-009, MEA-032
TEST(ReportGatherer, KnowsTheClassOfTheTierAndThatEssentialJudgesNothing) {
  for (const auto& [tier, named] :
       {std::pair{"advanced", "A"}, {"standard", "S"}, {"essential", ""}}) {
    const Report report =
        report_of(ReportKind::en50160, 25, {{"FAC1.Nominal Voltage", "230"}}, tier);
    EXPECT_EQ(report.measured_class, named) << tier;
    const ReportLine* signalling = find(report, "Mains signalling");
    ASSERT_NE(signalling, nullptr);
    EXPECT_EQ(signalling->verdict, Verdict::not_set_up) << tier;
    const bool judges = std::any_of(report.lines.begin(), report.lines.end(),
                                    [](const ReportLine& line) { return line.count.valid > 0; });
    EXPECT_EQ(judges, *named != '\0') << tier;
    EXPECT_EQ(
        report.setup.front().second,
        std::string("EN 50160:2010") + (judges ? ", low voltage, synchronous connection" : ""));
  }
}

// Covers: PQ-022
TEST(ReportGatherer, JudgesEn50160ByTheLimitsThatTheMeterCountsBy) {
  const auto standard = [](const Report& report) { return report.setup.front().second; };
  const Report low = report_of(ReportKind::en50160, 25, {{"FAC1.Nominal Voltage", "230"}});
  EXPECT_EQ(standard(low), "EN 50160:2010, low voltage, synchronous connection");
  Settings settings{{"FAC1.Nominal Voltage", "230"}, {"ENF1.Lower Limit", "98"},
                    {"ENF1.Upper Limit", "102"},     {"ENF1.Exceed Max", "5"},
                    {"ENF2.Lower Limit", "85"},      {"ENF2.Upper Limit", "115"},
                    {"ENH1.Total Limit", "6"},       {"ENU1.Upper Limit", "3"}};
  for (const char* n : {"1", "2", "3"})
    settings.emplace_back(std::string("ENM") + n + ".Exceed Max", "1");
  for (const char* n : {"4", "5", "6"})
    settings.emplace_back(std::string("ENM") + n + ".Upper Limit", "115");
  const Report medium = report_of(ReportKind::en50160, 25, settings);
  EXPECT_EQ(standard(medium), "EN 50160:2010, medium voltage, no synchronous connection");
  EXPECT_EQ(find(medium, "Frequency")->limit, "98 to 102 %");
  EXPECT_EQ(find(medium, "Frequency")->share, 95);
  EXPECT_EQ(find(medium, "V1 voltage")->share, 99);
  EXPECT_EQ(find(medium, "Unbalance u2")->limit, "at most 3 %");
  EXPECT_EQ(find(medium, "V1 THD, 10 min, week")->limit, "at most 6 %");
  settings.emplace_back("ENM2.Upper Limit", "107");
  EXPECT_EQ(standard(report_of(ReportKind::en50160, 25, settings)),
            "EN 50160:2010, limits of the voltage as set up, no synchronous connection");
}

TEST(ReportGatherer, CountsTheIntervalThatEndsWithTheLastSample) {
  const Report report = report_of(ReportKind::en50160, 1'200, {{"FAC1.Nominal Voltage", "230"}});
  const ReportLine* frequency = find(report, "Frequency");
  const ReportLine* voltage = find(report, "V2 voltage");
  ASSERT_TRUE(frequency != nullptr && voltage != nullptr);
  EXPECT_EQ(frequency->count.valid + frequency->count.invalid, 120);
  EXPECT_EQ(voltage->count.valid + voltage->count.invalid, 2);
}

TEST(ReportGatherer, KnowsWhenAnIntervalEnded) {
  const Report report = report_of(ReportKind::en50160, 1'201, {{"FAC1.Nominal Voltage", "230"}});
  for (const ReportSeries& series : report.series) {
    if (series.points.empty()) continue;
    EXPECT_EQ(series.points.front().end, Instant{}.plus_s(series.interval_s)) << series.title;
  }
}

TEST(ReportGatherer, RelatesCurrentsToTheDemandUnderIeee519) {
  const Report report = report_of(ReportKind::ieee519, 31,
                                  {{"FAC1.Nominal Voltage", "230"},
                                   {"PQO1.519 Max Demand Current", "20"},
                                   {"PQO1.519 Short Circuit Current", "300"}});
  const ReportLine* daily = find(report, "I1 TDD, 3 s, 99 % of a day");
  ASSERT_NE(daily, nullptr);
  EXPECT_NEAR(daily->at_share, 15, 0.005) << "3 A of 20 A";
  EXPECT_EQ(daily->limit, "at most 10 %") << "twice 5 %, I_SC being 15 I_L";
  EXPECT_GT(daily->count.beyond, 5);
  EXPECT_EQ(report.lines.size(), 2u * (3 * 2 + 3 * 3));
}

// Covers: TIR-010
TEST(ReportGatherer, JudgesByIeee519OnStandardAndAdvancedAlone) {
  for (const char* tier : {"essential", "standard", "advanced"}) {
    const Report report =
        report_of(ReportKind::ieee519, 10, {{"FAC1.Nominal Voltage", "230"}}, tier);
    const bool judges = std::any_of(report.lines.begin(), report.lines.end(),
                                    [](const ReportLine& line) { return line.count.valid > 0; });
    EXPECT_EQ(judges, std::string_view(tier) != "essential") << tier;
    EXPECT_FALSE(report.notes.empty()) << tier;
  }
}

TEST(ReportGatherer, DoesNotJudgeTheUnbalanceOfPhasesInReversedOrder) {
  const Settings nominal{{"FAC1.Nominal Voltage", "230"}};
  Settings other = nominal;
  other.emplace_back("PM1.PhaseOrder", "ACB");  // the samples are in that of ABC
  const Report right = report_of(ReportKind::en50160, 601, nominal),
               reversed = report_of(ReportKind::en50160, 601, other);
  EXPECT_TRUE(right.warnings.empty());
  EXPECT_EQ(find(right, "Unbalance u2")->count.valid, 1);
  ASSERT_EQ(reversed.warnings.size(), 1u);
  EXPECT_NE(report_text(reversed).find("warning: for 100 % of the time the phases rotate against"),
            std::string::npos);
  EXPECT_NE(report_html(reversed).find("<b>Warning</b>"), std::string::npos);
  EXPECT_NE(report_json(reversed).find("\"warnings\":[\"for 100 %"), std::string::npos);
  EXPECT_EQ(find(reversed, "Unbalance u2")->verdict, Verdict::not_set_up);
  EXPECT_STREQ(overall(reversed).word(), "cannot be said");
}

std::string names_of(const Report& report) {
  std::string names;
  for (const ReportLine& line : report.lines)
    if (names.find(line.what + ";") == std::string::npos) names += line.what + ";";
  return names;
}

TEST(ReportGatherer, WantsOfASinglePhaseNoMoreThanItHas) {
  const Settings single{{"FAC1.Nominal Voltage", "230"}, {"PM1.Volts Mode", "SINGLE"}};
  const auto lines = [&](ReportKind kind, ChannelMask present, Settings settings) {
    return names_of(report_of(kind, 1, settings, "standard", present));
  };
  EXPECT_EQ(lines(ReportKind::en50160, 0x11, single),
            "Frequency;V1 voltage;V1 flicker Plt;Mains signalling;"
            "V1 harmonics, 10 min, week;V1 THD, 10 min, week;");
  const std::string split = lines(ReportKind::en50160, 0x33, single);
  EXPECT_NE(split.find("V2 voltage;"), std::string::npos) << split;
  EXPECT_EQ(split.find("V3"), std::string::npos) << split;
  EXPECT_EQ(split.find("Unbalance"), std::string::npos) << split;
  EXPECT_NE(lines(ReportKind::en50160, 0x11, {}).find("V3 voltage;"), std::string::npos)
      << "of a four-wire system it is not there";
  const auto notes = [&](ChannelMask present, const Settings& settings) {
    return report_of(ReportKind::en50160, 1, settings, "standard", present).notes;
  };
  EXPECT_TRUE(notes(0x11, single).empty());
  EXPECT_EQ(notes(0x11, {{"FAC1.Nominal Voltage", "230"}}),
            std::vector<std::string>{
                "the wiring has V2, V3: not found; --map and --wiring choose otherwise"});
  Settings currents = single;
  currents.insert(currents.end(), {{"PQO1.519 Max Demand Current", "20"},
                                   {"PQO1.519 Short Circuit Current", "300"}});
  const std::string harmonics = lines(ReportKind::ieee519, 0x11, currents);
  EXPECT_NE(harmonics.find("I1 TDD"), std::string::npos) << harmonics;
  EXPECT_EQ(harmonics.find("I2"), std::string::npos) << harmonics;
  EXPECT_EQ(harmonics.find("V2"), std::string::npos) << harmonics;
}

TEST(ReportGatherer, JudgesTheThirdVoltageOfAThreeWireSystemByTheOthers) {
  const Report report =
      report_of(ReportKind::en50160, 601,
                {{"FAC1.Nominal Voltage", "230"}, {"PM1.Volts Mode", "DELTA"}}, "standard", 0x33);
  for (const char* what : {"V3 voltage", "Unbalance u2", "V3 THD, 10 min, week"}) {
    ASSERT_NE(find(report, what), nullptr) << what;
    EXPECT_EQ(find(report, what)->count.valid, 1) << what;
  }
}

const std::string* setup(const Report& report, std::string_view what) {
  for (const auto& [name, value] : report.setup)
    if (name == what) return &value;
  return nullptr;
}

TEST(ReportGatherer, NamesWhatTheFiguresDependOn) {
  const Report report = report_of(ReportKind::ieee519, 1,
                                  {{"FAC1.Nominal Voltage", "230"},
                                   {"SS1.Sag Lim", "85"},
                                   {"SS1.RVC Lim", "3"},
                                   {"PQO1.519 Max Demand Current", "20"},
                                   {"PQO1.519 Short Circuit Current", "300"}});
  for (const auto& [what, words] : {std::pair{"Standard", "IEEE 519-2022"},
                                    {"Nominal voltage", "230 V"},
                                    {"Nominal frequency", "50 Hz"},
                                    {"Bus voltage class", "at most 1 kV"},
                                    {"Short-circuit current I_SC", "300 A"},
                                    {"Maximum demand current I_L", "20 A"},
                                    {"I_SC / I_L", "15; the limits of the currents follow"},
                                    {"Events", "sag below 85 %, swell above 110 %, interruption"},
                                    {"Rapid voltage changes", "above 3 %"},
                                    {"Program", "Polyphase "}}) {
    const std::string* value = setup(report, what);
    ASSERT_NE(value, nullptr) << what;
    EXPECT_EQ(value->rfind(words, 0), 0u) << what << ": " << *value;
  }
}

TEST(ReportGatherer, DrawsDistortionDemandAndTheWorstOrderOfEach) {
  const Report report = report_of(ReportKind::ieee519, 31,
                                  {{"FAC1.Nominal Voltage", "230"},
                                   {"PQO1.519 Max Demand Current", "20"},
                                   {"PQO1.519 Short Circuit Current", "300"}});
  for (const char* title : {"V1 THD, 3 s, worst day", "V1 worst order H5, 3 s, worst day",
                            "I3 TDD, 3 s, worst day", "I3 worst order H5, 3 s, worst day"}) {
    const auto found = std::find_if(report.series.begin(), report.series.end(),
                                    [&](const ReportSeries& s) { return s.title == title; });
    ASSERT_NE(found, report.series.end()) << title;
    EXPECT_GE(found->points.size(), 8u) << title;
  }
}

TEST(ReportGatherer, SaysWhatIsNotSet) {
  const Report report = report_of(ReportKind::ieee519, 1);
  EXPECT_TRUE(report.lines.empty());
  EXPECT_EQ(report.notes.size(), 2u) << "nominal voltage, currents";
}

}  // namespace
}  // namespace polyphase::lab
