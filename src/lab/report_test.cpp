#include "lab/report.hpp"

#include <gtest/gtest.h>

#include "lab/report_chart.hpp"
#include "lab/report_event.hpp"

namespace polyphase::lab {
namespace {

namespace en50160 = pq::en50160;

bool shows(const std::string& page, std::string_view text) {
  return page.find(text) != std::string::npos;
}
std::size_t count(const std::string& page, std::string_view text) {
  std::size_t n = 0;
  for (std::size_t at = page.find(text); at != std::string::npos; at = page.find(text, at + 1)) ++n;
  return n;
}

/// A voltage of `usual` % with `odd` of `points` intervals at `oddity` %.
Report voltage_report(int points, int odd, double oddity, int flagged = 0) {
  Report report;
  report.title = "EN 50160";
  report.recording.source.description = "a < b & c.cfg";
  report.nominal_v = 230;
  report.recording.end = Instant{}.plus_s(600.0 * points);
  ReportSeries series{
      "V1 voltage", "V", 600, 230, en50160::supply_voltage(en50160::Network::low_voltage), {}};
  for (int i = 0; i < points; ++i) {
    ReportPoint point{Instant{}.plus_s(600.0 * (i + 1)), i < odd ? 2.3 * oddity : 230, {}};
    if (i >= points - flagged) point.quality.add(Quality::disturbed);
    series.points.push_back(point);
  }
  report.series = {series};
  judge(report);
  return report;
}

registers::Disturbance event(std::string_view type, double percent, double duration_s) {
  registers::Disturbance d;
  d.type = type;
  d.end = Instant{}.plus_s(duration_s);
  d.nominal = 230;
  d.extreme = 2.3 * percent;
  return d;
}

TEST(Report, JudgesAWeekByTheShareOfItsIntervals) {
  const auto verdicts = [](const Report& r) {
    return std::pair{r.lines.at(0).verdict, r.lines.at(1).verdict};
  };
  EXPECT_EQ(verdicts(voltage_report(1'008, 50, 89)),
            std::pair(Verdict::complies, Verdict::complies));
  EXPECT_EQ(verdicts(voltage_report(1'008, 51, 89)), std::pair(Verdict::fails, Verdict::complies));
  EXPECT_EQ(verdicts(voltage_report(1'008, 1, 84)), std::pair(Verdict::complies, Verdict::fails));
  EXPECT_EQ(verdicts(voltage_report(0, 0, 0)),
            std::pair(Verdict::not_measured, Verdict::not_measured));
  EXPECT_EQ(verdicts(voltage_report(3, 0, 0, 3)),
            std::pair(Verdict::all_flagged, Verdict::all_flagged));
}

TEST(Report, FailsWhatTheRestOfThePeriodCannotMend) {
  const Report report = voltage_report(4, 4, 80);
  EXPECT_EQ(report.lines[0].verdict, Verdict::not_whole) << "4 of 1008 may be beyond";
  EXPECT_EQ(report.lines[1].verdict, Verdict::fails) << "of the second limit none may";
  EXPECT_EQ(voltage_report(100, 51, 89).lines[0].verdict, Verdict::fails);
}

TEST(Report, SaysOfTheWholeWhetherItCompliesAndWhy) {
  Report report = voltage_report(1'008, 10, 89);
  EXPECT_STREQ(overall(report).word(), "complies");
  ReportSeries signalling{"Mains signalling", "", 3, 0, en50160::mains_signalling(), {}};
  signalling.set_up = signalling.required = false;
  report.series = {signalling};
  judge(report);
  EXPECT_STREQ(overall(report).word(), "complies") << "nobody asked for signalling";
  EXPECT_EQ(overall(report).why, "Not set up: Mains signalling.");
  EXPECT_STREQ(overall(voltage_report(1'008, 51, 89)).word(), "does not comply");
  EXPECT_EQ(overall(voltage_report(1'008, 51, 89)).why, "Beyond the limit: voltage (V1).");
  const Overall part = overall(voltage_report(100, 0, 0));
  EXPECT_STREQ(part.word(), "cannot be said");
  EXPECT_TRUE(shows(part.why, "The recording of 16 h 40 min holds no whole period")) << part.why;
  EXPECT_FALSE(shows(part.why, "So far"));
  EXPECT_TRUE(shows(overall(voltage_report(100, 6, 89)).why,
                    "So far more often beyond the limit than may be: voltage (V1)."));
  EXPECT_EQ(overall(voltage_report(2, 0, 0, 2)).why, "All excluded (flagged): voltage (V1).");
  EXPECT_STREQ(overall(Report{}).word(), "cannot be said");
  report.all_judged = false;
  EXPECT_STREQ(overall(report).word(), "cannot be said") << "voltages without currents";
}

TEST(Report, GivesVoltagesAndFrequencyInTheirOwnUnitsToo) {
  const Report report = voltage_report(100, 1, 89);
  EXPECT_EQ(report.lines[0].unit_limit, "207 to 253 V");
  EXPECT_NEAR(report.lines[0].in_unit(report.lines[0].lowest), 204.7, 1e-9);
  EXPECT_TRUE(shows(report_text(report), "in V"));
  EXPECT_TRUE(shows(report_html(report), "204.700 V"));
  EXPECT_TRUE(shows(report_json(report), "\"limit\":\"207 to 253 V\""));
}

/// A week of 10 min with one order of V1 at so many percent, measured to an order.
Report harmonics_report(double percent, unsigned order_max) {
  HarmonicAssessment assessment{"V1", "10 min, week", 600, en50160::week_s, 95, 40, {}, 8};
  for (unsigned h = 0; h <= checked_order_max; ++h)
    assessment.limit[h] = en50160::harmonic_limit(h);
  HarmonicCheck check(assessment);
  PercentByOrder values{};
  values[5] = percent;
  for (unsigned h = order_max + 1; h <= checked_order_max; ++h)
    values[h] = registers::not_available;
  for (int i = 0; i < 1'008; ++i)
    check.add(values, Instant{}.plus_s(600.0 * (i + 1)), Exclusion::none);
  check.finish();
  Report report;
  report.title = "EN 50160";
  judge(report, check);
  return report;
}

TEST(Report, PercentilesOfHarmonicsAgreeWithTheirCounts) {
  const Report report = harmonics_report(6.02, 40);
  EXPECT_EQ(report.lines.at(0).count.beyond, 1'008);
  EXPECT_NEAR(report.lines.at(0).at_share, 6.02, 1e-6);
  EXPECT_NEAR(report.lines.at(0).highest, 6.02, 1e-6);
  EXPECT_EQ(report.lines.at(0).verdict, Verdict::fails);
  EXPECT_TRUE(shows(report_text(report), "H5           6        6.020    6.020    100.00"))
      << report_text(report);
  EXPECT_TRUE(shows(report_html(report), "<td>5</td><td>6</td><td class=\"fails\">6.020</td>"));
  EXPECT_TRUE(shows(report_json(report), "\"highest\":6.0"));
  EXPECT_EQ(orders_note(report), "");
}

TEST(Report, JudgesTheMeasuredOrdersAndSaysOnceUpToWhich) {
  Report report = harmonics_report(1, 18);
  const Report again = harmonics_report(1, 18);
  report.lines.insert(report.lines.end(), again.lines.begin(), again.lines.end());
  for (const ReportLine& line : report.lines) EXPECT_EQ(line.verdict, Verdict::complies);
  EXPECT_EQ(count(report_text(report), "to order 18 of 40"), 1u) << report_text(report);
  EXPECT_TRUE(shows(overall(report).why, "Harmonics to order 18"));
}

TEST(Report, DrawsTheTotalAndTheWorstOrder) {
  const std::string page = report_html(harmonics_report(6.02, 40));
  EXPECT_TRUE(shows(page, "<h3>V1 THD, 10 min</h3>"));
  EXPECT_TRUE(shows(page, "<h3>V1 worst order H5, 10 min</h3>"));
}

TEST(Report, GivesFiguresButNoVerdictOfLessThanAWeek) {
  const Report report = voltage_report(100, 20, 89);
  EXPECT_EQ(report.lines[0].verdict, Verdict::not_whole);
  EXPECT_EQ(report.lines[0].count.beyond, 20);
  EXPECT_NEAR(report.lines[0].lowest, 89, 1e-9);
  EXPECT_NEAR(report.lines[0].at_share, 89, 1e-9);
  EXPECT_TRUE(shows(report_text(report), "not a whole period"));
}

TEST(Report, LeavesOutFlaggedIntervals) {
  const Report report = voltage_report(1'008, 60, 50, 1'008 - 60);
  EXPECT_EQ(report.lines[0].count.valid, 60);
  EXPECT_EQ(report.lines[0].count.invalid, 948);
  EXPECT_EQ(report.lines[0].verdict, Verdict::fails);
}

TEST(Report, TakesTheFarthestValueOfTheShareThatMustBeWithin) {
  Report report = voltage_report(1'000, 50, 80);
  EXPECT_NEAR(report.lines[0].at_share, 100, 1e-9) << "the 5 % at 80 may be left out";
  EXPECT_NEAR(report.lines[1].at_share, 80, 1e-9);
}

/// Days of 3 s values of which each has that many intervals at 5 %, the rest at 1 %.
Report signalling_report(const std::vector<int>& beyond_by_day, int intervals = 28'800) {
  Report report;
  ReportSeries series{"V1 signalling 175 Hz", "%", 3, 0, en50160::mains_signalling(), {}};
  series.limits.usual.high = 4;
  for (std::size_t day = 0; day < beyond_by_day.size(); ++day)
    for (int i = 0; i < intervals; ++i)
      series.points.push_back({Instant{}.plus_s(86'400.0 * static_cast<double>(day) + 3 * (i + 1)),
                               i < beyond_by_day[day] ? 5.0 : 1.0,
                               {}});
  report.series = {series};
  judge(report);
  return report;
}

TEST(Report, JudgesSignallingByTheWorstDay) {
  const auto verdict = [](const std::vector<int>& days) {
    return signalling_report(days).lines.at(0).verdict;
  };
  EXPECT_EQ(verdict({288, 0}), Verdict::complies) << "1 % of a day";
  EXPECT_EQ(verdict({0, 289, 0}), Verdict::fails) << "though not of three";
  const ReportLine line = signalling_report({100, 289, 0}).lines.at(0);
  EXPECT_EQ(line.count.beyond, 289);
  EXPECT_EQ(line.count.valid, 28'800);
  EXPECT_EQ(line.limit, "at most 4 %");
  EXPECT_EQ(line.share, 99);
  EXPECT_EQ(line.at_share, 5);
  EXPECT_EQ(signalling_report({288}, 1'000).lines.at(0).verdict, Verdict::not_whole);
  EXPECT_EQ(signalling_report({289}, 1'000).lines.at(0).verdict, Verdict::fails);
  EXPECT_EQ(signalling_report({0, 289}, 1'000).lines.at(0).count.beyond, 289);
}

TEST(Report, SaysThatNobodyHasSetUpMainsSignalling) {
  Report report;
  ReportSeries series{"Mains signalling", "", 3, 0, en50160::mains_signalling(), {}};
  series.set_up = false;
  report.series = {series};
  judge(report);
  EXPECT_TRUE(shows(report_text(report), "not set up"));
  EXPECT_TRUE(shows(report_html(report), "not set up"));
  EXPECT_TRUE(shows(report_json(report), "\"verdict\":\"not set up\""));
}

TEST(Report, CountsNothingWhereThereIsNoLimit) {
  Report report = voltage_report(3, 3, 50);
  report.lines.clear();
  report.series[0].set_up = false;
  report.series[0].reference = 0;
  judge(report);
  ASSERT_EQ(report.lines.size(), 1u) << "nor a second limit";
  EXPECT_EQ(report.lines[0].verdict, Verdict::not_set_up);
  EXPECT_EQ(report.lines[0].count.beyond, 0);
  EXPECT_EQ(report.lines[0].count.valid, 0);
  EXPECT_TRUE(
      shows(report_text(report),
            "V1 voltage             -      -      -       -         -       -        -  not"))
      << report_text(report);
  EXPECT_TRUE(shows(report_html(report), "<td>V1 voltage</td><td class=\"left\"></td><td>–</td>"));
  EXPECT_FALSE(shows(report_json(report), "\"beyond\""));
  EXPECT_FALSE(shows(trend_chart(report.series[0]), "class=\"limit\"")) << "volts are no percent";
}

// Covers: TIR-004
TEST(Report, NamesTheClassOfItsTierInEveryForm) {
  Report report = voltage_report(1, 0, 0);
  for (const char* named : {"A", "S"}) {
    report.measured_class = named;
    const std::string text = std::string("measured by class ") + named + " of IEC 61000-4-30";
    EXPECT_TRUE(shows(report_text(report), text));
    EXPECT_TRUE(shows(report_html(report), text));
    EXPECT_TRUE(
        shows(report_json(report), std::string("\"iec61000_4_30_class\":\"") + named + "\""));
  }
  report.recording.doubts.unsynchronised_s = 1;
  EXPECT_TRUE(shows(report_text(report), "IEC 61000-4-30, but for the clock"));
  report.measured_class.clear();
  EXPECT_TRUE(shows(report_text(report), "measured by no class of IEC 61000-4-30"));
  EXPECT_TRUE(shows(report_html(report), "measured by no class of IEC 61000-4-30"));
  EXPECT_TRUE(shows(report_json(report), "\"iec61000_4_30_class\":null"));
}

// Covers: MEA-031
TEST(Report, SortsEventsIntoCellsAndByBothCurves) {
  EXPECT_EQ(cell_of(event("sag", 65, 0.3)), "C2");
  EXPECT_EQ(iti_of(event("sag", 65, 0.3)), "below");
  EXPECT_EQ(semi_f47_of(event("sag", 72, 0.3)), "inside");
  EXPECT_EQ(cell_of(event("swell", 125, 0.1)), "S1");
  EXPECT_EQ(iti_of(event("swell", 125, 0.1)), "above");
  EXPECT_EQ(cell_of(event("interruption", 0, 2)), "N2");
  auto open = event("sag", 65, 0.3);
  open.open = true;
  EXPECT_EQ(cell_of(open), "-");
}

// Covers: PQ-064
TEST(Report, WritesAPageThatNeedsNoOther) {
  Report report = voltage_report(1'008, 51, 89, 3);
  report.setup = {{"Nominal voltage", "230 V"}};
  report.events = {event("sag", 65, 0.3), event("swell", 125, 0.1), event("interruption", 0, 2)};
  report.events[0].direction = DirectionFinding{Direction::upstream, Confidence::high};
  report.events[0].per_channel[1].affected = true;
  const std::string page = report_html(report);
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_TRUE(shows(page, "</html>"));
  for (const char* outside : {"src=", "href=", "<script", "@import", "url("})
    EXPECT_FALSE(shows(page, outside)) << outside;
  EXPECT_TRUE(shows(page, "a &lt; b &amp; c.cfg"));
  EXPECT_FALSE(shows(page, "a < b & c"));
  EXPECT_TRUE(shows(page, "<b class=\"fails\">EN 50160: does not comply</b>"));
  EXPECT_TRUE(shows(page, "<td>Nominal voltage</td><td>230 V</td>"));
  EXPECT_TRUE(shows(page, "<td>V1 voltage</td><td>3</td><td>0</td><td>0</td><td>1008</td>"));
  EXPECT_TRUE(shows(page, "<tr><td>C: 70 &gt; u ≥ 40</td><td>0</td><td>1</td>")) << "the sag";
  EXPECT_TRUE(shows(page, "<tr><td>S: u ≥ 120</td><td>1</td><td>0</td>")) << "the swell";
  EXPECT_TRUE(shows(page, "<tr><td>number</td><td>0</td><td>1</td><td>0</td><td>0</td>"))
      << "the interruption of 2 s";
  EXPECT_TRUE(shows(page, "<td class=\"left\">V2</td>"));
  EXPECT_TRUE(shows(page, "<td class=\"left\">upstream (high)</td>"));
  EXPECT_EQ(count(page, "<svg"), 3u);
  EXPECT_EQ(count(page, "</svg>"), 3u);
  EXPECT_EQ(count(page, "<circle"), 3u);
  EXPECT_TRUE(shows(page, "<td>Clock</td>"));
  EXPECT_TRUE(shows(page, "<td>Signature</td>"));
  EXPECT_TRUE(shows(page, "prefers-color-scheme: dark"));
  EXPECT_TRUE(shows(page, "@media print"));
}

// Covers: MEA-031
TEST(Report, TellsWhatSemiF47RequiresFromWhatItRecommends) {
  EXPECT_EQ(semi_f47_text(event("sag", 79, 0.9)), "below");
  EXPECT_EQ(semi_f47_text(event("sag", 81, 0.9)), "inside");
  EXPECT_EQ(semi_f47_text(event("sag", 81.5, 15)), "below (rec.)");
  EXPECT_EQ(semi_f47_text(event("sag", 86, 150)), "below (rec.)");
  EXPECT_EQ(semi_f47_text(event("sag", 85, 5)), "inside (rec.)");
  EXPECT_EQ(semi_f47_text(event("sag", 75, 5)), "below") << "which it was within the first second";
  EXPECT_EQ(semi_f47_text(event("sag", 0, 0.015)), "inside (rec.)") << "for a cycle";
  EXPECT_EQ(semi_f47_text(event("sag", 60, 0.015)), "inside");
  EXPECT_EQ(semi_f47_text(event("swell", 115, 150)), "-");
  Report report = voltage_report(3, 0, 0);
  report.events = {event("sag", 86, 150)};
  EXPECT_TRUE(shows(report_text(report), "below (rec.)"));
  EXPECT_TRUE(shows(report_html(report), "<td>below (rec.)</td>"));
  EXPECT_TRUE(
      shows(report_json(report), "\"semi_f47\":\"below\",\"semi_f47_by\":\"recommendation\""));
  EXPECT_EQ(count(event_chart(report.events), "semi recommended\""), 2u);
  EXPECT_EQ(count(event_chart(report.events), "limit semi\""), 1u);
}

TEST(Report, OfIeee519ShowsNoCellsOfEn50160) {
  Report report = voltage_report(3, 0, 0);
  report.events = {event("sag", 65, 0.3)};
  EXPECT_TRUE(shows(report_html(report), "<td>C2</td>"));
  report.kind = ReportKind::ieee519;
  for (const std::string& form : {report_text(report), report_html(report), report_json(report)}) {
    EXPECT_TRUE(shows(form, "sag"));
    for (const char* word : {"C2", "Cell", "cell", "N1"})
      EXPECT_FALSE(shows(form, word)) << word << form;
  }
}

TEST(Report, AnEventThatIsNotOverIsOpenInEveryForm) {
  Report report = voltage_report(3, 0, 0);
  report.events = {event("sag", 65, 0.01)};
  report.events[0].open = true;
  EXPECT_TRUE(shows(report_text(report), "      open   65.0 %")) << report_text(report);
  EXPECT_TRUE(shows(report_html(report), "<td>open</td>"));
  EXPECT_TRUE(shows(report_json(report), "\"end\":null"));
  EXPECT_TRUE(shows(report_json(report), "\"duration_s\":null"));
  EXPECT_EQ(iti_of(report.events[0]), "-") << "not beyond the curve yet";
  report.events[0].end = Instant{}.plus_s(2);
  EXPECT_EQ(iti_of(report.events[0]), "below") << "which no end changes";
}

TEST(Report, ListsRapidVoltageChangesWhereTheyWereLookedFor) {
  Report report = voltage_report(3, 0, 0);
  EXPECT_FALSE(shows(report_html(report), "Rapid voltage changes"));
  report.changes_looked_for = true;
  EXPECT_TRUE(shows(report_text(report), "rapid voltage changes: 0"));
  auto change = event("rvc", 0, 0.5);
  change.delta_max = 11.5;
  change.delta_ss = 4.6;
  report.changes = {change};
  EXPECT_TRUE(shows(report_html(report), "<td>11.50</td><td>5.00</td><td>4.60</td><td>2.00</td>"));
  EXPECT_TRUE(shows(report_text(report), "0.500 s  11.50 V  4.60 V")) << report_text(report);
  EXPECT_TRUE(shows(report_json(report), "\"delta_max\":11.5"));
}

TEST(Report, SaysWhatTheLineVoltagesAreForMotors) {
  Report report = voltage_report(3, 0, 0);
  EXPECT_FALSE(shows(report_text(report), "NEMA"));
  EXPECT_TRUE(shows(report_json(report), "\"motor_voltage\":null"));
  report.motor = {true, {}, 2.5, 6};
  report.motor.count.valid = 20;
  for (const std::string& form : {report_text(report), report_html(report)}) {
    EXPECT_TRUE(shows(form, "2.500 % for 95 % of the intervals, 6.000 % at most")) << form;
    EXPECT_TRUE(shows(form, "0.915 for 95 % of the intervals, none (above 5 %"));
    EXPECT_TRUE(shows(form, "edition and clause text not read"));
  }
  EXPECT_TRUE(shows(report_json(report), "\"derating_at_highest\":null"));
  EXPECT_TRUE(shows(report_json(report), "\"unbalance_95_percent\":2.5"));
}

TEST(Report, ColumnsOfTextFitWhatStandsInThem) {
  Report report = voltage_report(3, 0, 0);
  report.lines[0].what = "I1 harmonics, 10 min, 95 % of a week";
  const std::string text = report_text(report);
  const auto column = [&](std::string_view of_line, std::string_view word) {
    const std::size_t line = text.find(of_line), begin = text.rfind('\n', line);
    return text.find(word, line) - begin;
  };
  EXPECT_EQ(column("I1 harmonics", "90 to"), column("V1 voltage", "85 to")) << text;
}

TEST(Report, DrawsWhatWasExcludedAndTheLimits) {
  const Report report = voltage_report(1'008, 51, 89, 3);
  const std::string trend = trend_chart(report.series[0]);
  EXPECT_GE(count(trend, "class=\"excluded\""), 1u);
  EXPECT_EQ(count(trend, "class=\"limit\""), 3u) << "85, 90, 110";
  EXPECT_TRUE(shows(trend, ">90 %</text>"));
  EXPECT_GE(count(trend, "01-0"), 6u) << "days along the axis";
  const std::string histogram = histogram_chart(report.series[0]);
  EXPECT_EQ(count(histogram, "<rect"), 2u) << "89 % and 100 %";
  EXPECT_TRUE(shows(histogram, ">100 %</text>")) << "numbers along the axis";
}

TEST(Report, BreaksALineWhereAnIntervalWasExcluded) {
  Report report = voltage_report(100, 0, 0);
  EXPECT_EQ(count(trend_chart(report.series[0]), "<polyline"), 1u);
  report.series[0].points[50].quality.add(Quality::disturbed);
  EXPECT_EQ(count(trend_chart(report.series[0]), "<polyline"), 2u);
  report.series[0].points[52].quality.add(Quality::partial);
  EXPECT_EQ(count(trend_chart(report.series[0]), "<polyline"), 2u);
  EXPECT_EQ(count(trend_chart(report.series[0]), "<circle"), 1u) << "the one between";
  EXPECT_EQ(count(trend_chart(report.series[0]), "class=\"excluded\""), 2u);
  report.series[0].points[51].quality.add(Quality::disturbed);
  EXPECT_EQ(count(trend_chart(report.series[0]), "class=\"excluded\""), 1u) << "neighbours";
}

TEST(Report, BreaksALineWhereNothingWasRecorded) {
  Report report = voltage_report(100, 0, 0);
  for (int i = 50; i < 100; ++i) {
    ReportPoint& point = report.series[0].points[static_cast<std::size_t>(i)];
    point.end = point.end.plus_s(3'600);
  }
  EXPECT_EQ(count(trend_chart(report.series[0]), "<polyline"), 2u);
}

TEST(Report, SaysInWordsWhyThereIsNothingToDraw) {
  EXPECT_TRUE(
      shows(report_html(voltage_report(2, 0, 0, 2)), "No interval of 10 min counts: 2 flagged."));
  EXPECT_TRUE(shows(report_html(voltage_report(0, 0, 0)), "No interval of 10 min was completed."));
  EXPECT_TRUE(shows(trend_chart(ReportSeries{}), "Not measured."));
}

TEST(Report, MarksEventsBeyondTheAxes) {
  const std::vector<registers::Disturbance> events{event("sag", 87, 1'200), event("swell", 230, 1)};
  const std::string chart = event_chart(events);
  EXPECT_EQ(count(chart, "<polygon"), 2u);
  EXPECT_EQ(count(chart, "<circle"), 0u);
  EXPECT_TRUE(shows(chart, ">1200 s</text>"));
  EXPECT_TRUE(shows(chart, ">230 %</text>"));
}

TEST(Report, WritesJsonWithTheSameFigures) {
  Report report = voltage_report(1'008, 51, 89);
  report.events = {event("sag", 65, 0.3)};
  const std::string json = report_json(report);
  EXPECT_TRUE(shows(json, "\"beyond\":51")) << json;
  EXPECT_TRUE(shows(json, "\"verdict\":\"does not comply\""));
  EXPECT_TRUE(shows(json, "\"cell\":\"C2\""));
}

}  // namespace
}  // namespace polyphase::lab
