#include "store/writer.hpp"

#include <algorithm>
#include <array>

namespace polyphase::store {
namespace {

// Which layouts of log ?1 nobody needs: not the current one, ?2, and no record has it. Layouts
// ascend with the numbers of their records, so a look at the oldest and the newest is enough.
#define UNUSED_LAYOUTS                                                                         \
  "log = ?1 AND id <> ?2 AND "                                                                 \
  "(id < coalesce((SELECT layout FROM record WHERE log = ?1 ORDER BY number LIMIT 1), ?2) OR " \
  "id > coalesce((SELECT layout FROM record WHERE log = ?1 ORDER BY number DESC LIMIT 1), 0))"

constexpr std::array<const char*, static_cast<std::size_t>(Sql::count)> texts{
    "INSERT INTO log (name, depth, next_number) VALUES (?, ?, 1) RETURNING id",
    "UPDATE log SET depth = ?2, next_number = ?3, layout = ?4 WHERE id = ?1",
    "INSERT INTO layout (log) VALUES (?) RETURNING id",
    "INSERT INTO layout_column (layout, position, label, unit) VALUES (?, ?, ?, ?)",
    "DELETE FROM layout_column WHERE layout IN (SELECT id FROM layout WHERE " UNUSED_LAYOUTS ")",
    "DELETE FROM layout WHERE " UNUSED_LAYOUTS,
    "INSERT INTO record (log, number, time_ns, layout, data) VALUES (?, ?, ?, ?, ?)",
    "DELETE FROM record WHERE log = ? AND number < ?",
    "INSERT INTO event (number, time_ns, priority, actor, cause, cause_value, effect, "
    "effect_value, "
    "node) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "DELETE FROM event WHERE number < ?",
    "INSERT INTO retained (part, data) VALUES (?, ?) ON CONFLICT DO UPDATE SET data = "
    "excluded.data",
    "INSERT INTO document (kind, key, text) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET text = "
    "excluded.text",
    "DELETE FROM document WHERE kind = ? AND key = ?",
};
#undef UNUSED_LAYOUTS

Result<void> load_columns(Database& database, LogState& state) {
  auto columns =
      database.prepare("SELECT label, unit FROM layout_column WHERE layout = ? ORDER BY position");
  if (!columns) return tl::unexpected(columns.error());
  columns->bind(1, state.layout);
  for (;;) {
    auto row = columns->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    state.columns.push_back({std::string(columns->text(0)), std::string(columns->text(1))});
  }
}

Result<void> load_logs(Database& database, std::map<Log, LogState>& logs) {
  // A number already given is not given again, even if the row of the log does not know of it.
  auto rows = database.prepare(
      "SELECT id, name, depth, max(next_number, 1 + coalesce(CASE id WHEN 0 THEN "
      "(SELECT max(number) FROM event) ELSE (SELECT max(number) FROM record WHERE log = id) END, "
      "0)), "
      "layout FROM log");
  if (!rows) return tl::unexpected(rows.error());
  for (;;) {
    auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    LogState& state = logs[Log{rows->integer(0)}];
    state.name = rows->text(1);
    state.depth = std::clamp<std::int64_t>(rows->integer(2), 1, depth_max);
    state.next_number = rows->integer(3);
    state.layout = rows->integer(4);
    if (auto done = load_columns(database, state); !done) return done;
  }
  if (!logs.contains(event_log)) return fail(ErrorCode::invalid_input, "has no event log");
  return {};
}

Result<void> load_names(Database& database, std::vector<std::uint8_t>& names) {
  auto statement = database.prepare("SELECT data FROM retained WHERE part = 'names'");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  if (*row) names.assign(statement->blob(0).begin(), statement->blob(0).end());
  return {};
}

}  // namespace

Result<std::shared_ptr<Writer>> Writer::create(Database database) {
  auto writer = std::make_shared<Writer>();
  writer->connection = std::make_shared<Connection>(std::move(database));
  Database& opened = writer->connection->database;
  for (const char* text : texts) {
    auto statement = opened.prepare(text);
    if (!statement) return tl::unexpected(statement.error());
    writer->statements.push_back(std::move(*statement));
  }
  if (auto done = load_logs(opened, writer->logs); !done) return tl::unexpected(done.error());
  if (auto done = load_names(opened, writer->names); !done) return tl::unexpected(done.error());
  return writer;
}

}  // namespace polyphase::store
