#include "power_cut.hpp"

#include <gtest/gtest.h>

#include <cstdio>

#include "diary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::testing {
namespace {

/// Some cuts while the file is created, some between two commits, some when the write-ahead log,
/// which has a thousand pages, goes back into the file.
std::int64_t operations_until_cut(std::mt19937_64& random) {
  const auto size = random() % 14;
  return static_cast<std::int64_t>(random() % (1ull << size));
}

struct Lives {
  PowerCut power;
  TemporaryFolder folder;
  std::mt19937_64 random;
  std::int64_t reported = 0;   ///< batches whose commit said that they are written
  std::int64_t attempted = 0;  ///< the last that was begun
  int in_the_middle = 0;       ///< batches that were cut and are there all the same

  explicit Lives(std::uint64_t seed) : random(seed) {}

  Result<std::unique_ptr<store::Store>> open() {
    store::OpenOptions options;
    options.vfs = PowerCut::vfs_name;
    return store::Store::open(folder.file("meter.db"), options);
  }

  /// Opens, writes until the power is cut.
  void live() {
    power.arm(operations_until_cut(random));
    const auto store = open();
    if (!store || !Diary::define(**store)) return;
    while (Diary::write(**store, attempted = reported + 1)) ++reported;
  }

  void look(PowerCut::Unsynced unsynced) {
    ASSERT_TRUE(power.is_cut());
    power.restore(unsynced, random);
    const auto store = open();
    ASSERT_TRUE(store) << store.error().text();
    EXPECT_EQ((*store)->report().set_aside, "") << (*store)->report().reason;
    const std::int64_t found = Diary::check(**store);
    EXPECT_GE(found, reported);
    EXPECT_LE(found, std::max(reported, attempted));
    if (found > reported) ++in_the_middle;
    reported = found;
  }
};

void run(PowerCut::Unsynced unsynced) {
  constexpr std::uint64_t seeds = 15;
  constexpr int lives_of_a_seed = 12;
  std::int64_t batches = 0, in_the_middle = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Lives lives(seed);
    for (int life = 0; life < lives_of_a_seed; ++life) {
      SCOPED_TRACE("life " + std::to_string(life));
      lives.live();
      lives.look(unsynced);
      if (::testing::Test::HasFailure()) return;
    }
    batches += lives.reported;
    in_the_middle += lives.in_the_middle;
  }
  std::printf("seeds 1 to %d, %d cuts, %lld batches, %lld of them cut and there all the same\n",
              static_cast<int>(seeds), static_cast<int>(seeds) * lives_of_a_seed,
              static_cast<long long>(batches), static_cast<long long>(in_the_middle));
  EXPECT_GT(batches, 500);
}

// Covers: LOG-004
TEST(PowerCut, LosesNothingThatWasReportedWhenAllThatWasNotSyncedIsLost) {
  run(PowerCut::Unsynced::lost);
}

TEST(PowerCut, LosesNothingThatWasReportedWhenOnlySomeSectorsReachedTheDisk) {
  run(PowerCut::Unsynced::scattered);
}

}  // namespace
}  // namespace polyphase::testing
