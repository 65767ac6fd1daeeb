#include "store/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "store/codec.hpp"
#include "store/connection.hpp"

namespace polyphase::store {
namespace {

/// Holds the connection, and a view of one instant, for a call.
class View {
 public:
  static Result<View> open(Connection& connection) {
    std::unique_lock lock(connection.mutex);
    auto transaction = Transaction::begin(connection.database, Transaction::Kind::read);
    if (!transaction) return tl::unexpected(transaction.error());
    return View(connection.database, std::move(lock), std::move(*transaction));
  }

  /// Runs `sql` with whole numbers bound in order and gives each row to `row`, which may refuse it.
  template <class Row, class... Number>
  Result<void> each(std::string_view sql, Row row, Number... numbers) {
    auto statement = database_->prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    int parameter = 0;
    (statement->bind(++parameter, static_cast<std::int64_t>(numbers)), ...);
    return each(*statement, row);
  }

  template <class Row>
  Result<void> each(Statement& statement, Row row) {
    for (;;) {
      auto more = statement.step();
      if (!more) return tl::unexpected(more.error());
      if (!*more) return {};
      if (Result<void> taken = row(statement); !taken) return taken;
    }
  }

  Database& database() { return *database_; }

 private:
  View(Database& database, std::unique_lock<std::mutex> lock, Transaction transaction)
      : lock_(std::move(lock)), database_(&database), transaction_(std::move(transaction)) {}

  std::unique_lock<std::mutex> lock_;
  Database* database_;
  Transaction transaction_;
};

tl::unexpected<Error> unwritten(std::string what) {
  return fail(ErrorCode::invalid_input, what + " is damaged; the rest can be read without it");
}

Result<std::vector<Column>> columns_of(View& view, std::int64_t layout) {
  std::vector<Column> columns;
  auto done = view.each(
      "SELECT label, unit FROM layout_column WHERE layout = ? ORDER BY position",
      [&](Statement& row) -> Result<void> {
        columns.push_back({std::string(row.text(0)), std::string(row.text(1))});
        return {};
      },
      layout);
  if (!done) return tl::unexpected(done.error());
  return columns;
}

bool bounded_in_time(const Range& range) {
  const Range all;
  return range.time_first > all.time_first || range.time_last < all.time_last;
}

/// The numbers between which all records of the time asked for lie, from the index of times: the
/// page itself is then read in the order of numbers, a record once.
Result<void> narrow(View& view, Log log, Range& range) {
  return view.each(
      "SELECT min(number), max(number) FROM record WHERE log = ? AND time_ns BETWEEN ? AND ?",
      [&](Statement& row) -> Result<void> {
        range.number_first = std::max(range.number_first, row.integer(0));
        range.number_last = std::min(range.number_last, row.integer(1));
        return {};
      },
      log.id, range.time_first.ns, range.time_last.ns);
}

std::size_t page_size(const Range& range) { return std::min(range.limit, Range::page_max); }

const char* order(const Range& range) { return range.newest_first ? "DESC" : "ASC"; }

Event event_of(Statement& row) {
  Event event;
  event.number = row.integer(0);
  event.time = Instant{row.integer(1)};
  event.priority = static_cast<std::uint8_t>(std::clamp<std::int64_t>(row.integer(2), 0, 255));
  event.actor = row.text(3);
  event.cause = row.text(4);
  event.cause_value = row.text(5);
  event.effect = row.text(6);
  event.effect_value = row.text(7);
  event.node = row.text(8);
  return event;
}

Result<void> fill(View& view, LogInfo& info, std::int64_t layout) {
  const bool events = info.log == event_log;
  auto columns = columns_of(view, layout);
  if (!columns) return tl::unexpected(columns.error());
  info.columns = std::move(*columns);
  for (const bool newest : {false, true}) {
    auto done = view.each(
        fmt::format("SELECT number, time_ns FROM {} ORDER BY number {} LIMIT 1",
                    events ? "event WHERE ?1 = 0" : "record WHERE log = ?1",
                    newest ? "DESC" : "ASC"),
        [&](Statement& row) -> Result<void> {
          (newest ? info.number_newest : info.number_oldest) = row.integer(0);
          (newest ? info.time_newest : info.time_oldest) = Instant{row.integer(1)};
          return {};
        },
        info.log.id);
    if (!done) return done;
  }
  if (info.number_newest > 0) info.count = info.number_newest - info.number_oldest + 1;
  info.bytes = info.count * (events ? bytes_of_event : bytes_of_record(info.columns.size()));
  return {};
}

}  // namespace

Result<std::vector<LogInfo>> Reader::logs() {
  auto view = View::open(*connection_);
  if (!view) return tl::unexpected(view.error());
  std::vector<LogInfo> logs;
  auto done = view->each("SELECT id, name, depth, next_number, layout FROM log ORDER BY id",
                         [&](Statement& row) {
                           LogInfo& info = logs.emplace_back();
                           info.log = Log{row.integer(0)};
                           info.name = row.text(1);
                           info.depth = row.integer(2);
                           info.next_number = row.integer(3);
                           return fill(*view, info, row.integer(4));
                         });
  if (!done) return tl::unexpected(done.error());
  return logs;
}

Result<RecordPage> Reader::records(Log log, const Range& asked) {
  auto view = View::open(*connection_);
  if (!view) return tl::unexpected(view.error());
  Range range = asked;
  if (bounded_in_time(range))
    if (auto done = narrow(*view, log, range); !done) return tl::unexpected(done.error());

  RecordPage page;
  std::map<std::int64_t, std::size_t> layout_index;
  const auto take = [&](Statement& row) -> Result<void> {
    if (page.records.size() == page_size(range)) {
      page.more = true;
      return {};
    }
    const auto [known, fresh] = layout_index.emplace(row.integer(2), page.layouts.size());
    if (fresh) {
      auto columns = columns_of(*view, row.integer(2));
      if (!columns) return tl::unexpected(columns.error());
      page.layouts.push_back(std::move(*columns));
    }
    auto fields = decode_fields(row.blob(3));
    if (!fields || fields->size() != page.layouts[known->second].size())
      return unwritten(fmt::format("record {}", row.integer(0)));
    page.records.push_back(
        {row.integer(0), Instant{row.integer(1)}, known->second, std::move(*fields)});
    return {};
  };
  // "+time_ns" keeps the index of times out of it, which would want to sort.
  auto done = view->each(
      fmt::format(
          "SELECT number, time_ns, layout, data FROM record WHERE log = ? AND number BETWEEN "
          "? AND ? AND +time_ns BETWEEN ? AND ? ORDER BY number {} LIMIT ?",
          order(range)),
      take, log.id, range.number_first, range.number_last, range.time_first.ns, range.time_last.ns,
      page_size(range) + 1);
  if (!done) return tl::unexpected(done.error());
  return page;
}

Result<EventPage> Reader::events(const Range& range) {
  auto view = View::open(*connection_);
  if (!view) return tl::unexpected(view.error());
  EventPage page;
  auto done = view->each(
      fmt::format(
          "SELECT number, time_ns, priority, actor, cause, cause_value, effect, effect_value, "
          "node FROM event WHERE number BETWEEN ? AND ? AND time_ns BETWEEN ? AND ? AND "
          "priority >= ? ORDER BY number {} LIMIT ?",
          order(range)),
      [&](Statement& row) -> Result<void> {
        page.more = page.events.size() == page_size(range);
        if (!page.more) page.events.push_back(event_of(row));
        return {};
      },
      range.number_first, range.number_last, range.time_first.ns, range.time_last.ns,
      range.priority_min, page_size(range) + 1);
  if (!done) return tl::unexpected(done.error());
  return page;
}

Result<std::vector<Document>> Reader::documents(std::string_view kind) {
  auto view = View::open(*connection_);
  if (!view) return tl::unexpected(view.error());
  auto statement =
      view->database().prepare("SELECT key, text FROM document WHERE kind = ? ORDER BY key");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(1, kind);
  std::vector<Document> documents;
  auto done = view->each(*statement, [&](Statement& row) -> Result<void> {
    documents.push_back({std::string(row.text(0)), std::string(row.text(1))});
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return documents;
}

Result<std::vector<NamedNumber>> Reader::retained() {
  auto view = View::open(*connection_);
  if (!view) return tl::unexpected(view.error());
  std::vector<std::uint8_t> names, values;
  auto done = view->each("SELECT part, data FROM retained", [&](Statement& row) -> Result<void> {
    const auto data = row.blob(1);
    (row.text(0) == "names" ? names : values).assign(data.begin(), data.end());
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  auto numbers = decode_numbers(names, values);
  if (!numbers) return unwritten("what was retained");
  return *numbers;
}

Result<Usage> Reader::usage() {
  auto view = View::open(*connection_);
  if (!view) return tl::unexpected(view.error());
  const auto page_bytes = view->database().integer("PRAGMA page_size");
  const auto pages = view->database().integer("PRAGMA page_count");
  const auto free_pages = view->database().integer("PRAGMA freelist_count");
  for (const auto& number : {page_bytes, pages, free_pages})
    if (!number) return tl::unexpected(number.error());
  return Usage{(*pages - *free_pages) * *page_bytes, *pages * *page_bytes, bytes_limit_};
}

}  // namespace polyphase::store
