#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/records.hpp"

namespace polyphase::store {

struct Connection;

/// Reads what was committed, while others write and read. Each call sees the store as it was at one
/// instant and ends before it returns, so a slow client holds nobody up: it asks page after page.
/// Any thread. A reader has a connection of its own (some 100 kB), except in memory, where it
/// shares the writer's and a call waits for an open batch. errors  of all calls: those of Database;
/// invalid_input: what is there cannot have been written
class Reader {
 public:
  Reader(std::shared_ptr<Connection> connection, std::int64_t bytes_limit)
      : connection_(std::move(connection)), bytes_limit_(bytes_limit) {}

  /// The event log first, then in the order in which they were defined.
  Result<std::vector<LogInfo>> logs();
  /// Unknown logs have no records.
  Result<RecordPage> records(Log log, const Range& range);
  Result<EventPage> events(const Range& range);

  /// Ordered by key.
  Result<std::vector<Document>> documents(std::string_view kind);
  /// What the last Batch::retain wrote.
  Result<std::vector<NamedNumber>> retained();
  Result<Usage> usage();

 private:
  std::shared_ptr<Connection> connection_;
  std::int64_t bytes_limit_;
};

}  // namespace polyphase::store
