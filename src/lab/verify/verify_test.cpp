#include "lab/verify/verify.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "lab/verify/report.hpp"
#include "lab/verify/run.hpp"
#include "lab/verify/suites.hpp"

namespace polyphase::lab::verify {
namespace {

/// The first scenario of a group, run.
Experiment first_of(Group (*make)(const Scope&), const MeterOptions& meter = {}) {
  Group group = make({true, meter});
  Experiment experiment = group.experiments.front();
  const auto ran = run(experiment);
  EXPECT_TRUE(ran) << ran.error().text();
  return experiment;
}

Tally tally_of(const Experiment& experiment) {
  Tally tally;
  for (const Check& check : experiment.checks) tally.add(check);
  return tally;
}

MeterOptions with(const std::vector<std::string>& sets) {
  MeterOptions meter;
  meter.sets = sets;
  return meter;
}

TEST(Verify, AMeterAsSuppliedPasses) {
  const Tally tally = tally_of(first_of(power_quantities));
  EXPECT_GT(tally.checks, 10u);
  EXPECT_EQ(tally.failed, 0u);
}

// A constant that is off by 0.3 % is beyond class 0.2; by 0.1 % it is within.
TEST(Verify, AWrongConstantFailsTheClassThatItIsBeyond) {
  const auto volts = [](const char* primary) {
    const Experiment e = first_of(power_quantities, with({primary, "PM1.PT Sec=1000"}));
    for (const Check& check : e.checks)
      if (check.quantity == "Vln a") return check.share_percent();
    return 0.0;
  };
  EXPECT_NEAR(volts("PM1.PT Prim=1003"), 150, 0.1);
  EXPECT_NEAR(volts("PM1.PT Prim=1001"), 50, 0.1);
}

TEST(Verify, TransformersBeforeTheMeterAreTakenOutAgain) {
  MeterOptions meter;
  meter.pt = Ratio{20'000, 100};
  meter.ct = Ratio{400, 5};
  EXPECT_EQ(tally_of(first_of(power_quantities, meter)).failed, 0u);
  meter.sets = {"PM1.CT Sec=1"};
  EXPECT_GT(tally_of(first_of(power_quantities, meter)).failed, 0u);
}

TEST(Verify, ClassSIsOfTheStandardTierAndHasWiderLimits) {
  const auto widest = [](Group (*make)(const Scope&)) {
    double most = 0;
    for (const Experiment& e : make({false, {}}).experiments)
      for (const Check& check : e.checks)
        if (check.clause == "6.2 magnitude") most = std::max(most, check.limit.amount);
    return most;
  };
  EXPECT_EQ(widest(power_quality), 0.1);
  EXPECT_EQ(widest(class_s), 0.5);
  for (const Experiment& e : class_s({true, {}}).experiments) EXPECT_EQ(e.meter.tier, "standard");
  EXPECT_EQ(power_quality({true, {}}).experiments.front().meter.tier, "advanced");
}

TEST(Verify, RefusesASettingThatTheMeterDoesNotHave) {
  VerifyOptions options;
  options.only = {"61557-12"};
  options.quick = true;
  options.meter.sets = {"PM1.Foo=1"};
  const auto passed = verify(options, {[](std::string_view) { return true; }, {}});
  ASSERT_FALSE(passed);
  EXPECT_NE(passed.error().message.find("PM1.Foo"), std::string::npos);
}

TEST(Verify, RefusesAGroupThatThereIsNotAndNamesThoseThereAre) {
  VerifyOptions options;
  options.only = {"4-31"};
  const auto passed = verify(options, {[](std::string_view) { return true; }, {}});
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().code, ErrorCode::not_found);
  EXPECT_NE(passed.error().message.find("4-30"), std::string::npos);
}

Group with_a_failure() {
  Group group{"1-2", "IEC 1-2: <made up>", Confidence::unconfirmed, "made up", {}, {}};
  Experiment e;
  e.scenario = "[scenario]\n";
  Check good{"5.1", "10 % In", "none", "kWh del", "kWh", 2, {1, 0.02, "%"}, {}};
  good.measured = 2.001;
  good.series = "PF 1";
  good.x = 0.1;
  Check bad = good;
  bad.influence = "49 Hz";
  bad.measured = 2.1;
  e.checks = {good, bad};
  group.experiments.push_back(std::move(e));
  return group;
}

TEST(VerifyReport, ShowsWhatFailedWithItsFigures) {
  const std::string text = terminal_report({with_a_failure()}, {"polyphase 1", "", "", "", 1});
  EXPECT_NE(text.find(what_it_certifies), std::string::npos);
  EXPECT_NE(text.find("FAILED  5.1 | 10 % In; 49 Hz | kWh del"), std::string::npos) << text;
  EXPECT_NE(text.find("true 2 kWh, measured 2.1, error 5 of 1 %"), std::string::npos) << text;
  EXPECT_NE(
      text.find(
          "2 checks, 1 failed; the largest error of those that passed takes 5.0 % of its limit"),
      std::string::npos)
      << text;
}

TEST(VerifyReport, JsonHasEveryCheckAndItsScenario) {
  const std::string text = json_report({with_a_failure()}, {});
  EXPECT_NE(text.find(R"("passed":false)"), std::string::npos);
  EXPECT_NE(text.find(R"("measured":2.1)"), std::string::npos);
  EXPECT_NE(text.find(R"("checks_count":2)"), std::string::npos);
  EXPECT_NE(text.find(R"([scenario])"), std::string::npos);
}

TEST(VerifyReport, ThePageStandsByItselfAndHasItsPlots) {
  const std::string page = html_report({with_a_failure()}, {});
  EXPECT_EQ(page.find("<made up>"), std::string::npos) << "is text";
  EXPECT_EQ(page.find("http"), std::string::npos) << "loads nothing";
  EXPECT_NE(page.find("<svg"), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme:dark"), std::string::npos);
  EXPECT_NE(page.find("class=bad>"), std::string::npos);
}

TEST(VerifyRun, AllThreadsGiveTheSameAsOne) {
  const auto measured = [](unsigned threads) {
    std::vector<Group> groups{power_quantities({true, {}})};
    EXPECT_TRUE(run_all(groups, threads, {}));
    std::vector<double> values;
    for (const Experiment& e : groups[0].experiments)
      for (const Check& c : e.checks) values.push_back(c.measured);
    return values;
  };
  EXPECT_EQ(measured(1), measured(3));
}

}  // namespace
}  // namespace polyphase::lab::verify
