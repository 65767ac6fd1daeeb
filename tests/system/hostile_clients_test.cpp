// A running meter against clients that mean no good.
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "system/daemon.hpp"
#include "system/program.hpp"

namespace polyphase::system_test {
namespace {

/// Resident memory of a process, kB.
long memory_kb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  return -1;
}

long open_files(pid_t pid) {
  const std::filesystem::directory_iterator files("/proc/" + std::to_string(pid) + "/fd");
  return std::distance(begin(files), end(files));
}

TEST(HostileClients, DoNotKeepTheMeterFromServingOthers) {
  const char* given = std::getenv("POLYPHASE_SEED");
  const std::string seed = given == nullptr ? "20261128" : given;
  Daemon daemon("--port-offset 21000 --data " + folder() + "data");
  ASSERT_TRUE(daemon.wait_for_line("on port 21443")) << daemon.said();
  daemon.run_for(std::chrono::milliseconds(1'500));  // the first values
  const long before_kb = memory_kb(daemon.pid()), files = open_files(daemon.pid());
  ASSERT_GT(before_kb, 0);
  const std::string said = folder() + "said";
  const int status =
      std::system(("python3 " POLYPHASE_SOURCE_DIR "/tests/system/fuzz_ports.py 21502 21443 " +
                   seed + " 10 > " + said + " 2>&1")
                      .c_str());
  EXPECT_EQ(status, 0) << read_file(said) << daemon.said();
  std::printf("%s", read_file(said).c_str());
  constexpr long growth_kb_max = 40 * 1'024, files_more_max = 8;
  EXPECT_LT(memory_kb(daemon.pid()) - before_kb, growth_kb_max);
  EXPECT_LE(open_files(daemon.pid()), files + files_more_max);
  EXPECT_EQ(daemon.end(SIGTERM), 0) << daemon.said();
}

}  // namespace
}  // namespace polyphase::system_test
