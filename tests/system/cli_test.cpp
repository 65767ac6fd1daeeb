// The command line as a whole: help, usage errors, and the commands beside `analyze`.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "system/program.hpp"

namespace polyphase::system_test {
namespace {

TEST(CommandLine, HelpsANewcomer) {
  const Ran ran = polyphase("--help");
  EXPECT_EQ(ran.status, 0);
  for (const char* word : {"run", "watch", "analyze", "synth", "module", "verify", "Examples:"})
    EXPECT_NE(ran.out.find(word), std::string::npos) << word;
  EXPECT_EQ(ran.err, "");
}

TEST(CommandLine, EveryCommandHasHelp) {
  for (const char* command : {"run", "watch", "analyze", "synth", "module", "verify"}) {
    const Ran ran = polyphase(std::string(command) + " --help");
    EXPECT_EQ(ran.status, 0) << command;
    EXPECT_NE(ran.out.find("--"), std::string::npos) << command;
  }
}

TEST(CommandLine, TellsItsVersion) {
  EXPECT_EQ(polyphase("--version").out.rfind("polyphase ", 0), 0u);
}

TEST(CommandLine, WrongUsageIsStatusTwo) {
  for (const char* arguments : {"",
                                "frobnicate",
                                "analyze",
                                "analyze a.cfg --frobnicate",
                                "analyze a.cfg --every 7s",
                                "analyze a.cfg --read ,",
                                "analyze a.cfg --read Freq --events",
                                "analyze a.cfg --csv",
                                "analyze a.cfg --read Freq --csv --json",
                                "analyze a.cfg --report en50161",
                                "analyze a.cfg --pt 100",
                                "analyze a.cfg --ct 5:0",
                                "analyze a.cfg --nominal-voltage 230V",
                                "analyze a.cfg --nominal-voltage nan",
                                "analyze a.cfg --nominal-voltage=-1",
                                "analyze a.cfg --nominal-frequency 55",
                                "analyze a.cfg --wiring star",
                                "analyze a.cfg --start yesterday",
                                "analyze a.cfg --utc-offset 2",
                                "watch --speed fast",
                                "watch --map V1=#1",
                                "analyze a.cfg --json",
                                "run --speed fast",
                                "run --map V1=#1",
                                "run --config a.toml --scenario b.toml",
                                "run --port-offset 70000",
                                "synth a.toml",
                                "synth a.toml --publish lo -o a.csv",
                                "synth a.toml -o a.csv --streams 2",
                                "synth a.toml --publish lo --asdu 9",
                                "verify --only 4-31",
                                "verify --quick --set PM1.Foo=1",
                                "verify --pt 100",
                                "module"}) {
    const Ran ran = polyphase(arguments);
    EXPECT_EQ(ran.status, 2) << arguments << ": " << ran.err;
    EXPECT_EQ(ran.out, "") << arguments;
    EXPECT_NE(ran.err, "") << arguments;
  }
}

TEST(CommandLine, ASettingOutOfItsBoundsIsWrongUsage) {
  const Ran ran = polyphase("watch --speed 0 --duration 1 --sag 120");
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("0 to 100"), std::string::npos) << ran.err;
}

TEST(Run, ShowsALineEachSecondAndEnds) {
  const Ran ran = polyphase("watch --speed 0 --duration 5");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_GE(ran.lines().size(), 5u);
  EXPECT_NE(ran.lines().at(0).find(" Hz "), std::string::npos) << ran.out;
}

TEST(Run, TakesAScenarioFile) {
  const Ran ran = polyphase("watch --speed 0 --scenario " + write_file("s.toml", clean("3.5")));
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find("  230.00 V  10.00 A  3.450 kW"), std::string::npos) << ran.out;
}

TEST(Run, AScenarioThatIsWrongIsTheInputsFault) {
  const Ran ran =
      polyphase("watch --scenario " + write_file("s.toml", "[scenario]\nduration_s = \"x\"\n"));
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.last_line_of_err().find("s.toml:2"), std::string::npos) << ran.err;
}

TEST(Run, EndsCleanlyWhenAsked) {
  for (const std::string signal : {"TERM", "INT"}) {
    const std::string pipe = folder() + signal;
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    // Stopped once it has shown its first line.
    const Ran ran = polyphase("watch --speed 20 >" + pipe + " & meter=$!; { read line; kill -" +
                              signal + " $meter; cat; } <" + pipe + "; wait $meter");
    EXPECT_EQ(ran.status, 0) << signal << ran.err;
    EXPECT_NE(ran.out.find("power factor"), std::string::npos) << ran.out;
  }
}

TEST(Run, AReaderThatGoesAwayEndsIt) {
  const Ran ran = polyphase("watch --speed 0 | head -n 1");
  EXPECT_EQ(ran.lines().size(), 1u);
  EXPECT_NE(ran.err.find("cannot be written"), std::string::npos) << ran.err;
}

TEST(Synth, RefusesAnotherEnding) {
  const Ran ran =
      polyphase("synth " + write_file("s.toml", clean("1")) + " -o " + folder() + "a.mp3");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.last_line_of_err().find(".cfg"), std::string::npos) << ran.err;
}

TEST(Synth, TellsThatItsFolderIsNotThere) {
  const Ran ran =
      polyphase("synth " + write_file("s.toml", clean("1")) + " -o " + folder() + "none/a.cfg");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.last_line_of_err().find("none/a."), std::string::npos) << ran.err;
}

TEST(Module, RunsOnATable) {
  const Ran ran =
      polyphase("module Integrator " + write_file("p.csv", "time,Integrand\n1,10\n2,10\n3,10\n") +
                " --set Divisor=1");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.lines().size(), 4u) << ran.out;
}

TEST(Module, ListsAndDescribes) {
  EXPECT_NE(polyphase("module --list").out.find("Integrator"), std::string::npos);
  EXPECT_NE(polyphase("module Integrator").out.find("Divisor"), std::string::npos);
  EXPECT_EQ(polyphase("module Nonsense").status, 2);
}

TEST(Docs, WritesTheReferencePages) {
  EXPECT_EQ(polyphase("docs " + folder()).status, 0);
  EXPECT_NE(read_file(folder() + "modules.md").find("## Integrator"), std::string::npos);
  EXPECT_EQ(read_file(folder() + "labels.csv").rfind("label,unit,definition,module.register\n", 0),
            0u);
  EXPECT_EQ(polyphase("docs " + folder() + "none").status, 1);
}

}  // namespace
}  // namespace polyphase::system_test
