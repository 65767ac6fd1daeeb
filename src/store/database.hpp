#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace polyphase::store {

/// No row, text or blob is longer: what is more is refused with ErrorCode::limit.
inline constexpr int row_bytes_max = 16 << 20;
/// How long a connection waits for another one of this process before it gives up.
inline constexpr int busy_timeout_ms = 5'000;

/// One SQL statement, compiled once and run often. Parameters count from 1, columns from 0.
/// What was bound is copied; the text and blob of a row are valid until the next step or reset.
class Statement {
 public:
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, double value);  ///< NaN becomes NULL
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::span<const std::uint8_t> blob);
  Statement& bind_null(int parameter);

  /// True: there is a row. False: done, and ready to be bound and run again.
  /// errors  those of Database, which also come from the parameters bound before
  Result<bool> step();
  /// Runs a statement that gives no rows.
  Result<void> run();
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;  ///< NULL is NaN
  std::string_view text(int column) const;
  std::span<const std::uint8_t> blob(int column) const;

 private:
  friend class Database;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  void note(int code);

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  int bind_error_ = 0;
};

struct DatabaseOptions {
  enum class Access { read_only, read_write, create };
  Access access = Access::create;
  std::string vfs;  ///< name of a registered SQLite file system; empty: the machine's
};

/// A connection to one SQLite file. Statements must end before their connection. One thread at a
/// time. Errors name the file and say what to do:
///   invalid_input  the file is damaged, or not a database
///   limit          the disk is full, or the file has reached its largest size, or a row is too
///   long refused        locked by another process, or no permission io             everything else
class Database {
 public:
  static constexpr const char* in_memory = ":memory:";

  static Result<Database> open(const std::string& path, const DatabaseOptions& options);

  Result<Statement> prepare(std::string_view sql);
  /// Runs one or several statements; rows are left unread.
  Result<void> execute(const char* sql);
  /// The first column of the first row.
  Result<std::int64_t> integer(std::string_view sql);
  Result<std::string> text(std::string_view sql);

  /// When it closes as the last connection, it writes its log of changes into the file; only once
  /// this was called, so that to look at a damaged file does not change it. The log's files stay,
  /// the log empty: where there is no room for new ones, a store still opens.
  void settle_on_close();

  bool in_transaction() const;
  /// What was not committed is undone; nothing happens outside of a transaction.
  void roll_back() noexcept;

 private:
  struct Closer {
    void operator()(sqlite3* connection) const;
  };
  explicit Database(sqlite3* connection) : connection_(connection) {}

  std::unique_ptr<sqlite3, Closer> connection_;
};

/// BEGIN … COMMIT; undone when it ends without commit().
class Transaction {
 public:
  enum class Kind { read, write };
  static Result<Transaction> begin(Database& database, Kind kind);
  Transaction(Transaction&& other) noexcept : database_(other.database_) {
    other.database_ = nullptr;
  }
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Once this has succeeded the changes survive kill and loss of power. An error: undone.
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace polyphase::store
