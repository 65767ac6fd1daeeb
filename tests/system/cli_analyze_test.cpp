// `polyphase analyze` as people and programs use it: the built program on small files.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "system/program.hpp"

namespace polyphase::system_test {
namespace {

constexpr const char* sag =
    "[[event]]\nkind = \"sag\"\nstart_s = 1.0\nduration_s = 0.1\npercent = 70\nphases = \"a\"\n";

// The cells of one line.
std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> cells{""};
  for (const char c : line)
    if (c == ',')
      cells.emplace_back();
    else
      cells.back() += c;
  return cells;
}
double number(const std::string& line, std::size_t column) {
  return std::strtod(cells(line).at(column).c_str(), nullptr);
}

TEST(Analyze, PutsNothingButDataOnTheOutput) {
  const Ran ran = polyphase("analyze " + recording(clean("2.1"), "a.cfg") +
                            " --read 'Vln a,kW tot,Freq' --every 1s --csv");
  EXPECT_EQ(ran.status, 0) << ran.err;
  const auto lines = ran.lines();
  ASSERT_EQ(lines.size(), 3u) << ran.out;
  EXPECT_EQ(lines[0], "time,Vln a,kW tot,Freq");
  EXPECT_EQ(cells(lines[1])[0], "1970-01-01T00:00:01.000000Z");
  EXPECT_EQ(cells(lines[2])[0], "1970-01-01T00:00:02.000000Z");
  for (const auto& line : {lines[1], lines[2]}) {
    EXPECT_NEAR(number(line, 1), 230, 0.01);
    EXPECT_NEAR(number(line, 2), 3 * 230 * 10 * 0.5 / 1000, 0.001);
    EXPECT_NEAR(number(line, 3), 50, 0.001);
  }
  EXPECT_NE(ran.err.find("mapping V1=V1"), std::string::npos) << ran.err;
}

TEST(Analyze, ReadsWhatSynthWritesInEveryFormat) {
  for (const char* name : {"a.cfg", "a.csv"}) {
    const Ran ran =
        polyphase("analyze " + recording(clean("1.1"), name) + " --read 'Vln c,I b' --every 1s");
    ASSERT_EQ(ran.lines().size(), 2u) << name << ran.err;
    EXPECT_NEAR(number(ran.lines()[1], 1), 230, 0.01) << name;
    EXPECT_NEAR(number(ran.lines()[1], 2), 10, 0.001) << name;
  }
}

TEST(Analyze, TheEndIsOneRowAtTheLastSample) {
  const Ran ran = polyphase("analyze " + recording(clean("3.3"), "a.cfg") +
                            " --read 'Vln a,kWh del' --every end");
  ASSERT_EQ(ran.lines().size(), 2u) << ran.err;
  EXPECT_EQ(cells(ran.lines()[1])[0], "1970-01-01T00:00:03.300000Z");
  constexpr double cycles_cut_s = 0.05;  // at both ends
  EXPECT_NEAR(number(ran.lines()[1], 2), 3.45 * 3.3 / 3600, 3.45 * cycles_cut_s / 3600);
}

TEST(Analyze, HalfCyclesComeEveryTenMilliseconds) {
  const Ran ran = polyphase("analyze " + recording(clean("0.5"), "a.cfg") +
                            " --read 'Vln a' --every half-cycle");
  EXPECT_EQ(ran.status, 0) << ran.err;
  ASSERT_GT(ran.lines().size(), 40u) << ran.out;
  EXPECT_NEAR(number(ran.lines()[30], 1), 230, 0.01);
}

TEST(Analyze, RowsCanBeJson) {
  const Ran ran = polyphase("analyze " + recording(clean("1.1"), "a.cfg") +
                            " --read 'Phase Rev' --every 1s --json");
  EXPECT_EQ(ran.out, "[\n  {\"time\": \"1970-01-01T00:00:01.000000Z\", \"Phase Rev\": 0}\n]\n");
}

TEST(Analyze, ReadsFlickerAtTheIntervalsItHas) {
  const std::string path = recording(
      "[scenario]\nname = \"flicker\"\nsample_rate_hz = 2000\nduration_s = 600\n"
      "[voltage]\nrms_v = 230\n[flicker]\npercent = 0.722\nchanges_per_minute = 110\n"
      "shape = \"rectangular\"\n",
      "a.cfg");
  const Ran pst = polyphase("analyze " + path + " --read 'V1 Pst,V3 Pst' --every 10min");
  ASSERT_EQ(pst.lines().size(), 2u) << pst.out << pst.err;
  EXPECT_EQ(cells(pst.lines()[1])[0], "1970-01-01T00:10:00.000000Z");
  EXPECT_NEAR(number(pst.lines()[1], 1), 1, 0.01);
  EXPECT_NEAR(number(pst.lines()[1], 2), 1, 0.01);
  const Ran pinst = polyphase("analyze " + path + " --read 'V1 Pinst' --every 10s");
  ASSERT_EQ(pinst.lines().size(), 61u) << pinst.err;
  EXPECT_EQ(cells(pinst.lines()[1])[1], "N/A");
  EXPECT_GT(number(pinst.lines()[60], 1), 1);
  const Ran other = polyphase("analyze " + path + " --read 'V1 Pst' --every 1s");
  EXPECT_EQ(other.status, 2);
  EXPECT_NE(other.err.find("'V1 Pst' has no value every 1s; it has: 10min"), std::string::npos)
      << other.err;
}

TEST(Analyze, TellsAnIdealDipOfFiveCyclesAs110Milliseconds) {
  const Ran ran = polyphase("analyze " + recording(clean("2", sag), "a.cfg") +
                            " --events --json --nominal-voltage 230");
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find("\"type\": \"sag\", \"channels\": [\"V1\"]"), std::string::npos)
      << ran.out;
  const std::size_t at = ran.out.find("\"duration_s\": ");
  ASSERT_NE(at, std::string::npos);
  EXPECT_NEAR(std::strtod(ran.out.c_str() + at + 14, nullptr), 0.110, 0.0001);
  EXPECT_NE(ran.out.find("\"time\": \"1970-01-01T00:00:00.99"), std::string::npos) << ran.out;
}

// An earth fault of an unearthed network, recorded by a relay: phase B leaves its course between
// the samples at 16.66937 and 16.66978 s, as its difference to the period before shows.
TEST(Analyze, FindsTheEdgeOfARecordedFault) {
  const std::string shared = POLYPHASE_SOURCE_DIR "/../shared/data/comtrade/";
  if (!std::filesystem::exists(shared))
    GTEST_SKIP() << "the recordings are not beside the checkout";
  const Ran ran = polyphase("analyze " + shared + "1.cfg --events --json --nominal-voltage 6000");
  EXPECT_EQ(ran.status, 0) << ran.err;
  const std::size_t found = ran.out.find("\"type\": \"sag\", \"channels\": [\"V2\"]");
  ASSERT_NE(found, std::string::npos) << ran.out;
  const std::string line = ran.out.substr(found, ran.out.find('\n', found) - found);
  const std::string second = "\"edge_start\": \"2017-05-25T08:13:16.";
  const std::size_t edge = line.find(second);
  ASSERT_NE(edge, std::string::npos) << line;
  EXPECT_NEAR(std::strtod(line.c_str() + edge + second.size(), nullptr) / 1e6, 0.66958, 0.0005)
      << line;
}

TEST(Analyze, NoEventsAreAnEmptyArray) {
  const Ran ran = polyphase("analyze " + recording(clean("1.5"), "a.cfg") +
                            " --events --json --nominal-voltage 230");
  EXPECT_EQ(ran.out, "[]\n");
}

TEST(Analyze, WithoutNominalVoltageItSaysWhyThereAreNoEvents) {
  const Ran ran = polyphase("analyze " + recording(clean("2", sag), "a.cfg") + " --events");
  EXPECT_EQ(ran.out, "[]\n");
  EXPECT_NE(ran.err.find("--nominal-voltage"), std::string::npos);
}

TEST(Analyze, EventsOfTooShortARecordingAreNoneWithANote) {
  const std::string dip =
      "[[event]]\nkind = \"sag\"\nstart_s = 0.04\nduration_s = 0.06\npercent = 50\n";
  const Ran ran = polyphase("analyze " + recording(clean("0.12", dip), "a.cfg") +
                            " --events --nominal-voltage 230");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "[]\n");
  EXPECT_NE(ran.err.find("note: the recording is too short"), std::string::npos) << ran.err;
  const Ran longer = polyphase("analyze " + recording(clean("0.6", dip), "a.cfg") +
                               " --events --nominal-voltage 230");
  EXPECT_NE(longer.out.find("\"sag\""), std::string::npos) << longer.out;
  EXPECT_EQ(longer.err.find("too short"), std::string::npos) << longer.err;
}

TEST(Analyze, TooShortARecordingIsNoErrorButNotAvailable) {
  const std::string path = recording(clean("0.4"), "a.cfg");
  const Ran end = polyphase("analyze " + path + " --read 'Vln a' --every end");
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.out, "time,Vln a\n1970-01-01T00:00:00.400000Z,N/A\n");
  EXPECT_NE(end.err.find("note: "), std::string::npos);
  const Ran seconds = polyphase("analyze " + path + " --read 'Vln a' --every 10s");
  EXPECT_EQ(seconds.status, 0);
  EXPECT_EQ(seconds.out, "time,Vln a\n");
  EXPECT_NE(seconds.err.find("too short"), std::string::npos);
}

TEST(Analyze, AChannelThatIsNotThereIsNotAvailableWithANote) {
  const std::string path = write_file("a.csv", [] {
    std::string text = "time_s,V1 [V]\n";
    for (int i = 0; i < 6000; ++i)
      text += std::to_string(i * 0.0002) + "," + std::to_string((i % 100) - 50) + "\n";
    return text;
  }());
  const Ran ran = polyphase("analyze " + path + " --read 'I a' --every 1s");
  EXPECT_EQ(ran.status, 0) << ran.err;
  ASSERT_EQ(ran.lines().size(), 2u) << ran.out;
  EXPECT_EQ(cells(ran.lines()[1])[1], "N/A");
  EXPECT_NE(ran.err.find("I1"), std::string::npos) << ran.err;
}

TEST(Analyze, TwoRecordingsAreOneRunWithAGap) {
  const auto at = [](const char* time) {
    return clean(std::string("2.1\nstart = \"") + time + "\"");
  };
  const std::string first = recording(at("2026-01-01T00:00:00Z"), "a.cfg");
  const std::string second = recording(at("2026-01-01T00:00:05Z"), "b.cfg");
  const Ran ran = polyphase("analyze " + second + " " + first + " --read 'Vln a' --every 1s");
  EXPECT_EQ(ran.status, 0) << ran.err;
  std::string times;
  for (const auto& line : ran.lines()) times += cells(line)[0] + "\n";
  EXPECT_EQ(times,
            "time\n2026-01-01T00:00:01.000000Z\n2026-01-01T00:00:02.000000Z\n"
            "2026-01-01T00:00:06.000000Z\n2026-01-01T00:00:07.000000Z\n")
      << ran.err;
  EXPECT_NE(ran.err.find("gap: 2.9 s from 2026-01-01T00:00:02.100000Z on"), std::string::npos)
      << ran.err;
  const Ran summary = polyphase("analyze " + second + " " + first);
  EXPECT_NE(summary.out.find("gaps: 1, 2.9 s\n"), std::string::npos) << summary.out;
  EXPECT_NE(summary.out.find(first + ", " + second), std::string::npos) << summary.out;
  const Ran log = polyphase("analyze " + second + " " + first + " --log 'Event Log'");
  EXPECT_NE(log.out.find("2026-01-01T00:00:02.100000Z,30,"), std::string::npos) << log.out;
  EXPECT_NE(log.out.find("samples missing for 2.9 s"), std::string::npos) << log.out;
}

TEST(Analyze, AnEmptyFileIsRefusedByName) {
  const std::string path = write_file("empty.csv", "");
  const Ran ran = polyphase("analyze " + path);
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.last_line_of_err().find("empty.csv"), std::string::npos) << ran.err;
}

TEST(Analyze, AMissingFileIsRefusedByName) {
  const Ran ran = polyphase("analyze " + folder() + "nothing.cfg");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.last_line_of_err().find("nothing.cfg"), std::string::npos);
}

TEST(Analyze, AnUnparsableHeaderIsRefusedByName) {
  const std::string path = write_file("bad.cfg", "this,is\nnot a configuration\n");
  write_file("bad.dat", "1,0,5\n");
  const Ran ran = polyphase("analyze " + path);
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.last_line_of_err().find("bad.cfg"), std::string::npos) << ran.err;
}

TEST(Analyze, ATruncatedRecordingIsReadAsFarAsItGoes) {
  const std::string path = recording(clean("3"), "a.cfg");
  const std::string data = folder() + "a.dat";
  std::filesystem::resize_file(data, std::filesystem::file_size(data) / 2 + 3);
  const Ran ran = polyphase("analyze " + path + " --read 'Vln a' --every 1s");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.lines().size(), 2u) << ran.out;
  EXPECT_NE(ran.err.find("warning"), std::string::npos) << ran.err;
}

TEST(Analyze, AnUnknownLabelNamesThoseNearIt) {
  const Ran ran =
      polyphase("analyze " + recording(clean("0.5"), "a.cfg") + " --read 'Vlna' --every 1s");
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("Vln a"), std::string::npos) << ran.err;
}

TEST(Analyze, ALabelWithoutMeaningAtAnIntervalSaysWhichItHas) {
  const Ran ran = polyphase("analyze " + recording(clean("0.5"), "a.cfg") +
                            " --read 'kWh del' --every half-cycle");
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("it has: 1s, 3s, 10s"), std::string::npos) << ran.err;
}

TEST(Analyze, AMapInvertsAndChoosesByNumber) {
  const std::string path = recording(clean("1.1"), "a.cfg");
  const Ran ran =
      polyphase("analyze " + path +
                " --map 'V1=#1,V2=#2,V3=#3,I1=-#4,I2=-#5,I3=-#6' --read 'kW tot' --every 1s");
  ASSERT_EQ(ran.lines().size(), 2u) << ran.err;
  EXPECT_NEAR(number(ran.lines()[1], 1), -3.45, 0.001);
}

TEST(Analyze, AMapOfAChannelThatIsNotThereNamesThoseThatAre) {
  const Ran ran =
      polyphase("analyze " + recording(clean("0.5"), "a.cfg") + " --map 'V1=UX' --read 'Vln a'");
  EXPECT_NE(ran.status, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("UX"), std::string::npos);
  EXPECT_NE(ran.err.find("V1"), std::string::npos) << ran.err;
}

TEST(Analyze, WithoutAnythingAskedItSumsUp) {
  const Ran ran = polyphase("analyze " + recording(clean("2.1"), "a.cfg"));
  EXPECT_EQ(ran.status, 0) << ran.err;
  for (const char* word : {"2.1 s at 5000 samples a second", "Freq", "50.0000", "Vln a", "230.00",
                           "kW tot", "3.450", "kWh del", "events"})
    EXPECT_NE(ran.out.find(word), std::string::npos) << word << "\n" << ran.out;
  EXPECT_EQ(polyphase("analyze " + folder() + "a.cfg --report summary").out, ran.out);
}

// Yg,5 and Yig,5 of 11.5, 4.6, 2.3 and 1.15 V at 250, 255, 265 and 275 Hz.
TEST(Analyze, GroupsHarmonicsAsTold) {
  std::string scenario = clean("1.1");
  scenario.insert(scenario.find("[current]"),
                  "tones = [{ order = 5, percent = 5 }, { order = 5.1, percent = 2 }, "
                  "{ order = 5.3, percent = 1 }, { order = 5.5, percent = 0.5 }]\n");
  const std::string to = "analyze " + recording(scenario, "a.cfg") +
                         " --every window --read 'V1 H5 mag,V1 IH5'";
  for (const bool groups : {false, true}) {
    const Ran ran = polyphase(to + (groups ? " --set DAQ1.Grouping=GROUPS" : ""));
    ASSERT_GE(ran.lines().size(), 4u) << ran.err;
    EXPECT_NEAR(number(ran.lines()[3], 1), groups ? 12.62384 : 12.38588, 0.01);
    EXPECT_NEAR(number(ran.lines()[3], 2), (groups ? 5.26996 : 2.57148) / 2.3, 0.01);
  }
}

TEST(Analyze, AReportIsTextOrJsonAndAPageOfItsOwn) {
  const std::string to =
      "analyze " + recording(clean("2.1"), "a.cfg") + " --nominal-voltage 230 --report en50160";
  const Ran text = polyphase(to + " --html " + folder() + "a.html");
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.out.find("V1 voltage"), std::string::npos) << text.out;
  EXPECT_EQ(text.out.find("complies"), std::string::npos) << "two seconds show nothing of a week";
  EXPECT_EQ(read_file(folder() + "a.html").rfind("<!doctype html>", 0), 0u);
  const Ran json = polyphase(to + " --json");
  EXPECT_EQ(json.status, 0) << json.err;
  EXPECT_EQ(json.out.rfind("{\"report\":\"en50160\"", 0), 0u) << json.out;
}

TEST(Analyze, AReportSaysWhereTheNominalFrequencyIsAssumed) {
  const char* words = "names no line frequency";
  const std::string report = " --nominal-voltage 230 --report en50160";
  const std::string table = "analyze " + recording(clean("0.5"), "a.csv") + report;
  EXPECT_NE(polyphase(table).out.find(words), std::string::npos);
  EXPECT_EQ(polyphase(table + " --nominal-frequency 50").out.find(words), std::string::npos);
  EXPECT_EQ(polyphase("analyze " + recording(clean("0.5"), "a.cfg") + report).out.find(words),
            std::string::npos);
}

TEST(Analyze, SaysWhereTheClockOfTheRecordingWasNotSynchronised) {
  const char* words = "the clock of the recording was not synchronised";
  const std::string to = "analyze " + recording(clean("0.5"), "a.cfg") + " --nominal-voltage 230";
  const Ran locked = polyphase(to + " --report en50160");
  EXPECT_EQ((locked.out + locked.err).find(words), std::string::npos);
  std::string config = read_file(folder() + "a.cfg");
  config.replace(config.rfind("0,3"), 3, "B,3");
  std::ofstream(folder() + "a.cfg") << config;
  for (const char* report : {" --report en50160 --json", " --report summary --json"}) {
    const Ran ran = polyphase(to + report);
    EXPECT_NE(ran.out.find(words), std::string::npos) << ran.out;
    EXPECT_NE(ran.err.find(words), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find("time quality B: the recorder's clock was not locked, its time is "
                           "within 10 s"),
              std::string::npos)
        << ran.err;
  }
}

TEST(Analyze, WarnsOfPhasesThatRotateAgainstTheOrderSet) {
  const std::string to = "analyze " + recording(clean("2.1"), "a.cfg");
  const char* words = "warning: for 100 % of the time the phases rotate against the phase order ACB";
  for (const char* asked : {" --read Freq", " --events", " --report en50160", ""}) {
    EXPECT_NE(polyphase(to + " --set PM1.PhaseOrder=ACB" + asked).err.find(words), std::string::npos)
        << asked;
    EXPECT_EQ(polyphase(to + asked).err.find("rotate"), std::string::npos) << asked;
  }
}

TEST(Analyze, ASummaryIsTextOrJsonAndAPageToo) {
  const std::string to = "analyze " + recording(clean("2.1"), "a.cfg") + " --report summary";
  const Ran text = polyphase(to + " --html " + folder() + "a.html");
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_EQ(polyphase(to).out, text.out);
  const std::string page = read_file(folder() + "a.html");
  EXPECT_EQ(page.rfind("<!doctype html>", 0), 0u);
  EXPECT_NE(page.find("mapping V1="), std::string::npos) << page;
  const Ran json = polyphase(to + " --json");
  EXPECT_EQ(json.status, 0) << json.err;
  EXPECT_EQ(json.out.rfind("{\"report\":\"summary\"", 0), 0u) << json.out;
}

TEST(Analyze, AReportThatCannotBeIsRefused) {
  const std::string to = "analyze " + recording(clean("0.5"), "a.cfg");
  for (const char* options :
       {" --report en50161", " --html a.html", " --json", " --report ieee519 --csv", " --report en50160 --events"}) {
    const Ran ran = polyphase(to + options);
    EXPECT_EQ(ran.status, 2) << options << "\n" << ran.err;
    EXPECT_EQ(ran.out, "") << options;
  }
  const Ran unwritable = polyphase(to + " --report en50160 --html /nowhere/a.html");
  EXPECT_EQ(unwritable.status, 1);
  EXPECT_NE(unwritable.err.find("/nowhere/a.html"), std::string::npos) << unwritable.err;
}

TEST(Analyze, AnOptionThatWouldDoNothingIsRefused) {
  const std::string to = "analyze " + recording(clean("0.5"), "a.cfg");
  for (const auto& [options, words] : {std::pair{" --read ''", "--read"},
                                       {" --log ''", "--log"},
                                       {" --every 1s", "--read"},
                                       {" --events --every 1s", "--read"},
                                       {" --html '' --report en50160", "--html"},
                                       {" --stream POLYPHASE01", "leave it out"}}) {
    const Ran ran = polyphase(to + options);
    EXPECT_EQ(ran.status, 2) << options << "\n" << ran.err;
    EXPECT_EQ(ran.out, "") << options;
    EXPECT_NE(ran.err.find(words), std::string::npos) << options << "\n" << ran.err;
  }
}

TEST(Analyze, AStartWithoutZoneIsInThatOfTheOffset) {
  const std::string to = "analyze " + recording(clean("1.2"), "a.csv") +
                         " --read 'Vln a' --every 1s --utc-offset +02:00 --start ";
  for (const auto& [start, second] : {std::pair{"2026-05-01T12:00:00", "2026-05-01T10:00:01"},
                                      {"2026-05-01", "2026-04-30T22:00:01"},
                                      {"2026-05-01T12:00:00Z", "2026-05-01T12:00:01"},
                                      {"2026-05-01T12:00:00+01:00", "2026-05-01T11:00:01"}}) {
    const Ran ran = polyphase(to + start);
    ASSERT_EQ(ran.lines().size(), 2u) << ran.err;
    EXPECT_EQ(cells(ran.lines()[1])[0], std::string(second) + ".000000Z") << start;
  }
}

TEST(Analyze, ALogHasTheRecordsOfItsRecorder) {
  const std::string options =
      " --log 'EgyDmd Log' --set PT1.Period=2 --set SWD3.'Sub Intvl'=2 --csv";
  const Ran ran = polyphase("analyze " + recording(clean("6.5"), "a.cfg") + options);
  EXPECT_EQ(ran.status, 0) << ran.err;
  ASSERT_EQ(ran.lines().size(), 4u) << ran.out << ran.err;
  EXPECT_EQ(ran.lines()[0].rfind("number,time,kWh del kWh,kWh rec kWh,kWh del-rec kWh,", 0), 0u)
      << ran.lines()[0];
  for (std::size_t i = 1; i <= 3; ++i) {
    EXPECT_EQ(cells(ran.lines()[i])[0], std::to_string(i));
    EXPECT_EQ(cells(ran.lines()[i])[1], "1970-01-01T00:00:0" + std::to_string(2 * i) + ".000000Z");
  }
  const double kwh = 3.45 * 2 / 3600;
  EXPECT_NEAR(number(ran.lines()[3], 2) - number(ran.lines()[2], 2), kwh, 1e-4 * kwh);
  EXPECT_NEAR(number(ran.lines()[3], 9), 3.45, 1e-3);
}

TEST(Analyze, ALogWithoutRecordsHasItsHeaderAndANote) {
  const Ran ran = polyphase("analyze " + recording(clean("1.5"), "a.cfg") + " --log 'Billing Log'");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "number,time,kWh del int kWh,kWh rec int kWh,kVARh del int kVARh,"
            "kVARh rec int kVARh\n");
  EXPECT_NE(ran.err.find("note: nothing was recorded in 'Billing Log'"), std::string::npos);
}

TEST(Analyze, AnUnknownLogIsRefusedWithThoseThereAre) {
  const Ran ran = polyphase("analyze " + recording(clean("0.5"), "a.cfg") + " --log 'No Log'");
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("'No Log'; there is: Event Log, Billing Log, Loss Log, EgyDmd Log"),
            std::string::npos)
      << ran.err;
}

TEST(Analyze, AFolderKeepsTheLogsOfOneRunAfterTheOther) {
  const std::string data = folder() + "data";
  for (const char* numbers : {"1,2", "3,4"}) {
    const Ran ran = polyphase("analyze " + recording(clean("2.5"), "a.cfg") + " --data " + data +
                              " --set PT1.Period=1 --log 'Loss Log' --json");
    EXPECT_EQ(ran.status, 0) << ran.err;
    for (const char* n : {numbers, numbers + 2})
      EXPECT_NE(ran.out.find(std::string("{\"number\":") + *n), std::string::npos) << ran.out;
  }
  EXPECT_EQ(polyphase("analyze " + folder() + "a.cfg --data /proc/none").status, 1);
}

TEST(Analyze, TheEventLogHasAHeader) {
  const Ran ran =
      polyphase("analyze " + recording(clean("0.5"), "a.cfg") + " --log 'Event Log' --csv");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.lines().at(0),
            "number,time,priority,actor,cause,cause_value,effect,effect_value,node");
}

TEST(Analyze, OutputThatCannotBeWrittenIsAnError) {
  const std::string path = recording(clean("0.5"), "a.cfg");
  for (const char* end : {" >/dev/full", " >&-"}) {
    const Ran ran = polyphase("analyze " + path + " --read 'Vln a' --every half-cycle" + end);
    EXPECT_EQ(ran.status, 1) << end;
    EXPECT_NE(ran.last_line_of_err().find("cannot be written"), std::string::npos) << ran.err;
  }
}

}  // namespace
}  // namespace polyphase::system_test
