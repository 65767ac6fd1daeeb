#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/database.hpp"
#include "store/reader.hpp"
#include "store/records.hpp"

namespace polyphase::store {

class FileLock;
struct Writer;

struct OpenOptions {
  Instant now;                 ///< names a damaged file that is set aside
  std::int64_t bytes_max = 0;  ///< of the file; 0: as large as the disk allows
  std::string vfs;             ///< SQLite file system, for tests; empty: the machine's
};

/// What opening found, for an event and a line of the log.
struct OpenReport {
  bool created = false;    ///< there was none before, or it was set aside
  int version_before = 0;  ///< schema version; 0 when created
  std::string set_aside;   ///< new name of the damaged file; empty: it was sound
  std::string reason;      ///< what was wrong with it
};

/// A log while it is written. Nothing but batches looks inside.
struct LogState {
  std::string name;
  std::vector<Column> columns;
  std::int64_t depth = 0, next_number = 1, layout = 0;
};

/// Changes that become permanent together. What commit() has reported as written survives kill -9
/// and loss of power; a batch that ends otherwise never was. After an error of the database the
/// batch is lost: every further call returns that error. Only one is open at a time: keep it short.
class Batch {
 public:
  Batch(Batch&&) noexcept;
  ~Batch();

  /// Defines a log, or changes it. Other columns: earlier records keep theirs. A smaller depth: the
  /// oldest records go. Call it at each start; the same definition again changes nothing.
  /// errors  invalid_config: no name, no column, depth outside of 1 … depth_max; limit:
  /// columns_max,
  ///         logs_max; refused: the event log's name
  Result<Log> define_log(std::string_view name, std::span<const Column> columns,
                         std::int64_t depth);
  Result<void> set_depth(Log log, std::int64_t depth);
  /// Removes all records; numbers go on.
  Result<void> clear(Log log);

  /// Gives the record's number, which holds when the batch is committed. The oldest record beyond
  /// the depth goes.
  /// errors  refused: the log has another number of columns; not_found: no such log
  Result<std::int64_t> append(Log log, Instant time, std::span<const Field> fields);
  Result<std::int64_t> append(const Event& event);

  /// Replaces all retained numbers. Cheap while the names stay the same: once a second is meant.
  /// Names have no character NUL.
  Result<void> retain(std::span<const NamedNumber> numbers);

  /// Small texts by kind and key: settings by register, users by name.
  Result<void> put_document(std::string_view kind, std::string_view key, std::string_view text);
  Result<void> erase_document(std::string_view kind, std::string_view key);

  /// The end of the batch either way.
  Result<void> commit();

 private:
  friend class Store;
  Batch(std::shared_ptr<Writer> writer, std::unique_lock<std::mutex> lock, Transaction transaction);

  LogState* find(Log log);
  Result<bool> step(Statement& statement);
  Result<void> run(Statement& statement);
  Result<std::int64_t> run_for_id(Statement& statement);
  Result<void> new_layout(Log log, LogState& state, std::span<const Column> columns);
  Result<void> drop_before(Log log, std::int64_t number);
  Result<void> write_logs();

  std::shared_ptr<Writer> writer_;
  std::unique_lock<std::mutex> lock_;
  std::optional<Transaction> transaction_;
  std::map<Log, LogState> changed_;
  std::optional<std::vector<std::uint8_t>> names_;  ///< of the numbers that this batch retains
  std::optional<Error> error_;
};

/// Everything a meter keeps, in one SQLite file: settings, retained numbers, circular logs, events.
/// It knows no meter: its words are log, record, column, event, document. Any thread may write, one
/// batch after the other; readers see the last commit and never wait for a writer.
class Store {
 public:
  /// Opens or creates. A damaged file, or one that is not a store, is renamed to
  /// NAME.damaged-TIME with what belongs to it, and a new one begun: see report().
  /// errors  refused: written by a newer program, open in another process, no permission; io, limit
  static Result<std::unique_ptr<Store>> open(const std::string& path, const OpenOptions& options);
  /// Gone when it is closed.
  static Result<std::unique_ptr<Store>> open_in_memory(std::int64_t bytes_max = 0);
  ~Store();

  const OpenReport& report() const { return report_; }

  /// Waits for the batch that is open. A thread that has one open must end it first.
  Result<Batch> begin();
  Result<Reader> reader() const;

 private:
  Store(std::string path, OpenOptions options, std::unique_ptr<FileLock> lock);
  Result<void> open_file();

  std::string path_;
  OpenOptions options_;
  OpenReport report_;
  std::unique_ptr<FileLock> lock_;
  std::shared_ptr<Writer> writer_;
};

}  // namespace polyphase::store
