#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "store/connection.hpp"
#include "store/store.hpp"

namespace polyphase::store {

/// The statements that write, in the order of their texts in writer.cpp.
enum class Sql : std::size_t {
  insert_log,
  update_log,
  insert_layout,
  insert_column,
  delete_unused_columns,
  delete_unused_layouts,
  insert_record,
  delete_records,
  insert_event,
  delete_events,
  put_retained,
  put_document,
  erase_document,
  count
};

/// The one connection that writes, its statements, and what is known of the file as committed.
struct Writer {
  /// Also the last look at the file: its schema takes every statement, its logs can be listed.
  static Result<std::shared_ptr<Writer>> create(Database database);

  Statement& operator[](Sql sql) { return statements[static_cast<std::size_t>(sql)]; }

  std::shared_ptr<Connection> connection;
  std::vector<Statement> statements;
  std::map<Log, LogState> logs;
  std::vector<std::uint8_t> names;  ///< of the retained numbers
  std::vector<std::uint8_t> scratch;
};

}  // namespace polyphase::store
