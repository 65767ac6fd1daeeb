#include "store/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cmath>
#include <limits>

namespace polyphase::store {
namespace {

std::string name_of(sqlite3* connection) {
  const char* name = sqlite3_db_filename(connection, "main");
  return name == nullptr || *name == '\0' ? "store in memory" : name;
}

tl::unexpected<Error> failed(sqlite3* connection, int code) {
  const std::string name = name_of(connection);
  const char* said = sqlite3_errmsg(connection);
  const auto because = [&](ErrorCode error, std::string_view advice) {
    return fail(error, fmt::format("{} ({})", advice, said), name);
  };
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return because(ErrorCode::invalid_input,
                     "the file is damaged; at the next start it is set aside and a new one begun");
    case SQLITE_FULL:
      return because(ErrorCode::limit,
                     "no room: the disk is full or the store has its largest size; free space on "
                     "the disk or reduce the depth of logs");
    case SQLITE_TOOBIG:
      return because(ErrorCode::limit,
                     fmt::format("a row has more than the {} bytes it may have", row_bytes_max));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return because(ErrorCode::refused, "in use by another process; end that one first");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return because(ErrorCode::refused,
                     "no permission to write; correct owner and mode of the file");
    case SQLITE_CANTOPEN:
      return because(ErrorCode::io,
                     "cannot be opened; look whether the folder exists and may be written");
    case SQLITE_IOERR:
      return because(ErrorCode::io, "cannot be read or written; look at the disk");
    default:
      return because(ErrorCode::io, fmt::format("SQLite error {}", code));
  }
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::note(int code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  note(sqlite3_bind_int64(statement_.get(), parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, double value) {
  note(sqlite3_bind_double(statement_.get(), parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  // A view of nothing may have no address, which would be NULL.
  note(sqlite3_bind_text64(statement_.get(), parameter, text.empty() ? "" : text.data(),
                           text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::uint8_t> blob) {
  note(blob.empty() ? sqlite3_bind_zeroblob(statement_.get(), parameter, 0)
                    : sqlite3_bind_blob64(statement_.get(), parameter, blob.data(), blob.size(),
                                          SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  note(sqlite3_bind_null(statement_.get(), parameter));
  return *this;
}

Result<bool> Statement::step() {
  sqlite3* const connection = sqlite3_db_handle(statement_.get());
  if (bind_error_ != SQLITE_OK) {
    auto error = failed(connection, bind_error_);
    reset();
    return error;
  }
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  auto error = failed(connection, code);
  reset();
  return error;
}

Result<void> Statement::run() {
  auto row = step();
  if (!row) return tl::unexpected(row.error());
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bind_error_ = SQLITE_OK;
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  return is_null(column) ? std::numeric_limits<double>::quiet_NaN()
                         : sqlite3_column_double(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const unsigned char* data = sqlite3_column_text(statement_.get(), column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  if (data == nullptr) return {};
  return {static_cast<const std::uint8_t*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Closer::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<Database> Database::open(const std::string& path, const DatabaseOptions& options) {
  using Access = DatabaseOptions::Access;
  int flags = SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
  flags |= options.access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.access == Access::create) flags |= SQLITE_OPEN_CREATE;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (opened == nullptr) return fail(ErrorCode::io, "no memory for a connection", path);
  Database database(opened);
  if (code != SQLITE_OK) {
    auto error = failed(opened, code);
    error.value().where = path;
    return error;
  }
  sqlite3_busy_timeout(opened, busy_timeout_ms);
  sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, row_bytes_max);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // A damaged file is a stranger's file: nothing in it may run, and no page is believed unseen.
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  if (auto done = database.execute("PRAGMA cell_size_check = ON"); !done)
    return tl::unexpected(done.error());
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code == SQLITE_OK) return Statement(statement);
  // The statements are ours and right: it is the schema in the file that is not what it was.
  if (code == SQLITE_ERROR) {
    auto error = failed(connection_.get(), SQLITE_CORRUPT);
    return error;
  }
  return failed(connection_.get(), code);
}

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed(connection_.get(), code);
  return {};
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement->integer(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  return *row ? std::string(statement->text(0)) : std::string();
}

void Database::settle_on_close() {
  int keep = 1;
  sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

void Database::roll_back() noexcept {
  if (in_transaction()) sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
  if (auto begun = database.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"); !begun)
    return tl::unexpected(begun.error());
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) database_->roll_back();
}

Result<void> Transaction::commit() {
  Database& database = *database_;
  database_ = nullptr;
  // SQLite undoes some failures itself, a full disk among them: a COMMIT would then be out of
  // place.
  auto done = database.execute("COMMIT");
  if (!done) database.roll_back();
  return done;
}

}  // namespace polyphase::store
