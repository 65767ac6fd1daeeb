#include "store/schema.hpp"

#include <fmt/format.h>

#include <array>

namespace polyphase::store {
namespace {

// docs/formats/store.md explains the tables.
constexpr const char* version_1 = R"sql(
CREATE TABLE document (
  kind TEXT NOT NULL,
  key  TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;

CREATE TABLE retained (
  part TEXT PRIMARY KEY,
  data BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE log (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,
  depth       INTEGER NOT NULL,
  next_number INTEGER NOT NULL,
  layout      INTEGER
);
INSERT INTO log VALUES (0, 'Event Log', 5000, 1, NULL);

CREATE TABLE layout (
  id  INTEGER PRIMARY KEY AUTOINCREMENT,
  log INTEGER NOT NULL
);
CREATE TABLE layout_column (
  layout   INTEGER NOT NULL,
  position INTEGER NOT NULL,
  label    TEXT NOT NULL,
  unit     TEXT NOT NULL,
  PRIMARY KEY (layout, position)
) WITHOUT ROWID;

CREATE TABLE record (
  log     INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  time_ns INTEGER NOT NULL,
  layout  INTEGER NOT NULL,
  data    BLOB NOT NULL,
  PRIMARY KEY (log, number)
) WITHOUT ROWID;
CREATE INDEX record_time ON record (log, time_ns);

CREATE TABLE event (
  number       INTEGER PRIMARY KEY,
  time_ns      INTEGER NOT NULL,
  priority     INTEGER NOT NULL,
  actor        TEXT NOT NULL,
  cause        TEXT NOT NULL,
  cause_value  TEXT NOT NULL,
  effect       TEXT NOT NULL,
  effect_value TEXT NOT NULL,
  node         TEXT NOT NULL
);
)sql";

constexpr std::array all{version_1};

Result<void> take(Database& database, const char* step, std::size_t version) {
  auto transaction = Transaction::begin(database, Transaction::Kind::write);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = database.execute(step); !done) return done;
  const std::string stamp =
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, version);
  if (auto done = database.execute(stamp.c_str()); !done) return done;
  return transaction->commit();
}

}  // namespace

std::span<const char* const> migrations() { return all; }

Result<int> version_of(Database& database, std::span<const char* const> steps) {
  const auto application = database.integer("PRAGMA application_id");
  if (!application) return tl::unexpected(application.error());
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  const auto objects = database.integer("SELECT count(*) FROM sqlite_schema");
  if (!objects) return tl::unexpected(objects.error());
  if (*objects == 0 && *version == 0) return 0;
  if (*application != application_id || *version < 1)
    return fail(ErrorCode::invalid_input, "a database, but not a store of this program");
  if (*version > static_cast<std::int64_t>(steps.size()))
    return fail(ErrorCode::refused,
                fmt::format("schema version {} was written by a newer program, this one knows {}; "
                            "run the newer program, or begin another data folder",
                            *version, steps.size()));
  return static_cast<int>(*version);
}

Result<void> migrate(Database& database, int version, std::span<const char* const> steps) {
  for (auto next = static_cast<std::size_t>(version); next < steps.size(); ++next)
    if (auto done = take(database, steps[next], next + 1); !done) return done;
  return {};
}

}  // namespace polyphase::store
