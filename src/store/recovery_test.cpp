#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "store/database.hpp"
#include "store/schema.hpp"
#include "store_vocabulary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::store {
namespace {

using namespace polyphase::testing;

class Recovery : public ::testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(path) << text; }
  std::string read(const std::string& name) {
    std::ifstream stream(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::unique_ptr<Store> open() { return must(Store::open(path, options)); }

  TemporaryFolder folder;
  std::string path = folder.file("meter.db");
  OpenOptions options{must(parse_iso8601("2026-01-31T12:34:56Z")), 0, {}};
};

TEST_F(Recovery, SetsAsideWhatIsNoDatabaseAndBeginsANewOne) {
  const std::string text(10'000, 'x');
  write(text);
  const auto store = open();
  EXPECT_TRUE(store->report().created);
  EXPECT_EQ(store->report().set_aside, path + ".damaged-20260131T123456Z");
  EXPECT_NE(store->report().reason, "");
  EXPECT_EQ(read(store->report().set_aside), text);
  EXPECT_EQ(append(*store, define(*store, "log", 3), 0, std::vector<Field>(2)), 1);
}

TEST_F(Recovery, FindsAnotherNameWhenTheFirstIsTaken) {
  for (const char* end : {"", "-2", "-3"}) {
    write(std::string(1'000, 'x'));
    EXPECT_EQ(open()->report().set_aside, path + ".damaged-20260131T123456Z" + end);
  }
}

TEST_F(Recovery, TakesTheWriteAheadLogAlong) {
  write(std::string(1'000, 'x'));
  std::ofstream(path + "-wal") << "changes";
  const auto store = open();
  EXPECT_EQ(read(store->report().set_aside + "-wal"), "changes");
}

TEST_F(Recovery, SetsAsideTheDatabaseOfAnotherProgram) {
  {
    auto database = must(Database::open(path, {}));
    must(database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (7)"));
  }
  const auto store = open();
  EXPECT_EQ(store->report().reason, "a database, but not a store of this program");
  auto database = must(Database::open(store->report().set_aside, {}));
  EXPECT_EQ(must(database.integer("SELECT a FROM t")), 7);
}

TEST_F(Recovery, RefusesAStoreOfANewerProgramAndLeavesItAlone) {
  open();
  const auto newer = static_cast<std::int64_t>(migrations().size()) + 1;
  {
    auto database = must(Database::open(path, {}));
    must(database.execute(("PRAGMA user_version = " + std::to_string(newer)).c_str()));
  }
  const std::string before = read(path);
  const auto store = Store::open(path, options);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::refused);
  EXPECT_NE(store.error().text().find("meter.db: schema version"), std::string::npos);
  EXPECT_EQ(read(path), before);
}

TEST_F(Recovery, TakesAnEmptyFileForANewStore) {
  write("");
  EXPECT_TRUE(open()->report().created);
  EXPECT_EQ(open()->report().set_aside, "");
}

TEST_F(Recovery, DoesNotSetAsideWhatItMayNotRead) {
  std::filesystem::create_directory(path);
  const auto store = Store::open(path, options);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::io);
  EXPECT_TRUE(std::filesystem::is_directory(path));
}

}  // namespace
}  // namespace polyphase::store
