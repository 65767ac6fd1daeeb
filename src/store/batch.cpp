#include <fmt/format.h>

#include <algorithm>

#include "base/contract.hpp"
#include "store/codec.hpp"
#include "store/store.hpp"
#include "store/writer.hpp"

namespace polyphase::store {
namespace {

Result<void> acceptable_depth(std::string_view name, std::int64_t depth) {
  if (depth >= 1 && depth <= depth_max) return {};
  return fail(
      ErrorCode::invalid_config,
      fmt::format("log '{}': a depth of {} records is outside of 1 to {}", name, depth, depth_max));
}

Result<void> acceptable(std::string_view name, std::span<const Column> columns) {
  if (name.empty() || columns.empty())
    return fail(ErrorCode::invalid_config,
                fmt::format("log '{}': a log has a name and at least one column", name));
  if (name == event_log_name)
    return fail(ErrorCode::refused,
                fmt::format("log '{}': this name is taken, choose another one", name));
  if (columns.size() > columns_max)
    return fail(ErrorCode::limit, fmt::format("log '{}': {} columns are more than the {} allowed",
                                              name, columns.size(), columns_max));
  return {};
}

tl::unexpected<Error> no_such(Log log) {
  return fail(ErrorCode::not_found, fmt::format("there is no data log {}", log.id));
}

}  // namespace

Batch::Batch(std::shared_ptr<Writer> writer, std::unique_lock<std::mutex> lock,
             Transaction transaction)
    : writer_(std::move(writer)), lock_(std::move(lock)), transaction_(std::move(transaction)) {}
Batch::Batch(Batch&&) noexcept = default;
Batch::~Batch() = default;

LogState* Batch::find(Log log) {
  if (const auto changed = changed_.find(log); changed != changed_.end()) return &changed->second;
  const auto known = writer_->logs.find(log);
  if (known == writer_->logs.end()) return nullptr;
  return &changed_.emplace(log, known->second).first->second;
}

Result<bool> Batch::step(Statement& statement) {
  EXPECTS(transaction_ || error_);  // a batch ends with its commit
  if (error_) {
    statement.reset();
    return tl::unexpected(*error_);
  }
  auto row = statement.step();
  if (row) return row;
  error_ = row.error();
  transaction_.reset();
  return row;
}

Result<void> Batch::run(Statement& statement) {
  auto row = step(statement);
  if (!row) return tl::unexpected(row.error());
  return {};
}

Result<std::int64_t> Batch::run_for_id(Statement& statement) {
  auto row = step(statement);
  if (!row) return tl::unexpected(row.error());
  const std::int64_t id = statement.integer(0);
  statement.reset();
  return id;
}

Result<void> Batch::new_layout(Log log, LogState& state, std::span<const Column> columns) {
  Writer& writer = *writer_;
  auto layout = run_for_id(writer[Sql::insert_layout].bind(1, log.id));
  if (!layout) return tl::unexpected(layout.error());
  std::int64_t position = 0;
  for (const Column& column : columns)
    if (auto done = run(writer[Sql::insert_column]
                            .bind(1, *layout)
                            .bind(2, position++)
                            .bind(3, column.label)
                            .bind(4, column.unit));
        !done)
      return done;
  state.layout = *layout;
  state.columns.assign(columns.begin(), columns.end());
  for (const Sql sql : {Sql::delete_unused_columns, Sql::delete_unused_layouts})
    if (auto done = run(writer[sql].bind(1, log.id).bind(2, *layout)); !done) return done;
  return {};
}

Result<Log> Batch::define_log(std::string_view name, std::span<const Column> columns,
                              std::int64_t depth) {
  if (auto good = acceptable_depth(name, depth); !good) return tl::unexpected(good.error());
  if (auto good = acceptable(name, columns); !good) return tl::unexpected(good.error());
  for (const auto* logs : {&changed_, &writer_->logs})
    for (const auto& [log, known] : *logs) {
      if (known.name != name) continue;
      LogState& state = *find(log);
      state.depth = depth;
      if (!std::equal(columns.begin(), columns.end(), state.columns.begin(), state.columns.end()))
        if (auto done = new_layout(log, state, columns); !done) return tl::unexpected(done.error());
      return log;
    }
  const auto fresh = [this](const auto& changed) { return !writer_->logs.contains(changed.first); };
  const auto logs_new = std::count_if(changed_.begin(), changed_.end(), fresh);
  if (writer_->logs.size() + static_cast<std::size_t>(logs_new) >= logs_max)
    return fail(ErrorCode::limit, fmt::format("log '{}': there are {} logs already, more are not "
                                              "allowed; define an existing one anew",
                                              name, logs_max));
  const auto id = run_for_id((*writer_)[Sql::insert_log].bind(1, name).bind(2, depth));
  if (!id) return tl::unexpected(id.error());
  LogState& state = changed_[Log{*id}];
  state.name = name;
  state.depth = depth;
  if (auto done = new_layout(Log{*id}, state, columns); !done) return tl::unexpected(done.error());
  return Log{*id};
}

Result<void> Batch::set_depth(Log log, std::int64_t depth) {
  LogState* state = find(log);
  if (state == nullptr) return no_such(log);
  if (auto good = acceptable_depth(state->name, depth); !good) return good;
  state->depth = depth;
  return {};
}

Result<void> Batch::clear(Log log) {
  const LogState* state = find(log);
  if (state == nullptr) return no_such(log);
  return drop_before(log, state->next_number);
}

Result<void> Batch::drop_before(Log log, std::int64_t number) {
  if (log == event_log) return run((*writer_)[Sql::delete_events].bind(1, number));
  return run((*writer_)[Sql::delete_records].bind(1, log.id).bind(2, number));
}

Result<std::int64_t> Batch::append(Log log, Instant time, std::span<const Field> fields) {
  LogState* state = find(log);
  if (state == nullptr || log == event_log) return no_such(log);
  if (fields.size() != state->columns.size())
    return fail(ErrorCode::refused, fmt::format("log '{}' has {} columns and was given {} values",
                                                state->name, state->columns.size(), fields.size()));
  encode_fields(fields, writer_->scratch);
  auto done = run((*writer_)[Sql::insert_record]
                      .bind(1, log.id)
                      .bind(2, state->next_number)
                      .bind(3, time.ns)
                      .bind(4, state->layout)
                      .bind(5, std::span<const std::uint8_t>(writer_->scratch)));
  if (!done) return tl::unexpected(done.error());
  return state->next_number++;
}

Result<std::int64_t> Batch::append(const Event& event) {
  LogState& state = *find(event_log);
  auto done = run((*writer_)[Sql::insert_event]
                      .bind(1, state.next_number)
                      .bind(2, event.time.ns)
                      .bind(3, std::int64_t{event.priority})
                      .bind(4, event.actor)
                      .bind(5, event.cause)
                      .bind(6, event.cause_value)
                      .bind(7, event.effect)
                      .bind(8, event.effect_value)
                      .bind(9, event.node));
  if (!done) return tl::unexpected(done.error());
  return state.next_number++;
}

Result<void> Batch::retain(std::span<const NamedNumber> numbers) {
  const auto put = [this](std::string_view part, std::span<const std::uint8_t> data) {
    return run((*writer_)[Sql::put_retained].bind(1, part).bind(2, data));
  };
  if (!are_names(numbers, names_ ? *names_ : writer_->names)) {
    names_.emplace();
    encode_names(numbers, *names_);
    if (auto done = put("names", *names_); !done) return done;
  }
  encode_values(numbers, writer_->scratch);
  return put("values", writer_->scratch);
}

Result<void> Batch::put_document(std::string_view kind, std::string_view key,
                                 std::string_view text) {
  return run((*writer_)[Sql::put_document].bind(1, kind).bind(2, key).bind(3, text));
}

Result<void> Batch::erase_document(std::string_view kind, std::string_view key) {
  return run((*writer_)[Sql::erase_document].bind(1, kind).bind(2, key));
}

Result<void> Batch::write_logs() {
  for (const auto& [log, state] : changed_) {
    if (auto done = drop_before(log, state.next_number - state.depth); !done) return done;
    if (auto done = run((*writer_)[Sql::update_log]
                            .bind(1, log.id)
                            .bind(2, state.depth)
                            .bind(3, state.next_number)
                            .bind(4, state.layout));
        !done)
      return done;
  }
  return {};
}

Result<void> Batch::commit() {
  EXPECTS(transaction_ || error_);
  if (auto written = write_logs(); written && !error_) {
    if (auto done = transaction_->commit(); !done) error_ = done.error();
  }
  transaction_.reset();
  if (!error_) {
    for (auto& [log, state] : changed_) writer_->logs[log] = std::move(state);
    if (names_) writer_->names = std::move(*names_);
  }
  lock_.unlock();
  if (error_) return tl::unexpected(*error_);
  return {};
}

}  // namespace polyphase::store
