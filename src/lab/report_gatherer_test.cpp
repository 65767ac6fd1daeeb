#include "lab/report_gatherer.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "graph/describe.hpp"
#include "modules/list.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

using graph::RegisterType;
namespace describe = graph::describe;

/// Stands in for the aggregator: a pulse of every kind a window, frequency 50.2 Hz, every fourth
/// interval flagged.
class Aggregates final : public graph::Module {
 public:
  static const graph::ModuleDescriptor& descriptor() {
    static const graph::ModuleDescriptor d = [] {
      graph::ModuleDescriptor m;
      m.type = "Aggregates";
      m.number = 1'000;
      m.cadence = graph::Cadence::window;
      for (const char* name : {"3s Ready", "10s Ready", "10m Ready", "Plt Ready"})
        m.outputs.push_back(describe::output(name, RegisterType::pulse, "", ""));
      for (const char* name : {"PqFlag 3s", "PqFlag 10s", "PqFlag 10m"})
        m.outputs.push_back(describe::output(name, RegisterType::boolean, "", ""));
      m.outputs.push_back(describe::output("Power Freq 10s", RegisterType::numeric, "Hz", ""));
      return m;
    }();
    return d;
  }
  void run(graph::Step& step) noexcept override {
    const bool flagged = ++runs_ % 4 == 0;
    for (std::size_t o = 0; o < 4; ++o) step.pulse(o);
    for (std::size_t o = 4; o < 7; ++o) step.out(o, flagged);
    Quality quality;
    if (flagged) quality.add(Quality::disturbed);
    step.out(7, 50.2, quality);
  }

 private:
  unsigned runs_ = 0;
};

/// 3 s of 230 V with 4 % of the 5th, and a sag.
Report report_of(ReportKind kind,
                 const std::vector<std::pair<std::string, std::string>>& sets = {}) {
  auto scenario = sources::simulator::parse_scenario(
      "[scenario]\nname = \"x\"\nsample_rate_hz = 5000\nduration_s = 3\nnominal_voltage_v = 230\n"
      "[voltage]\nrms_v = 230\ntones = [{ order = 5, percent = 4 }]\n[current]\nrms_a = 10\n"
      "tones = [{ order = 5, percent = 30 }]\n"
      "[[event]]\nkind = \"sag\"\nstart_s = 1\nduration_s = 0.1\npercent = 60\nphases = \"a\"\n",
      "x.toml");
  EXPECT_TRUE(scenario) << scenario.error().text();
  sources::simulator::Simulator simulator(*scenario);
  auto device = modules::device_template("standard");
  device->modules.push_back({"Aggregates", "PQA1", "{}", {}, {}, {}, "test"});
  std::vector<graph::ModuleType> types(modules::list().begin(), modules::list().end());
  types.push_back({Aggregates::descriptor,
                   [] { return std::unique_ptr<graph::Module>(std::make_unique<Aggregates>()); }});
  Findings findings;
  auto engine = graph::Engine::create(*device, types, findings);
  EXPECT_TRUE(engine) << engine.error().text();
  for (const auto& [name, value] : sets) EXPECT_TRUE((*engine)->set(name, value)) << name;
  EXPECT_TRUE((*engine)->start(simulator.info()));
  ReportGatherer gatherer(**engine, kind);
  (*engine)->observe(&gatherer);
  for (SampleBlock block; *simulator.next(block);) (*engine)->process(block);
  (*engine)->finish();
  return gatherer.report(findings, "x", {}, Instant{}.plus_s(3));
}

const ReportLine* find(const Report& report, std::string_view what) {
  for (const ReportLine& line : report.lines)
    if (line.what == what) return &line;
  return nullptr;
}

TEST(ReportGatherer, TakesAggregatesWheneverTheyAreReady) {
  const Report report = report_of(ReportKind::en50160, {{"FAC1.Nominal Voltage", "230"}});
  const ReportLine* frequency = find(report, "Frequency");
  ASSERT_NE(frequency, nullptr);
  const double all = frequency->count.valid + frequency->count.invalid;
  EXPECT_GE(all, 10);
  EXPECT_EQ(frequency->count.invalid, std::floor(all / 4));
  EXPECT_NEAR(frequency->highest, 100.4, 1e-9);
  EXPECT_EQ(frequency->verdict, Verdict::not_whole);
  const ReportLine* voltage = find(report, "V1 voltage");
  ASSERT_NE(voltage, nullptr);
  EXPECT_EQ(voltage->verdict, Verdict::not_measured) << "the aggregator here has none";
}

TEST(ReportGatherer, RelatesHarmonicsToTheFundamentalAndLeavesFlaggedIntervalsOut) {
  const Report report = report_of(ReportKind::en50160, {{"FAC1.Nominal Voltage", "230"}});
  const ReportLine* harmonics = find(report, "V2 harmonics, 10 min, week");
  ASSERT_NE(harmonics, nullptr);
  EXPECT_EQ(harmonics->limit, "H5 at most 6 %");
  EXPECT_NEAR(harmonics->at_share, 4, 0.04);
  EXPECT_GT(harmonics->count.invalid, 1);
  EXPECT_GT(harmonics->count.valid, 3 * harmonics->count.invalid - 1);
}

TEST(ReportGatherer, ListsTheEventsOfTheVoltage) {
  const Report report = report_of(ReportKind::en50160, {{"FAC1.Nominal Voltage", "230"}});
  ASSERT_EQ(report.events.size(), 1u);
  EXPECT_EQ(cell_of(report.events[0]), "C1");
}

TEST(ReportGatherer, RelatesCurrentsToTheDemandUnderIeee519) {
  const Report report = report_of(ReportKind::ieee519, {{"FAC1.Nominal Voltage", "230"},
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
  const Report report = report_of(ReportKind::ieee519);
  EXPECT_TRUE(report.lines.empty());
  EXPECT_EQ(report.notes.size(), 2u) << "nominal voltage, currents";
}

}  // namespace
}  // namespace polyphase::lab
