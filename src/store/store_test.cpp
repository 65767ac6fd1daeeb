#include "store/store.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "store_vocabulary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::store {
namespace {

using namespace polyphase::testing;

std::unique_ptr<Store> in_memory(std::int64_t bytes_max = 0) {
  return must(Store::open_in_memory(bytes_max));
}

std::unique_ptr<Store> open(const TemporaryFolder& folder) {
  return must(Store::open(folder.file("meter.db"), {}));
}

std::vector<std::pair<std::string, double>> retained(Store& store) {
  std::vector<std::pair<std::string, double>> pairs;
  for (auto& number : must(must(store.reader()).retained()))
    pairs.emplace_back(number.name, number.value);
  return pairs;
}

TEST(Store, TellsWhetherItIsNew) {
  const TemporaryFolder folder;
  EXPECT_TRUE(open(folder)->report().created);
  const auto again = open(folder);
  EXPECT_FALSE(again->report().created);
  EXPECT_EQ(again->report().version_before, 1);
  EXPECT_EQ(again->report().set_aside, "");
}

TEST(Store, KeepsRetainedNumbersOverARestart) {
  const TemporaryFolder folder;
  {
    const auto store = open(folder);
    commit(*store, [](Batch& b) { must(b.retain(std::vector<NamedNumber>{{"x", 1}, {"y", 2}})); });
    commit(*store, [](Batch& b) { must(b.retain(std::vector<NamedNumber>{{"x", 3}, {"y", 4}})); });
  }
  const auto store = open(folder);
  EXPECT_EQ(retained(*store), (std::vector<std::pair<std::string, double>>{{"x", 3}, {"y", 4}}));
  commit(*store, [](Batch& b) { must(b.retain(std::vector<NamedNumber>{{"z", 0.1}})); });
  EXPECT_EQ(retained(*store), (std::vector<std::pair<std::string, double>>{{"z", 0.1}}));
}

TEST(Store, RetainsNotAvailable) {
  const auto store = in_memory();
  commit(*store, [](Batch& b) { must(b.retain(std::vector<NamedNumber>{{"x", std::nan("")}})); });
  EXPECT_TRUE(std::isnan(retained(*store).at(0).second));
}

TEST(Store, ForgetsTheNamesOfABatchThatWasNotCommitted) {
  const auto store = in_memory();
  commit(*store, [](Batch& b) { must(b.retain(std::vector<NamedNumber>{{"x", 1}})); });
  { must(must(store->begin()).retain(std::vector<NamedNumber>{{"y", 2}})); }
  commit(*store, [](Batch& b) { must(b.retain(std::vector<NamedNumber>{{"y", 3}})); });
  EXPECT_EQ(retained(*store), (std::vector<std::pair<std::string, double>>{{"y", 3}}));
}

TEST(Store, PutsErasesAndListsDocumentsByKind) {
  const auto store = in_memory();
  commit(*store, [](Batch& b) {
    must(b.put_document("setting", "PM1.PT Prim", "347"));
    must(b.put_document("setting", "CL1.DST", "off"));
    must(b.put_document("user", "USER1", "{}"));
  });
  commit(*store, [](Batch& b) {
    must(b.put_document("setting", "PM1.PT Prim", "400"));
    must(b.erase_document("setting", "CL1.DST"));
  });
  const auto settings = must(must(store->reader()).documents("setting"));
  ASSERT_EQ(settings.size(), 1u);
  EXPECT_EQ(settings[0].key, "PM1.PT Prim");
  EXPECT_EQ(settings[0].text, "400");
  EXPECT_EQ(must(must(store->reader()).documents("user")).size(), 1u);
  EXPECT_TRUE(must(must(store->reader()).documents("template")).empty());
}

TEST(Store, RefusesADocumentThatIsTooLong) {
  const auto store = in_memory();
  auto batch = must(store->begin());
  const auto put = batch.put_document("k", "k", std::string(row_bytes_max + 1, 'x'));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::limit);
}

TEST(Store, UndoesWhatWasNotCommitted) {
  const auto store = in_memory();
  const Log log = define(*store, "log", 10);
  {
    auto batch = must(store->begin());
    must(batch.append(log, Instant{1}, std::vector<Field>(2)));
    must(batch.append(Event{}));
  }
  EXPECT_EQ(info_of(*store, log).count, 0);
  EXPECT_EQ(info_of(*store, event_log).count, 0);
  EXPECT_EQ(append(*store, log, 2, std::vector<Field>(2)), 1);
}

TEST(Store, IsOpenInOneProcessAtATime) {
  const TemporaryFolder folder;
  const auto first = open(folder);
  const auto second = Store::open(folder.file("meter.db"), {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::refused);
  EXPECT_EQ(second.error().where, folder.file("meter.db"));
}

TEST(Store, IsReadableForItsOwnerAlone) {
  const TemporaryFolder folder;
  const auto store = open(folder);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    EXPECT_EQ(entry.status().permissions() & std::filesystem::perms(0077),
              std::filesystem::perms::none)
        << entry.path();
}

TEST(Store, LeavesTheFilesOfItsLogSoThatItOpensOnAFullDisk) {
  const TemporaryFolder folder;
  {
    const auto store = open(folder);
    append(*store, define(*store, "log", 10), 0, std::vector<Field>(2));
  }
  EXPECT_EQ(std::filesystem::file_size(folder.file("meter.db-wal")), 0u);
  EXPECT_GT(std::filesystem::file_size(folder.file("meter.db-shm")), 0u);
  std::filesystem::copy_file(folder.file("meter.db"), folder.file("copy.db"));
  const auto copy = must(Store::open(folder.file("copy.db"), {}));
  EXPECT_EQ(must(must(copy->reader()).logs()).at(1).count, 1) << "the file alone is complete";
}

TEST(Store, NamesTheFolderThatIsMissing) {
  const TemporaryFolder folder;
  const auto store = Store::open(folder.file("missing/meter.db"), {});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::io);
  EXPECT_NE(store.error().text().find("missing/meter.db"), std::string::npos);
}

TEST(Store, TakesChangesFromSeveralThreads) {
  const TemporaryFolder folder;
  const auto store = open(folder);
  const Log log = define(*store, "log", 1'000);
  const auto write = [&] {
    for (int i = 0; i < 20; ++i) append(*store, log, i, std::vector<Field>(2));
  };
  std::thread other(write);
  write();
  other.join();
  EXPECT_EQ(info_of(*store, log).count, 40);
}

TEST(Store, SaysNoWhenItIsFullAndGoesOnWhenThereIsRoom) {
  const auto store = in_memory(64 * 4'096);
  const Log log = define(*store, "log", 100'000);
  const std::vector<Field> fields(2);
  commit(*store, [](Batch& b) { must(b.retain(std::vector<NamedNumber>{{"x", 1}})); });
  std::int64_t committed = 0;
  for (;;) {
    auto batch = must(store->begin());
    std::optional<Error> error;
    for (int i = 0; i < 100; ++i)
      if (auto done = batch.append(log, Instant{i}, fields); !done) error = done.error();
    const auto done = batch.commit();
    if (done) {
      committed += 100;
      continue;
    }
    EXPECT_EQ(done.error().code, ErrorCode::limit);
    EXPECT_EQ(error.value_or(done.error()).message, done.error().message);
    break;
  }
  ASSERT_GT(committed, 0);
  EXPECT_EQ(info_of(*store, log).number_newest, committed);

  // What replaces something of the same size still finds its place: the energies go on.
  commit(*store, [](Batch& b) { must(b.retain(std::vector<NamedNumber>{{"x", 2}})); });
  EXPECT_EQ(retained(*store)[0].second, 2);

  commit(*store, [&](Batch& b) { must(b.set_depth(log, 10)); });
  EXPECT_EQ(info_of(*store, log).count, 10);
  EXPECT_EQ(append(*store, log, 0, fields), committed + 1);
}

TEST(Store, TellsHowMuchIsUsed) {
  const auto store = in_memory(1 << 20);
  const Log log = define(*store, "log", 100'000);
  const Usage before = must(must(store->reader()).usage());
  commit(*store, [&](Batch& b) {
    const Instant start{1'767'225'600'000'000'000};
    for (int i = 0; i < 5'000; ++i)
      must(b.append(log, start.plus_s(900 * i), std::vector<Field>(2)));
  });
  const Usage after = must(must(store->reader()).usage());
  EXPECT_EQ(after.bytes_limit, 1 << 20);
  EXPECT_LE(after.bytes_used, after.bytes_file);
  const double estimate = static_cast<double>(info_of(*store, log).bytes);
  EXPECT_NEAR(static_cast<double>(after.bytes_used - before.bytes_used), estimate, 0.15 * estimate);
}

}  // namespace
}  // namespace polyphase::store
