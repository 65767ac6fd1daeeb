#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "recorder/message.hpp"
#include "recorder/names.hpp"
#include "store/store.hpp"

namespace polyphase::recorder {

/// Files messages in a store: defines logs as their records come, leaves out events that the rules
/// do not want. What it remembers of the store holds from batch to batch; after one that was lost
/// it looks anew.
class Filing {
 public:
  explicit Filing(std::shared_ptr<const Names> names)
      : names_(std::move(names)), rules_(names_->event_rules()) {}

  /// Another configuration, from the next batch on.
  void use(std::shared_ptr<const Names> names);
  const Names& names() const { return *names_; }

  /// Before each batch is begun: what there is, where that is not known.
  Result<void> look(store::Store& store);
  /// Before the first message of each batch.
  Result<void> begin(store::Batch& batch);
  /// Gives whether something was kept. An error: the message cannot be filed, or the batch is lost,
  /// which its commit says.
  Result<bool> file(store::Batch& batch, const MessageReader::Message& message);
  Result<bool> file(store::Batch& batch, const logs::Event& line);
  void ended(bool committed);

 private:
  struct Known {
    logs::Log log;
    std::vector<registers::Index> columns;
    std::uint32_t depth = 0;
  };

  Result<bool> file_record(store::Batch& batch, const registers::LogRecord& record);
  Result<bool> file_event(store::Batch& batch, const registers::Event& event);
  Result<logs::Log> log_of(store::Batch& batch, const registers::LogRecord& record);
  Result<void> follow(store::Batch& batch, const EventRules& before, bool erase);

  std::shared_ptr<const Names> names_;
  EventRules rules_, rules_committed_;
  bool looked_ = false;
  bool rules_changed_ = false;    ///< by another configuration
  std::int64_t event_depth_ = 0;  ///< in the store
  std::map<std::string, logs::Log> by_name_;
  std::map<registers::Index, Known> by_register_;
  std::vector<logs::Field> fields_;
};

}  // namespace polyphase::recorder
