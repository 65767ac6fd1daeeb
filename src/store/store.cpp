#include "store/store.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "store/file_lock.hpp"
#include "store/schema.hpp"
#include "store/writer.hpp"

namespace polyphase::store {
namespace {

constexpr std::int64_t page_bytes = 4'096;
constexpr int set_aside_max = 1'000;  ///< files of one second, before the name is refused

/// A commit waits until the disk says that it has the log of changes (FULL): with NORMAL, loss of
/// power would take the last commits, which were reported as written. docs/decisions/0007-store.md.
constexpr const char* durable =
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 1000;"
    "PRAGMA journal_size_limit = 16777216;"
    "PRAGMA temp_store = MEMORY";

Result<void> look_for_damage(Database& database) {
  auto found = database.text("PRAGMA quick_check(1)");
  if (!found) return tl::unexpected(found.error());
  if (*found != "ok") return fail(ErrorCode::invalid_input, "damaged: " + *found);
  return {};
}

/// Writers and readers do not wait for each other.
Result<void> use_write_ahead_log(Database& database) {
  auto mode = database.text("PRAGMA journal_mode = WAL");
  if (!mode) return tl::unexpected(mode.error());
  if (*mode != "wal" && *mode != "memory")
    return fail(
        ErrorCode::io,
        "no write-ahead log is possible on this file system; put the data folder on a local disk");
  return {};
}

struct Opened {
  std::shared_ptr<Writer> writer;
  int version_before = 0;
};

Result<Opened> opened(const std::string& path, const OpenOptions& options) {
  auto database = Database::open(path, {DatabaseOptions::Access::create, options.vfs});
  if (!database) return tl::unexpected(database.error());
  const auto version = version_of(*database, migrations());
  if (!version) return tl::unexpected(version.error());
  if (*version > 0)
    if (auto sound = look_for_damage(*database); !sound) return tl::unexpected(sound.error());
  if (auto done = use_write_ahead_log(*database); !done) return tl::unexpected(done.error());
  if (auto done = database->execute(durable); !done) return tl::unexpected(done.error());
  if (options.bytes_max > 0) {
    const auto limit = fmt::format("PRAGMA max_page_count = {}", options.bytes_max / page_bytes);
    if (auto done = database->execute(limit.c_str()); !done) return tl::unexpected(done.error());
  }
  if (auto done = migrate(*database, *version, migrations()); !done)
    return tl::unexpected(done.error());
  auto writer = Writer::create(std::move(*database));
  if (!writer) return tl::unexpected(writer.error());
  Database& sound = (*writer)->connection->database;
  sound.settle_on_close();
  // After a kill: the log is used from its beginning again and need not grow on a full disk. When
  // there is no room in the file either, commits will say so.
  (void)sound.execute("PRAGMA wal_checkpoint(PASSIVE)");
  return Opened{*writer, *version};
}

Error at(Error error, const std::string& path) {
  if (error.where.empty()) error.where = path;
  return error;
}

std::string damaged_name(const std::string& path, Instant now) {
  const CivilTime t = civil_of(now);
  const std::string name = fmt::format("{}.damaged-{:04}{:02}{:02}T{:02}{:02}{:02}Z", path, t.year,
                                       t.month, t.day, t.hour, t.minute, t.second);
  std::string free_name = name;
  for (int n = 2; n < set_aside_max && std::filesystem::exists(free_name); ++n)
    free_name = fmt::format("{}-{}", name, n);
  return free_name;
}

/// The write-ahead log goes along: it may hold what is sound.
Result<std::string> set_aside(const std::string& path, Instant now) {
  std::string name = damaged_name(path, now);
  std::error_code error;
  for (const char* suffix : {"-wal", "-shm", "-journal", ""}) {
    if (*suffix != '\0' && !std::filesystem::exists(path + suffix)) continue;
    std::filesystem::rename(path + suffix, name + suffix, error);
    if (error)
      return fail(ErrorCode::io,
                  fmt::format("damaged, and cannot be renamed to {} ({})", name, error.message()),
                  path + suffix);
  }
  return name;
}

}  // namespace

Store::Store(std::string path, OpenOptions options, std::unique_ptr<FileLock> lock)
    : path_(std::move(path)), options_(std::move(options)), lock_(std::move(lock)) {}
Store::~Store() = default;

Result<void> Store::open_file() {
  auto result = opened(path_, options_);
  if (!result && result.error().code == ErrorCode::invalid_input) {
    auto name = set_aside(path_, options_.now);
    if (!name) return tl::unexpected(name.error());
    report_.set_aside = std::move(*name);
    report_.reason = result.error().message;
    result = opened(path_, options_);
  }
  if (!result) return tl::unexpected(at(result.error(), path_));
  writer_ = result->writer;
  report_.version_before = result->version_before;
  report_.created = result->version_before == 0;
  return {};
}

Result<std::unique_ptr<Store>> Store::open(const std::string& path, const OpenOptions& options) {
  auto lock = FileLock::take(path);
  if (!lock) return tl::unexpected(lock.error());
  std::unique_ptr<Store> store(new Store(path, options, std::move(*lock)));
  if (auto done = store->open_file(); !done) return tl::unexpected(done.error());
  return store;
}

Result<std::unique_ptr<Store>> Store::open_in_memory(std::int64_t bytes_max) {
  OpenOptions options;
  options.bytes_max = bytes_max;
  std::unique_ptr<Store> store(new Store(Database::in_memory, options, nullptr));
  if (auto done = store->open_file(); !done) return tl::unexpected(done.error());
  return store;
}

Result<Batch> Store::begin() {
  std::unique_lock lock(writer_->connection->mutex);
  auto transaction = Transaction::begin(writer_->connection->database, Transaction::Kind::write);
  if (!transaction) return tl::unexpected(transaction.error());
  return Batch(writer_, std::move(lock), std::move(*transaction));
}

Result<Reader> Store::reader() const {
  if (path_ == Database::in_memory) return Reader(writer_->connection, options_.bytes_max);
  auto database = Database::open(path_, {DatabaseOptions::Access::read_only, options_.vfs});
  if (!database) return tl::unexpected(database.error());
  return Reader(std::make_shared<Connection>(std::move(*database)), options_.bytes_max);
}

}  // namespace polyphase::store
