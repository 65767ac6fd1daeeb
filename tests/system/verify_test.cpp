// `polyphase verify`: this build before the test points of the standards, as a user would ask.
#include <gtest/gtest.h>

#include "system/program.hpp"

namespace polyphase::system_test {
namespace {

// Covers: SPC-010..SPC-019, SPC-021..SPC-027, SPC-030, SPC-031, SPC-034
TEST(Verify, ThisBuildPassesTheQuickTypeTest) {
  const Ran ran = polyphase("verify --quick");
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.lines().back(), "PASSED");
}

TEST(Verify, PassesAndWritesItsPage) {
  const std::string page = folder() + "report.html";
  const Ran ran = polyphase("verify --quick --only 61557-12 --html " + page);
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.lines().back(), "PASSED");
  EXPECT_NE(ran.out.find("not a sensor"), std::string::npos);
  EXPECT_NE(read_file(page).find("<svg"), std::string::npos);
}

TEST(Verify, ASettingThatIsWrongTurnsItRed) {
  const Ran ran = polyphase(
      "verify --quick --only 61557-12 --set \"PM1.PT Prim=1003\" --set \"PM1.PT Sec=1000\"");
  EXPECT_EQ(ran.status, 1) << ran.err;
  EXPECT_NE(ran.out.find("FAILED  U | "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("--set \"PM1.PT Prim=1003\""), std::string::npos)
      << "the report says how the meter was set up";
}

TEST(Verify, JsonIsDataAlone) {
  const Ran ran = polyphase("verify --quick --only 61557-12 --json");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out.rfind("{\"program\":\"polyphase ", 0), 0u);
  EXPECT_NE(ran.out.find("\"passed\":true}\n"), std::string::npos);
}

TEST(Verify, APageThatCannotBeWrittenIsAnError) {
  const Ran ran = polyphase("verify --quick --only 61557-12 --html /nowhere/report.html");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.last_line_of_err().find("/nowhere/report.html"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace polyphase::system_test
