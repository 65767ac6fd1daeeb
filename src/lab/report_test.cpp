#include "lab/report.hpp"

#include <gtest/gtest.h>

#include "lab/report_chart.hpp"

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
  report.recording = "a < b & c.cfg";
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
  EXPECT_EQ(signalling_report({500}, 1'000).lines.at(0).verdict, Verdict::not_whole);
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
  report.events = {event("sag", 65, 0.3), event("swell", 125, 0.1)};
  report.orders = {{"V1", "10 min", 5, 6, 6.5, 7, true}};
  const std::string page = report_html(report);
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_TRUE(shows(page, "</html>"));
  for (const char* outside : {"src=", "href=", "<script", "@import", "url("})
    EXPECT_FALSE(shows(page, outside)) << outside;
  EXPECT_TRUE(shows(page, "a &lt; b &amp; c.cfg"));
  EXPECT_FALSE(shows(page, "a < b & c"));
  EXPECT_TRUE(shows(page, "does not comply"));
  EXPECT_TRUE(shows(page, "flagged: a sag, swell or interruption</td><td>3<"));
  EXPECT_TRUE(shows(page, "<tr><td>C</td><td>0</td><td>1</td><td>0</td>")) << "the sag";
  EXPECT_TRUE(shows(page, "<tr><td>S</td><td>1</td><td>0</td>")) << "the swell";
  EXPECT_EQ(count(page, "<tr class=\"fails\">"), 1u);
  EXPECT_EQ(count(page, "<svg"), 3u);
  EXPECT_EQ(count(page, "</svg>"), 3u);
  EXPECT_EQ(count(page, "<circle"), 2u);
  EXPECT_TRUE(shows(page, "prefers-color-scheme: dark"));
  EXPECT_TRUE(shows(page, "@media print"));
}

TEST(Report, DrawsWhatWasExcludedAndTheLimits) {
  const Report report = voltage_report(1'008, 51, 89, 3);
  const std::string trend = trend_chart(report.series[0]);
  EXPECT_GE(count(trend, "class=\"excluded\""), 1u);
  EXPECT_EQ(count(trend, "class=\"limit\""), 4u) << "90, 110, 85, 110";
  EXPECT_EQ(count(histogram_chart(report.series[0]), "<rect"), 2u) << "89 % and 100 %";
  EXPECT_EQ(trend_chart({}), "");
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
