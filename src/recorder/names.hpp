#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/logs.hpp"
#include "registers/sinks.hpp"
#include "registers/table.hpp"

namespace polyphase::recorder {

/// How the event log is kept.
struct EventRules {
  double cutoff = 0;  ///< an event is kept when its priority is greater
  std::int64_t depth = logs::event_depth_default;  ///< 0: none is kept
  friend bool operator==(const EventRules&, const EventRules&) = default;
};

/// What registers are called and how they are set up, as of one configuration: makes of what
/// modules tell what people read.
class Names {
 public:
  explicit Names(const registers::RegisterTable& table);

  /// The label, else "module.register"; empty: no register.
  std::string label(registers::Index index) const;
  std::vector<logs::Column> columns(std::span<const registers::Index> of) const;

  /// cause: the register that triggered it; effect: the register that it is about, and what
  /// happened.
  logs::Event line(const registers::Event& event) const;
  /// cause: phases and depth; effect: what it was and how long it lasted.
  logs::Event line(const registers::Disturbance& disturbance) const;

  const EventRules& event_rules() const { return rules_; }
  /// Takes up what an event says about the setup of the event log; true: it does.
  bool changes(const registers::Event& event, EventRules& rules) const;

 private:
  std::string value_text(registers::Index index, double number) const;

  std::vector<registers::RegisterInfo> infos_;
  EventRules rules_;
  registers::Index cutoff_ = registers::no_register, depth_ = registers::no_register;
};

}  // namespace polyphase::recorder
