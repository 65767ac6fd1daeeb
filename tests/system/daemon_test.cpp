// The daemon: what it is told, what it keeps, how it ends.
#include "system/daemon.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>

#include "store/store.hpp"
#include "system/program.hpp"

namespace polyphase::system_test {
namespace {

std::string config(const std::string& text) { return write_file("polyphase.toml", text); }

double kept(const std::string& data, const std::string& name) {
  auto store = store::Store::open(data + "/main/meter.db", {});
  EXPECT_TRUE(store) << store.error().text();
  if (!store) return -1;
  const auto numbers = (*store)->reader()->retained();
  for (const auto& number : *numbers)
    if (number.name == name) return number.value;
  return -1;
}

/// Its exit status; what it says goes nowhere.
int shell(const std::string& command) {
  const int status = std::system((command + " >/dev/null 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Configuration, IsRefusedWithItsLineAndWhatIsAllowed) {
  struct Case {
    const char* text;
    const char* says;
  };
  for (const Case& each :
       {Case{"[port]\noffset = 1\n", ":1: the configuration has no 'port'"},
        Case{"[ports]\noffset = 70000\n", ":2: a number from 0 to 65535"},
        Case{"[ports]\noffset = \"a\"\n", ":2: a number"},
        Case{"[[meter]]\nname = \"../x\"\n", "the name of a meter"},
        Case{"[[meter]]\nname = \"a\"\n[[meter]]\nname = \"a\"\n", "two meters"},
        Case{"[[meter]]\nname = \"a\"\n[[meter]]\nname = \"b\"\n", "port_offset"},
        Case{"[[meter]]\nstream = \"x\"\nscenario = \"y\"\n", "one of"},
        Case{"[[meter]]\n[meter.settings]\nPM1.x = 1\n", "in quotes"},
        Case{"[[meter]]\n[meter.settings]\n\"PM1.PT Prime\" = 1\n", "PT Prim"},
        Case{"[[meter]]\n[meter.settings]\n\"PM1.PT Prim\" = -1\n", "PM1.PT Prim"},
        Case{"[[meter]]\ntier = \"best\"\n", "best"},
        Case{"[[meter]]\nscenario = \"none.toml\"\n", "none.toml"},
        Case{"[meter]\nname = \"a\"\n", "[[meter]]"}, Case{"a = [[[\n", ":1"}}) {
    const Ran ran = polyphase("run --config " + config(each.text) + " --data " + folder() + "data");
    EXPECT_EQ(ran.status, 1) << each.text << ran.err;
    EXPECT_NE(ran.last_line_of_err().find(each.says), std::string::npos)
        << each.text << ran.last_line_of_err();
  }
  EXPECT_EQ(polyphase("run --config " + folder() + "none.toml").status, 1);
}

TEST(Daemon, EndsWithItsScenarioAndKeepsTheEnergy) {
  const std::string data = folder() + "data";
  const std::string run = "run --speed 0 --port-offset 20000 --data " + data + " --scenario " +
                          write_file("s.toml", clean("60"));
  const Ran first = polyphase(run);
  EXPECT_EQ(first.status, 0) << first.err;
  const double once_kwh = kept(data, "INT1.sum");
  EXPECT_NEAR(once_kwh, 3.45 * 59 / 3600, 3.45 * 2 / 3600);
  EXPECT_EQ(polyphase(run).status, 0);
  EXPECT_NEAR(kept(data, "INT1.sum"), 2 * once_kwh, 1e-6);
}

TEST(Daemon, EndsCleanlyWhenAsked) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Daemon daemon("--port-offset 20000 --data " + folder() + "data");
    ASSERT_TRUE(daemon.wait_for_line("measures"));
    EXPECT_EQ(daemon.end(signal), 0) << daemon.said();
    EXPECT_NE(daemon.said().find("stops"), std::string::npos) << daemon.said();
  }
}

// Covers: LOG-004
TEST(Daemon, EnergyNeverGoesBackWhenItIsKilled) {
  const std::string data = folder() + "data";
  const std::string options = "--port-offset 20000 --data " + data + " --speed 50 --scenario " +
                              write_file("s.toml", clean("100000"));
  std::mt19937 random(20261124);
  std::uniform_int_distribution<int> life_ms(1'200, 2'500);
  double before_kwh = 0;
  for (int round = 0; round < 4; ++round) {
    Daemon daemon(options);
    ASSERT_TRUE(daemon.wait_for_line("measures")) << daemon.said();
    daemon.run_for(std::chrono::milliseconds(life_ms(random)));
    daemon.end(SIGKILL);
    const double after_kwh = kept(data, "INT1.sum");
    EXPECT_GT(after_kwh, before_kwh) << "round " << round;
    before_kwh = after_kwh;
  }
}

TEST(Daemon, SetsADamagedStoreAsideAndMeasures) {
  const std::string data = folder() + "data";
  const std::string run = "run --speed 0 --duration 5 --port-offset 20000 --data " + data;
  ASSERT_EQ(polyphase(run).status, 0);
  std::string bytes = read_file(data + "/main/meter.db");
  for (std::size_t i = 0; i < bytes.size(); i += 7) bytes[i] = '?';
  ASSERT_TRUE(std::ofstream(data + "/main/meter.db", std::ios::binary) << bytes);
  const Ran again = polyphase(run);
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.err.find("set aside as"), std::string::npos) << again.err;
  EXPECT_GT(kept(data, "INT1.sum"), 0);
}

TEST(Daemon, TakesEnergiesOverOutOfAStoreWithADamagedPage) {
  const std::string data = folder() + "data", file = data + "/main/meter.db";
  const std::string run = "run --speed 0 --port-offset 20000 --data " + data + " --scenario " +
                          write_file("s.toml", clean("10"));
  ASSERT_EQ(polyphase(run).status, 0);
  ASSERT_EQ(polyphase(run).status, 0);
  const double before_kwh = kept(data, "INT1.sum");
  std::string bytes = read_file(file);
  const std::size_t events = bytes.find("nothing was measured");  // the outage between the two
  ASSERT_NE(events, std::string::npos);
  constexpr std::size_t page_bytes = 4'096;
  bytes.replace(events / page_bytes * page_bytes, page_bytes, page_bytes, '\0');
  ASSERT_TRUE(std::ofstream(file, std::ios::binary) << bytes);
  const Ran again = polyphase(run);
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.err.find("set aside as"), std::string::npos) << again.err;
  EXPECT_NE(again.err.find("taken over: 2 of kind password"), std::string::npos) << again.err;
  EXPECT_GT(kept(data, "INT1.sum"), before_kwh);
}

// Covers: SOP-001
TEST(Daemon, ClosesThePortOfTheWebPagesWhereTheyAreSwitchedOff) {
  const std::string options = "--data " + folder() + "data";
  const std::string site = "https://127.0.0.1:20443/", jar = folder() + "jar";
  const std::string curl = "curl -sk --max-time 10 -b " + jar + " -c " + jar + " ";
  {
    Daemon daemon("--config " +
                  config("[ports]\noffset = 20000\n[[meter]]\n[meter.settings]\n"
                         "\"SO1.Web Programming\" = \"on\"\n") +
                  " " + options);
    ASSERT_TRUE(daemon.wait_for_line("on port 20443")) << daemon.said();
    const std::string api = site + "api/v1/", header = "-H 'X-Polyphase: 1' ";
    ASSERT_EQ(
        shell(curl + header + R"(-f -d '{"user":"USER1","password":"0"}' )" + api + "session"), 0);
    EXPECT_EQ(shell(curl + header + R"(-f -X PUT -d '{"value":"off"}' ')" + api +
                    "registers/SO1.Enable%20Web'"),
              0);
    ASSERT_TRUE(daemon.wait_for_line("HTTPS is switched off")) << daemon.said();
    EXPECT_EQ(shell(curl + site), 7) << "nobody listens";
    EXPECT_EQ(daemon.end(SIGTERM), 0);
  }
  Daemon again("--port-offset 20000 " + options);
  ASSERT_TRUE(again.wait_for_line("on port 20502")) << again.said();
  EXPECT_EQ(shell(curl + site), 7) << "nor after a restart";
  EXPECT_EQ(again.end(SIGTERM), 0);
  Daemon opened("--port-offset 20000 --set 'SO1.Enable Web=on' " + options);
  ASSERT_TRUE(opened.wait_for_line("on port 20443")) << opened.said();
  EXPECT_EQ(shell(curl + site), 0);
  EXPECT_EQ(opened.end(SIGTERM), 0);
}

// Covers: REV-010
TEST(Daemon, FollowsTheSwitchOfTheRevenueLockAtItsNextStart) {
  const std::string data = folder() + "data", options = "run --speed 0 --duration 3 --data " + data;
  EXPECT_EQ(polyphase("lock on --data " + data).status, 1) << "there is no meter yet";
  ASSERT_EQ(polyphase(options).status, 0);
  const Ran turned = polyphase("lock on --data " + data);
  EXPECT_EQ(turned.status, 0) << turned.err;
  const Ran refused = polyphase(options + " --pt 100:1");
  EXPECT_NE(refused.status, 0);
  EXPECT_NE(refused.err.find("revenue lock is on"), std::string::npos) << refused.err;
  EXPECT_EQ(polyphase(options).status, 0);
  ASSERT_EQ(polyphase("lock off --data " + data).status, 0);
  EXPECT_EQ(polyphase(options + " --pt 100:1").status, 0);
  EXPECT_EQ(polyphase("lock open --data " + data).status, 2);
}

TEST(Daemon, TwoOnOneDataFolderDoNotRun) {
  const std::string options = "--port-offset 20000 --data " + folder() + "data";
  Daemon daemon(options);
  ASSERT_TRUE(daemon.wait_for_line("measures"));
  const Ran other = polyphase("run " + options);
  EXPECT_EQ(other.status, 2) << other.err;
  EXPECT_NE(other.err.find("meter.db"), std::string::npos) << other.err;
  EXPECT_EQ(daemon.end(SIGTERM), 0);
}

TEST(Daemon, RunsSeveralMetersAndSaysWhatTheStoreKeeps) {
  const std::string scenario = write_file("s.toml", clean("100"));
  const auto meters = [&](const char* ratio) {
    return config(
        "[ports]\noffset = 20000\n[[meter]]\nname = \"a\"\nscenario = \"s.toml\"\n"
        "[meter.settings]\n\"PM1.PT Prim\" = " +
        std::string(ratio) +
        "\n[[meter]]\nname = \"b\"\nport_offset = 1000\nscenario = \"s.toml\"\n");
  };
  const std::string data = folder() + "data";
  {
    Daemon daemon("--config " + meters("100") + " --data " + data);
    ASSERT_TRUE(daemon.wait_for_line("b: measures")) << daemon.said();
    EXPECT_EQ(daemon.end(SIGTERM), 0);
  }
  Daemon again("--config " + meters("200") + " --data " + data);
  ASSERT_TRUE(
      again.wait_for_line("a: the configuration says PM1.PT Prim = 200, the store keeps 100"))
      << again.said();
  EXPECT_EQ(again.end(SIGTERM), 0);
}

}  // namespace
}  // namespace polyphase::system_test
