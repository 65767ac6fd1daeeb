#include "meter/revenue_lock.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "temporary_folder.hpp"

namespace polyphase::meter {
namespace {

void write(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Covers: REV-010
TEST(LockSwitch, IsAFileOfTheDataFolderAndOffAtFirst) {
  const testing::TemporaryFolder folder;
  EXPECT_FALSE(turn_lock_switch(folder.path().string(), true)) << "no meter has its data there";
  write(folder.file("meter.db"), "");
  EXPECT_FALSE(lock_switch_is_on(folder.path().string()));
  ASSERT_TRUE(turn_lock_switch(folder.path().string(), true));
  EXPECT_TRUE(lock_switch_is_on(folder.path().string()));
  ASSERT_TRUE(turn_lock_switch(folder.path().string(), false));
  EXPECT_FALSE(lock_switch_is_on(folder.path().string()));
}

TEST(LockSwitch, ThatIsNotUnderstoodIsOn) {
  const testing::TemporaryFolder folder;
  for (const char* text : {"", "of", "off", "\n", "on\n"}) {
    write(folder.file("revenue-lock"), text);
    EXPECT_TRUE(lock_switch_is_on(folder.path().string())) << text;
  }
}

}  // namespace
}  // namespace polyphase::meter
