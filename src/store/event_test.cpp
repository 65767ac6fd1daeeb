#include <gtest/gtest.h>

#include "store_vocabulary.hpp"

namespace polyphase::store {
namespace {

using namespace polyphase::testing;
using Numbers = std::vector<std::int64_t>;

class Events : public ::testing::Test {
 protected:
  void fill(std::int64_t count, std::uint8_t priority = 25) {
    commit(*store, [&](Batch& batch) {
      for (std::int64_t i = 0; i < count; ++i) {
        Event event;
        event.time = Instant{1'000 * ++time};
        event.priority = priority;
        must(batch.append(event));
      }
    });
  }
  EventPage events(const Range& range = {}) { return must(must(store->reader()).events(range)); }

  std::unique_ptr<Store> store = must(Store::open_in_memory());
  std::int64_t time = 0;
};

// Covers: EVT-003
TEST_F(Events, GiveBackWhatWasAppended) {
  Event event{0, Instant{42}, 255, "USER1", "SP1.Source", "1.5", "SP1.Status", "ON", "meter 7"};
  commit(*store, [&](Batch& batch) { event.number = must(batch.append(event)); });
  EXPECT_EQ(event.number, 1);
  ASSERT_EQ(events().events.size(), 1u);
  EXPECT_EQ(events().events[0], event);
}

// Covers: MON-001, EVT-017, SEC-083
TEST_F(Events, ReplaceTheOldestBeyondFiveThousand) {
  fill(5'001);
  const LogInfo info = info_of(*store, event_log);
  EXPECT_EQ(info.name, "Event Log");
  EXPECT_EQ(info.depth, 5'000);
  EXPECT_EQ(info.count, 5'000);
  EXPECT_EQ(info.number_oldest, 2);
  EXPECT_EQ(info.number_newest, 5'001);
}

TEST_F(Events, HaveADepthThatCanBeSet) {
  fill(10);
  commit(*store, [](Batch& batch) { must(batch.set_depth(event_log, 3)); });
  EXPECT_EQ(numbers_of(events()), (Numbers{8, 9, 10}));
  fill(1);
  EXPECT_EQ(numbers_of(events()), (Numbers{9, 10, 11}));
}

TEST_F(Events, GoOnWithTheirNumbersWhenCleared) {
  fill(3);
  commit(*store, [](Batch& batch) { must(batch.clear(event_log)); });
  fill(1);
  EXPECT_EQ(numbers_of(events()), (Numbers{4}));
}

TEST_F(Events, AreFoundByPriorityTimeAndNumber) {
  fill(2, 10);
  fill(2, 200);
  fill(2, 10);
  Range range;
  range.priority_min = 128;
  EXPECT_EQ(numbers_of(events(range)), (Numbers{3, 4}));
  range = {};
  range.time_first = Instant{2'000};
  range.time_last = Instant{4'000};
  range.newest_first = true;
  EXPECT_EQ(numbers_of(events(range)), (Numbers{4, 3, 2}));
  range.number_last = 3;
  range.limit = 1;
  EXPECT_EQ(numbers_of(events(range)), (Numbers{3}));
  EXPECT_TRUE(events(range).more);
}

TEST_F(Events, ComeInPagesOfABoundedSize) {
  commit(*store, [](Batch& batch) { must(batch.set_depth(event_log, 20'000)); });
  fill(10'001);
  Range range;
  range.limit = 1'000'000;
  EXPECT_EQ(events(range).events.size(), Range::page_max);
  EXPECT_TRUE(events(range).more);
}

}  // namespace
}  // namespace polyphase::store
