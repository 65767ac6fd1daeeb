#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <random>

#include "diary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::testing {
namespace {

constexpr int kills = 60;
constexpr std::uint64_t seed = 20260101;
constexpr std::uint64_t reports_max = 12;  ///< that a child gives before it is killed

/// Writes batches and reports the number of each that is committed, until it is killed.
[[noreturn]] void write_until_killed(const std::string& path, int reports, std::int64_t batch) {
  auto store = store::Store::open(path, {});
  if (!store || !Diary::define(**store)) _exit(1);
  while (Diary::write(**store, ++batch))
    if (::write(reports, &batch, sizeof batch) != sizeof batch) break;
  _exit(2);
}

/// Kills a child behind its `count`th report. Returns the last batch it reported, also those that
/// it reported before the signal reached it; `batch` when there was none.
std::int64_t reported_until_killed(const std::string& path, std::int64_t batch,
                                   std::uint64_t count) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    write_until_killed(path, ends[1], batch);
  }
  ::close(ends[1]);
  std::int64_t report = 0;
  const auto next = [&] { return ::read(ends[0], &report, sizeof report) == sizeof report; };
  for (; count > 0 && next(); --count) batch = report;
  EXPECT_EQ(::kill(child, SIGKILL), 0);
  while (next()) batch = report;
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
  return batch;
}

// Covers: LOG-004
TEST(Kill, LosesNothingThatWasReportedAsWritten) {
  const TemporaryFolder folder;
  const std::string path = folder.file("meter.db");
  std::mt19937_64 random(seed);
  std::int64_t batches = 0;
  for (int kill = 0; kill < kills && !HasFailure(); ++kill) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", kill " + std::to_string(kill));
    const std::int64_t reported =
        reported_until_killed(path, batches, random() % (reports_max + 1));
    const auto store = store::Store::open(path, {});
    ASSERT_TRUE(store) << store.error().text();
    EXPECT_EQ((*store)->report().set_aside, "");
    if (!Diary::define(**store)) FAIL() << "cannot be written after a kill";
    batches = Diary::check(**store);
    EXPECT_GE(batches, reported);
    EXPECT_LE(batches, reported + 1);
  }
  std::printf("seed %llu, %d kills, %lld batches\n", static_cast<unsigned long long>(seed), kills,
              static_cast<long long>(batches));
}

}  // namespace
}  // namespace polyphase::testing
