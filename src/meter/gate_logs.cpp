// What the gate does for logs: reading, memory, unread events, audit.
#include <fmt/format.h>

#include <algorithm>

#include "meter/gate.hpp"
#include "meter/kept.hpp"
#include "meter/log_memory.hpp"

namespace polyphase::meter {

using control::Caller;
using control::Right;

Result<std::vector<logs::LogInfo>> Gate::logs(const Caller& caller) const {
  if (auto may = permit(caller, Right::read); !may) return tl::unexpected(may.error());
  auto reader = store_->reader();
  if (!reader) return tl::unexpected(reader.error());
  return reader->logs();
}

Result<logs::RecordPage> Gate::records(const Caller& caller, logs::Log log,
                                       const logs::Range& range) const {
  if (auto may = permit(caller, Right::read); !may) return tl::unexpected(may.error());
  auto reader = store_->reader();
  if (!reader) return tl::unexpected(reader.error());
  return reader->records(log, range);
}

Result<logs::EventPage> Gate::events(const Caller& caller, const logs::Range& range) const {
  if (auto may = permit(caller, Right::read); !may) return tl::unexpected(may.error());
  auto reader = store_->reader();
  if (!reader) return tl::unexpected(reader.error());
  auto page = reader->events(range);
  if (page) note_read(caller, *page, *reader);
  return page;
}

// What the designated reader was given is read as far as nothing before it is unread.
void Gate::note_read(const Caller& caller, const logs::EventPage& page,
                     store::Reader& reader) const {
  if (page.events.empty() || caller.user.empty() || caller.user != rules()->designated_reader)
    return;
  const auto [first, last] = std::minmax(page.events.front().number, page.events.back().number);
  const auto given = static_cast<std::int64_t>(page.events.size());
  std::int64_t read = 0;
  {
    const std::scoped_lock lock(mutex_);
    read = events_read_[caller.user];
  }
  if (last <= read || last - first + 1 != given) return;
  if (first > read + 1) {
    logs::Range between;
    between.number_first = read + 1;
    between.number_last = first - 1;
    between.limit = 1;
    const auto left = reader.events(between);
    if (!left || !left->events.empty()) return;
  }
  {
    const std::scoped_lock lock(mutex_);
    events_read_[caller.user] = last;
  }
  const auto keep = [user = caller.user, last](store::Batch& batch) {
    return batch.put_document(events_read_kind, user, fmt::format("{}", last));
  };
  keeper_->post(keep, [](Result<void>) {});  // trouble of the store is told elsewhere
}

std::int64_t Gate::events_unread() const {
  const std::string user = rules()->designated_reader;
  if (user.empty()) return 0;
  const auto logs = usage_reader_->logs();
  if (!logs || logs->empty() || logs->front().count == 0) return 0;
  const std::scoped_lock lock(mutex_);
  const auto read = events_read_.find(user);
  const std::int64_t last = read == events_read_.end() ? 0 : read->second;
  return logs->front().number_newest - std::max(last, logs->front().number_oldest - 1);
}

// Before the first unread event is replaced by a new one.
void Gate::watch_unread() {
  constexpr double nearly_full = 0.9;
  if (rules()->designated_reader.empty()) return;
  std::int64_t depth = 0;
  for (const control::LogMemory& log : log_memory_of(*catalogue()).logs)
    if (log.log == logs::event_log_name) depth = log.depth;
  const std::int64_t unread = events_unread();
  const bool full =
      depth > 0 && static_cast<double>(unread) >= nearly_full * static_cast<double>(depth);
  if (full && !unread_told_) {
    logs::Event event;
    event.time = options_.now();
    event.priority = registers::priority::warning;
    event.cause = "Unread events";
    event.cause_value = fmt::format("{} of {}", unread, depth);
    event.effect = logs::event_log_name;
    event.effect_value = "nearly full; new events will replace unread ones";
    note_event(std::move(event));
  }
  unread_told_ = full;
}

Result<control::MemoryStatus> Gate::memory(const Caller& caller) const {
  if (auto may = permit(caller, Right::read); !may) return tl::unexpected(may.error());
  return log_memory_of(*catalogue());
}

void Gate::audit(std::uint8_t priority, const std::string& user, std::string what,
                 std::string detail) {
  logs::Event event;
  event.time = options_.now();
  event.priority = priority;
  event.actor = user;
  event.cause = "Security";
  event.effect = std::move(what);
  event.effect_value = std::move(detail);
  note_event(std::move(event));
}

void Gate::note_event(logs::Event event) {
  event.node = options_.name;
  recorder_->note(std::move(event));
}

}  // namespace polyphase::meter
