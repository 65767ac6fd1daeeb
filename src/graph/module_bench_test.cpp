#include "graph/module_bench.hpp"

#include <gtest/gtest.h>

#include "graph/describe.hpp"

namespace polyphase::graph {
namespace {

// Puts out Gain * In, echoes pulses, tells In above 100 as an event and is written at its first
// output.
class Amplifier final : public Module {
 public:
  static const ModuleDescriptor& descriptor() {
    static const ModuleDescriptor d = [] {
      ModuleDescriptor m;
      m.type = "Amplifier";
      m.inputs = {describe::mandatory("In", RegisterType::numeric, ""),
                  describe::optional("Tick", RegisterType::pulse, ""),
                  describe::dataset("Data", "things", "")};
      m.setups = {describe::number("Gain", "", 0, 10, 2, ""), describe::text("Name", "first", "")};
      m.outputs = {describe::output("Out", RegisterType::numeric, "V", ""),
                   describe::output("Tock", RegisterType::pulse, "", "")};
      return m;
    }();
    return d;
  }
  Result<void> configure(const Setup& setup) override {
    gain_ = setup.number(0);
    if (gain_ == 5) return fail(ErrorCode::invalid_config, "five is right out");
    return {};
  }
  void run(Step& step) noexcept override {
    step.out(0, step.in(0) * gain_);
    for (unsigned n = step.pulses(1); n > 0; --n) step.pulse(1);
    if (step.in(0) > 100) step.event(30, 0, "overdriven");
    if (step.in(0) > 200) step.disturbance({});
  }
  void finish(Step& step) noexcept override { step.event(25, 0, "finished"); }
  Result<void> write(Step& step, std::size_t o, double number) override {
    step.out(o, number);
    return {};
  }

 private:
  double gain_ = 0;
};

constexpr ModuleType type{Amplifier::descriptor,
                          [] { return std::unique_ptr<Module>(new Amplifier); }};

TEST(ModuleBench, RunsAModuleOnItsInputsAndSetup) {
  ModuleBench bench(type);
  bench.run(Cadence::second, {}, 1);
  EXPECT_FALSE(available(bench.out("Out"))) << "not linked yet";
  bench.input("In", 4, Quality{Quality::bridged});
  bench.run(Cadence::second, Instant{}.plus_s(2), 1);
  EXPECT_EQ(bench.out("Out"), 8);
  EXPECT_EQ(bench.value("Out").time, Instant{}.plus_s(2));
  EXPECT_TRUE(bench.value("Out").quality.has(Quality::bridged));
}

TEST(ModuleBench, ChecksSetupsAsACommandLineNeedsIt) {
  ModuleBench bench(type);
  EXPECT_TRUE(bench.set("Gain", "3"));
  EXPECT_TRUE(bench.set("Name", "second"));
  EXPECT_NE(bench.set("Gain", "11").error().message.find("0 to 10"), std::string::npos);
  EXPECT_NE(bench.set("Gian", "3").error().message.find("it has: Gain, Name"), std::string::npos);
  EXPECT_TRUE(bench.set("Gain", "5"));
  EXPECT_FALSE(bench.configure());
}

TEST(ModuleBench, CountsPulsesAndCollectsWhatIsTold) {
  ModuleBench bench(type);
  bench.pulse("Tick", 2);
  bench.input("In", 201);
  bench.run(Cadence::second, {}, 1);
  bench.run(Cadence::second, {}, 1);
  EXPECT_EQ(bench.pulses("Tock"), 2u);
  ASSERT_EQ(bench.events().size(), 2u);
  EXPECT_EQ(bench.events()[0].text, "overdriven");
  EXPECT_EQ(bench.events()[0].event.effect, bench.index_of("Out"));
  EXPECT_EQ(bench.disturbances().size(), 2u);
}

TEST(ModuleBench, LinksAnotherSource) {
  ModuleBench bench(type);
  bench.input("In", 4);
  bench.relink("In");
  bench.run(Cadence::second, {}, 1);
  EXPECT_FALSE(available(bench.out("Out")));
}

TEST(ModuleBench, WritesOutputsAsAProtocolWould) {
  ModuleBench bench(type);
  ASSERT_TRUE(bench.write("Out", 7));
  EXPECT_EQ(bench.out("Out"), 7);
}

// ---- tables

TEST(RunCsv, PutsOutARowPerRun) {
  const auto out =
      run_csv(type,
              "# a remark\n# Gain = 3\n\ntime,In,Tick\n"
              "2026-01-01T00:00:00Z,1,2\n2026-01-01T00:00:01Z,101,\n2026-01-01T00:00:02Z,N/A,1\n");
  ASSERT_TRUE(out) << out.error().text();
  EXPECT_EQ(*out,
            "time,Out,Tock,Event\n"
            "2026-01-01T00:00:00.000000Z,3,2,\n"
            "2026-01-01T00:00:01.000000Z,303,0,30 overdriven\n"
            "2026-01-01T00:00:02.000000Z,N/A,1,\n"
            "2026-01-01T00:00:02.000000Z,N/A,0,25 finished\n");
}

TEST(RunCsv, LetsSettingsOfTheCommandLineWin) {
  const std::vector<std::pair<std::string, std::string>> settings{{"Gain", "4"}};
  const auto out = run_csv(type, "# Gain = 3\ntime,In\n1,1\n", settings);
  ASSERT_TRUE(out);
  EXPECT_NE(out->find(",4,0,"), std::string::npos);
}

TEST(RunCsv, KeepsAnInputWhoseCellIsEmpty) {
  const auto out = run_csv(type, "time,In\n1,5\n2,\n");
  ASSERT_TRUE(out);
  EXPECT_NE(out->find("00:00:02.000000Z,10,"), std::string::npos);
}

TEST(RunCsv, NamesTheLineOfAMistake) {
  const auto complaint = [](std::string_view csv) {
    const auto out = run_csv(type, csv);
    return out ? std::string() : out.error().text();
  };
  EXPECT_EQ(complaint("time,In\n1,2\n2,x\n"), "line 3: 'x' is not a number");
  EXPECT_EQ(complaint("time,In\n1\n"), "line 2: 1 cells where the header has 2");
  EXPECT_EQ(complaint("time,Out\n"), "line 1: Amplifier has no input 'Out'");
  EXPECT_EQ(complaint("In,time\n"), "line 1: the first column must be 'time'");
  EXPECT_EQ(complaint("time,Data\n"),
            "line 1: input 'Data' takes things data, which a table cannot give");
  EXPECT_NE(complaint("time,Tick\n1,-1\n").find("0 to 1000000 pulses"), std::string::npos);
  EXPECT_NE(complaint("time,cadence\n1,minute\n").find("half-cycle, window or second"),
            std::string::npos);
  EXPECT_NE(complaint("time\n5\n4\n").find("goes back"), std::string::npos);
  EXPECT_NE(complaint("time\nnever\n").find("line 2"), std::string::npos);
  EXPECT_NE(complaint("# Gain = 11\ntime\n").find("line 1"), std::string::npos);
  EXPECT_NE(complaint("# nothing\n").find("no header"), std::string::npos);
  EXPECT_NE(complaint("time\n1e300\n").find("out of range"), std::string::npos);
}

}  // namespace
}  // namespace polyphase::graph
