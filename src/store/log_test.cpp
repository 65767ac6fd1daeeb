#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "store_vocabulary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::store {
namespace {

using namespace polyphase::testing;
using Numbers = std::vector<std::int64_t>;

class Logs : public ::testing::Test {
 protected:
  void fill(Log log, std::int64_t count) {
    commit(*store, [&](Batch& batch) {
      for (std::int64_t i = 0; i < count; ++i)
        must(batch.append(log, Instant{1'000 * ++time}, std::vector<Field>(2)));
    });
  }
  RecordPage records(Log log, const Range& range = {}) {
    return must(must(store->reader()).records(log, range));
  }
  void restart() {
    store.reset();
    store = must(Store::open(folder.file("meter.db"), {}));
  }

  TemporaryFolder folder;
  std::unique_ptr<Store> store = must(Store::open(folder.file("meter.db"), {}));
  std::int64_t time = 0;
};

TEST_F(Logs, GiveBackWhatWasAppended) {
  const Log log = define(*store, "Data Log 1", 10);
  Quality doubtful;
  doubtful.add(Quality::clipped);
  append(*store, log, -5, {{1.5, doubtful}, {std::nan(""), {}}});
  const RecordPage page = records(log);
  ASSERT_EQ(page.records.size(), 1u);
  EXPECT_EQ(page.layouts[page.records[0].layout], columns({"a", "b"}));
  EXPECT_EQ(page.records[0].time, Instant{-5});
  EXPECT_EQ(page.records[0].fields[0].value, 1.5);
  EXPECT_EQ(page.records[0].fields[0].quality, doubtful);
  EXPECT_TRUE(std::isnan(page.records[0].fields[1].value));
  EXPECT_FALSE(page.more);
}

TEST_F(Logs, ReplaceTheOldestRecordsWhenTheyAreFull) {
  const Log log = define(*store, "log", 3);
  fill(log, 2);
  fill(log, 3);
  EXPECT_EQ(numbers_of(records(log)), (Numbers{3, 4, 5}));
  const LogInfo info = info_of(*store, log);
  EXPECT_EQ(info.count, 3);
  EXPECT_EQ(info.number_oldest, 3);
  EXPECT_EQ(info.number_newest, 5);
  EXPECT_EQ(info.time_oldest, Instant{3'000});
  EXPECT_EQ(info.time_newest, Instant{5'000});
}

TEST_F(Logs, NeverUseANumberAgain) {
  const Log log = define(*store, "log", 3);
  fill(log, 5);
  commit(*store, [&](Batch& batch) { must(batch.clear(log)); });
  EXPECT_TRUE(records(log).records.empty());
  restart();
  EXPECT_EQ(define(*store, "log", 3), log);
  EXPECT_EQ(info_of(*store, log).next_number, 6);
  fill(log, 1);
  EXPECT_EQ(numbers_of(records(log)), (Numbers{6}));
}

// Covers: LOG-004
TEST_F(Logs, SurviveARestart) {
  const Log log = define(*store, "log", 100);
  fill(log, 7);
  restart();
  EXPECT_EQ(numbers_of(records(log)), (Numbers{1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(Logs, KeepEachRecordsColumnsWhenTheyChange) {
  Log log = define(*store, "log", 4);
  fill(log, 2);
  EXPECT_EQ(define(*store, "log", 4, columns({"c"})), log);
  append(*store, log, time, {{7, {}}});
  RecordPage page = records(log);
  ASSERT_EQ(page.layouts.size(), 2u);
  EXPECT_EQ(page.layouts[page.records[0].layout], columns({"a", "b"}));
  EXPECT_EQ(page.layouts[page.records[2].layout], columns({"c"}));
  EXPECT_EQ(page.records[2].fields.size(), 1u);
  EXPECT_EQ(info_of(*store, log).columns, columns({"c"}));

  restart();
  EXPECT_EQ(define(*store, "log", 4, columns({"c"})), log);
  EXPECT_EQ(records(log).layouts.size(), 2u);
}

TEST_F(Logs, ForgetColumnsThatNoRecordHas) {
  const Log log = define(*store, "log", 2);
  fill(log, 1);
  const auto used = [&] { return must(must(store->reader()).usage()).bytes_used; };
  const std::string long_label(20'000, 'x');
  define(*store, "log", 2, columns({long_label.c_str()}));
  define(*store, "log", 2);
  const auto before = used();
  for (int i = 0; i < 20; ++i) {
    define(*store, "log", 2, columns({long_label.c_str()}));
    define(*store, "log", 2);
  }
  EXPECT_EQ(used(), before);
  EXPECT_EQ(records(log).layouts.at(0), columns({"a", "b"}));
}

TEST_F(Logs, LoseTheOldestRecordsWhenTheyAreMadeShorter) {
  const Log log = define(*store, "log", 10), other = define(*store, "other", 10);
  fill(log, 10);
  fill(other, 10);
  define(*store, "log", 2);
  EXPECT_EQ(numbers_of(records(log)), (Numbers{9, 10}));
  EXPECT_EQ(info_of(*store, other).count, 10);
}

TEST_F(Logs, AreReadPageByPageInBothDirections) {
  const Log log = define(*store, "log", 100);
  fill(log, 7);
  Range range;
  range.limit = 3;
  RecordPage page = records(log, range);
  EXPECT_EQ(numbers_of(page), (Numbers{1, 2, 3}));
  EXPECT_TRUE(page.more);
  range.number_first = 4;
  range.limit = 4;
  page = records(log, range);
  EXPECT_EQ(numbers_of(page), (Numbers{4, 5, 6, 7}));
  EXPECT_FALSE(page.more);
  range = {};
  range.newest_first = true;
  range.limit = 2;
  range.number_last = 6;
  EXPECT_EQ(numbers_of(records(log, range)), (Numbers{6, 5}));
}

TEST_F(Logs, AreFoundByTimeAlsoWhenTheClockWasSetBack) {
  const Log log = define(*store, "log", 100);
  for (const std::int64_t ns : {10, 20, 30, 15, 25, 35}) append(*store, log, ns, {{}, {}});
  Range range;
  range.time_first = Instant{15};
  range.time_last = Instant{25};
  EXPECT_EQ(numbers_of(records(log, range)), (Numbers{2, 4, 5}));
  range.time_first = range.time_last = Instant{99};
  EXPECT_TRUE(records(log, range).records.empty());
}

TEST_F(Logs, AreReadWhileTheyAreWritten) {
  const Log log = define(*store, "log", 4);
  fill(log, 4);
  auto reader = must(store->reader());
  Range range;
  range.limit = 2;
  auto batch = must(store->begin());
  must(batch.append(log, Instant{}, std::vector<Field>(2)));
  EXPECT_EQ(numbers_of(must(reader.records(log, range))), (Numbers{1, 2}));
  must(batch.commit());
  range.number_first = 3;
  EXPECT_EQ(numbers_of(must(reader.records(log, range))), (Numbers{3, 4}));
  range.number_first = 0;
  EXPECT_EQ(numbers_of(must(reader.records(log, range))), (Numbers{2, 3}));
}

TEST_F(Logs, AreReadByAnotherThreadWithoutGapsWhileTheOldestRecordsGo) {
  constexpr std::int64_t commits = 200, records_each = 5, depth = 100;
  const Log log = define(*store, "log", depth);
  fill(log, depth);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < commits; ++i) fill(log, records_each);
    done = true;
  });
  auto reader = must(store->reader());
  std::int64_t last = 0, pages = 0;
  for (bool finished = false; !finished; ++pages) {
    finished = done && last == depth + commits * records_each;
    Range range;
    range.number_first = last + 1;
    range.limit = 30;
    const Numbers numbers = numbers_of(must(reader.records(log, range)));
    for (std::size_t i = 1; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], numbers[i - 1] + 1);
    if (!numbers.empty()) last = numbers.back();
  }
  writer.join();
  EXPECT_EQ(last, depth + commits * records_each);
  EXPECT_GT(pages, 1);
}

TEST_F(Logs, RefuseWhatIsNoDefinition) {
  auto batch = must(store->begin());
  const auto code = [&](std::string_view name, std::size_t column_count, std::int64_t depth) {
    const auto log = batch.define_log(name, std::vector<Column>(column_count), depth);
    return log ? std::nullopt : std::optional(log.error().code);
  };
  EXPECT_EQ(code("", 1, 1), ErrorCode::invalid_config);
  EXPECT_EQ(code("log", 0, 1), ErrorCode::invalid_config);
  EXPECT_EQ(code("log", 1, 0), ErrorCode::invalid_config);
  EXPECT_EQ(code("log", 1, depth_max + 1), ErrorCode::invalid_config);
  EXPECT_EQ(code("log", columns_max + 1, 1), ErrorCode::limit);
  EXPECT_EQ(code(event_log_name, 1, 1), ErrorCode::refused);
  EXPECT_EQ(code("log", columns_max, depth_max), std::nullopt);
  for (std::size_t i = 2; i < logs_max; ++i)
    must(batch.define_log(std::to_string(i), columns({"a"}), 1));
  EXPECT_EQ(code("one more", 1, 1), ErrorCode::limit);
  EXPECT_EQ(code("7", 1, 1), std::nullopt);
  must(batch.commit());
}

TEST_F(Logs, RefuseARecordOfOtherColumnsAndKeepTheRestOfTheBatch) {
  const Log log = define(*store, "log", 4);
  auto batch = must(store->begin());
  must(batch.append(log, Instant{}, std::vector<Field>(2)));
  const auto wrong = batch.append(log, Instant{}, std::vector<Field>(3));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::refused);
  EXPECT_EQ(batch.append(Log{99}, Instant{}, {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(batch.append(event_log, Instant{}, {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(batch.set_depth(Log{99}, 1).error().code, ErrorCode::not_found);
  EXPECT_EQ(batch.clear(Log{99}).error().code, ErrorCode::not_found);
  must(batch.commit());
  EXPECT_EQ(info_of(*store, log).count, 1);
}

}  // namespace
}  // namespace polyphase::store
