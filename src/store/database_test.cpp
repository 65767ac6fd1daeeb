#include "store/database.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "store/records.hpp"
#include "store/schema.hpp"
#include "store_vocabulary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::store {
namespace {

using namespace polyphase::testing;

Database in_memory() { return must(Database::open(Database::in_memory, {})); }

TEST(Database, BindsAndReadsEveryType) {
  auto database = in_memory();
  auto statement = must(database.prepare("SELECT ?, ?, ?, ?, ?, ?, ?"));
  const std::array<std::uint8_t, 3> blob{0, 255, 7};
  statement.bind(1, std::int64_t{1} << 62).bind(2, 1.5).bind(3, "text").bind(4, blob).bind_null(5);
  statement.bind(6, std::string_view()).bind(7, std::nan(""));
  ASSERT_TRUE(must(statement.step()));
  EXPECT_EQ(statement.integer(0), std::int64_t{1} << 62);
  EXPECT_EQ(statement.real(1), 1.5);
  EXPECT_EQ(statement.text(2), "text");
  EXPECT_TRUE(std::equal(blob.begin(), blob.end(), statement.blob(3).begin()));
  EXPECT_TRUE(statement.is_null(4));
  EXPECT_FALSE(statement.is_null(5));
  EXPECT_EQ(statement.text(5), "");
  EXPECT_TRUE(statement.is_null(6));
  EXPECT_TRUE(std::isnan(statement.real(6)));
  EXPECT_FALSE(must(statement.step()));
}

TEST(Database, RunsAStatementAgainWithNothingBound) {
  auto database = in_memory();
  auto statement = must(database.prepare("SELECT ?"));
  must(statement.bind(1, "x").run());
  ASSERT_TRUE(must(statement.step()));
  EXPECT_TRUE(statement.is_null(0));
}

TEST(Database, TellsOfAParameterThatIsNotThere) {
  auto database = in_memory();
  auto statement = must(database.prepare("SELECT ?"));
  EXPECT_FALSE(statement.bind(2, "x").step());
  EXPECT_TRUE(statement.bind(1, "x").step());
}

TEST(Database, UndoesATransactionThatEndsWithoutCommit) {
  auto database = in_memory();
  must(database.execute("CREATE TABLE t (a)"));
  {
    const auto undone = must(Transaction::begin(database, Transaction::Kind::write));
    must(database.execute("INSERT INTO t VALUES (1)"));
  }
  EXPECT_FALSE(database.in_transaction());
  auto kept = must(Transaction::begin(database, Transaction::Kind::write));
  must(database.execute("INSERT INTO t VALUES (2)"));
  must(kept.commit());
  EXPECT_EQ(must(database.integer("SELECT sum(a) FROM t")), 2);
}

TEST(Database, NamesTheFileThatIsDamaged) {
  const TemporaryFolder folder;
  const std::string path = folder.file("noise");
  {
    auto database = must(Database::open(path, {}));
    must(database.execute("CREATE TABLE t (a)"));
  }
  std::filesystem::resize_file(path, 1'000);
  auto database = must(Database::open(path, {}));
  const auto read = database.integer("SELECT count(*) FROM t");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(read.error().where, path);
}

TEST(Database, ReadsOnlyWhenThatIsAskedFor) {
  const TemporaryFolder folder;
  const std::string path = folder.file("store");
  auto writer = must(Database::open(path, {}));
  must(writer.execute("CREATE TABLE t (a)"));
  auto reader = must(Database::open(path, {DatabaseOptions::Access::read_only, {}}));
  const auto written = reader.execute("INSERT INTO t VALUES (1)");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::refused);
}

TEST(Migration, TakesTheStepsThatAreMissing) {
  const std::array steps{"CREATE TABLE t (a); INSERT INTO t VALUES (1)",
                         "ALTER TABLE t ADD COLUMN b; UPDATE t SET b = 10 * a",
                         "INSERT INTO t VALUES (2, 3)"};
  auto database = in_memory();
  must(migrate(database, must(version_of(database, steps)), std::span(steps).first(1)));
  EXPECT_EQ(must(version_of(database, steps)), 1);
  must(migrate(database, 1, steps));
  EXPECT_EQ(must(version_of(database, steps)), 3);
  EXPECT_EQ(must(database.integer("SELECT sum(b) FROM t")), 13);
}

TEST(Migration, StaysAtTheVersionWhoseNextStepFails) {
  const std::array steps{"CREATE TABLE t (a)",
                         "INSERT INTO t VALUES (1); INSERT INTO missing VALUES (1)"};
  auto database = in_memory();
  EXPECT_FALSE(migrate(database, 0, steps));
  EXPECT_EQ(must(version_of(database, steps)), 1);
  EXPECT_EQ(must(database.integer("SELECT count(*) FROM t")), 0);
}

TEST(Migration, OfAnEmptyFileGivesWhatEveryProgramBeforeGave) {
  auto database = in_memory();
  must(migrate(database, 0, migrations()));
  EXPECT_EQ(must(database.integer("PRAGMA application_id")), application_id);
  EXPECT_EQ(must(database.integer("SELECT depth FROM log WHERE name = 'Event Log'")),
            event_depth_default);
}

}  // namespace
}  // namespace polyphase::store
