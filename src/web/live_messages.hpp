#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/meter.hpp"

/// The messages of the WebSocket, both ways.
namespace polyphase::web {

struct Subscription {
  std::vector<std::string> labels;
  registers::Cadence cadence = registers::Cadence::second;
  bool scope = false, events = false;
};

/// errors  invalid_input: not JSON, a member of the wrong kind, more than `labels_max` labels
Result<Subscription> parse_subscription(std::string_view json, std::size_t labels_max);

std::string values_message(std::span<const registers::Value> values);
std::string units_message(std::span<const std::string> units);
std::string scope_message(const control::Waveform& waveform);
std::string event_message(const logs::Event& event);
std::string status_message(const control::MeterStatus& status);
std::string error_message(const Error& error);
std::string end_message(std::string_view reason);

}  // namespace polyphase::web
