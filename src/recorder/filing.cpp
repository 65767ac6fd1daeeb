#include "recorder/filing.hpp"

#include <algorithm>

namespace polyphase::recorder {

using registers::Disturbance;
using registers::Event;
using registers::LogRecord;

void Filing::use(std::shared_ptr<const Names> names) {
  names_ = std::move(names);
  by_register_.clear();
  rules_changed_ = rules_ != names_->event_rules();
}

Result<void> Filing::look(store::Store& store) {
  if (looked_) return {};
  auto reader = store.reader();
  if (!reader) return tl::unexpected(reader.error());
  auto logs = reader->logs();
  if (!logs) return tl::unexpected(logs.error());
  by_name_.clear();
  by_register_.clear();
  for (const logs::LogInfo& info : *logs) {
    if (info.log == logs::event_log)
      event_depth_ = info.depth;
    else
      by_name_[info.name] = info.log;
  }
  looked_ = true;
  return {};
}

Result<void> Filing::begin(store::Batch& batch) {
  rules_committed_ = rules_;
  const EventRules before = rules_;
  if (rules_changed_) rules_ = names_->event_rules();
  if (auto done = follow(batch, before, rules_changed_); !done) return done;
  rules_changed_ = false;
  return {};
}

// Brings the event log of the store to the depth of the rules.
Result<void> Filing::follow(store::Batch& batch, const EventRules& before, bool erase) {
  if (erase && before.depth != rules_.depth)
    if (auto done = batch.clear(logs::event_log); !done) return done;
  if (rules_.depth == 0 || rules_.depth == event_depth_) return {};
  if (auto done = batch.set_depth(logs::event_log, rules_.depth); !done) return done;
  event_depth_ = rules_.depth;
  return {};
}

Result<bool> Filing::file(store::Batch& batch, const MessageReader::Message& message) {
  if (const auto* record = std::get_if<LogRecord>(&message)) return file_record(batch, *record);
  if (const auto* event = std::get_if<Event>(&message)) return file_event(batch, *event);
  return file(batch, names_->line(std::get<Disturbance>(message)));
}

Result<bool> Filing::file(store::Batch& batch, const logs::Event& line) {
  if (!(line.priority > rules_.cutoff) || rules_.depth == 0) return false;
  if (auto number = batch.append(line); !number) return tl::unexpected(number.error());
  return true;
}

// A change of the cut-off is judged by the former one, a change of the depth begins the new log.
Result<bool> Filing::file_event(store::Batch& batch, const Event& event) {
  EventRules after = rules_;
  const bool changes = names_->changes(event, after);
  if (changes && after.depth != rules_.depth) {
    const EventRules before = rules_;
    rules_ = after;
    if (auto done = follow(batch, before, true); !done) return tl::unexpected(done.error());
  }
  auto filed = file(batch, names_->line(event));
  if (changes) rules_ = after;
  return filed;
}

Result<logs::Log> Filing::log_of(store::Batch& batch, const LogRecord& record) {
  Known& known = by_register_[record.log];
  if (known.depth == record.depth && std::equal(record.columns.begin(), record.columns.end(),
                                                known.columns.begin(), known.columns.end()))
    return known.log;
  const std::string name = names_->label(record.log);
  auto log = batch.define_log(name, names_->columns(record.columns), record.depth);
  if (!log) {
    by_register_.erase(record.log);
    return log;
  }
  known = {*log, {record.columns.begin(), record.columns.end()}, record.depth};
  by_name_[name] = *log;
  return log;
}

Result<bool> Filing::file_record(store::Batch& batch, const LogRecord& record) {
  if (record.columns.empty()) {
    const auto log = by_name_.find(names_->label(record.log));
    if (log == by_name_.end()) return false;
    if (auto done = batch.clear(log->second); !done) return tl::unexpected(done.error());
    return false;
  }
  auto log = log_of(batch, record);
  if (!log) return tl::unexpected(log.error());
  if (record.begins_anew)
    if (auto done = batch.clear(*log); !done) return tl::unexpected(done.error());
  fields_.clear();
  for (const registers::Value& value : record.values)
    fields_.push_back({value.number, value.quality});
  if (auto number = batch.append(*log, record.time, fields_); !number)
    return tl::unexpected(number.error());
  return true;
}

void Filing::ended(bool committed) {
  if (committed) return;
  looked_ = false;
  rules_changed_ = rules_changed_ || rules_committed_ != rules_;
  rules_ = rules_committed_;
}

}  // namespace polyphase::recorder
