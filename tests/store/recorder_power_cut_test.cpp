#include <gtest/gtest.h>

#include <cstdio>

#include "power_cut.hpp"
#include "recorder/recorder.hpp"
#include "recorder_vocabulary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::testing {
namespace {

constexpr std::uint32_t depth = 50;

/// A meter that records, checkpoints how many records it took, and loses its power.
struct RecordingLives {
  PowerCut power;
  TemporaryFolder folder;
  std::mt19937_64 random;
  double reported = 0;  ///< the last record whose drain said that it is filed

  explicit RecordingLives(std::uint64_t seed) : random(seed) {}

  Result<std::unique_ptr<store::Store>> open() {
    store::OpenOptions options;
    options.vfs = PowerCut::vfs_name;
    return store::Store::open(folder.file("meter.db"), options);
  }

  void live() {
    power.arm(static_cast<std::int64_t>(random() % (1ull << random() % 12)));
    const auto store = open();
    if (!store) return;
    SmallMeter meter;
    recorder::Recorder recorder(meter.table);
    for (double next = reported + 1;; ++next) {
      Told{meter.billing, {{meter.kwh, next}}, next, depth}.to(recorder);
      std::vector<store::NamedNumber> numbers{{"records", next}};
      recorder.checkpoint(numbers);
      if (!recorder.drain(**store, recorder::Until::checkpoint)) return;
      reported = next;
    }
  }

  void look(PowerCut::Unsynced unsynced) {
    ASSERT_TRUE(power.is_cut());
    power.restore(unsynced, random);
    const auto store = open();
    ASSERT_TRUE(store) << store.error().text();
    EXPECT_EQ((*store)->report().set_aside, "");
    const auto retained = must(must((*store)->reader()).retained());
    const double counted = retained.empty() ? 0 : retained[0].value;
    const auto kept = values_in(**store, "Billing Log");
    ASSERT_EQ(kept.size(), static_cast<std::size_t>(std::min<double>(counted, depth)));
    for (std::size_t i = 0; i < kept.size(); ++i)
      ASSERT_EQ(kept[i], counted - static_cast<double>(kept.size() - 1 - i));
    EXPECT_GE(counted, reported);
    EXPECT_LE(counted, reported + 1);
    reported = counted;
  }
};

// Covers: LOG-004
TEST(RecorderPowerCut, LosesNoRecordThatWasFiledAndCountsThoseItHas) {
  constexpr std::uint64_t seeds = 8;
  constexpr int lives_of_a_seed = 12;
  double records = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RecordingLives lives(seed);
    for (int life = 0; life < lives_of_a_seed; ++life) {
      SCOPED_TRACE("life " + std::to_string(life));
      lives.live();
      lives.look(life % 2 == 0 ? PowerCut::Unsynced::lost : PowerCut::Unsynced::scattered);
      if (::testing::Test::HasFailure()) return;
    }
    records += lives.reported;
  }
  std::printf("seeds 1 to %d, %d cuts, %.0f records\n", static_cast<int>(seeds),
              static_cast<int>(seeds) * lives_of_a_seed, records);
  EXPECT_GT(records, 100);
}

}  // namespace
}  // namespace polyphase::testing
