#include "recorder/names.hpp"

#include <fmt/format.h>

#include "registers/value_text.hpp"

namespace polyphase::recorder {
namespace {

using registers::available;
using registers::Disturbance;
using registers::Index;
using registers::no_register;
using registers::RegisterTable;
using registers::RegisterType;

// The setup registers of the Event Log Controller.
constexpr const char* cutoff_name = "Priority Cutoff";
constexpr const char* depth_name = "EvLog Depth";

bool holds_a_number(RegisterType type) {
  return type == RegisterType::numeric || type == RegisterType::numeric_bounded;
}

bool holds_a_state(RegisterType type) {
  return type == RegisterType::boolean || type == RegisterType::enumerated;
}

std::string affected(const Disturbance& disturbance) {
  std::string list;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (disturbance.per_channel[c].affected)
      list += fmt::format("{}{}", list.empty() ? "" : " ", channel_names[c]);
  return list;
}

std::string percent_of_nominal(const Disturbance& disturbance) {
  if (!available(disturbance.extreme)) return {};
  if (!(disturbance.nominal > 0)) return fmt::format("{:.6g}", disturbance.extreme);
  return fmt::format("{:.1f} %", 100 * disturbance.extreme / disturbance.nominal);
}

std::string duration_text(double seconds) {
  constexpr double shown_in_ms_s = 10;
  return seconds < shown_in_ms_s ? fmt::format("{:.0f} ms", seconds * 1e3)
                                 : fmt::format("{:.2f} s", seconds);
}

std::string direction_text(DirectionFinding found) {
  if (found.direction == Direction::undetermined) return ", direction undetermined";
  return fmt::format(", {}, {} confidence", word_of(found.direction), word_of(found.confidence));
}

}  // namespace

Names::Names(const RegisterTable& table) {
  infos_.reserve(table.size());
  for (Index i = 0; i < table.size(); ++i) {
    infos_.push_back(table.info(i));
    infos_.back().definition.clear();
    if (infos_[i].role != registers::Role::setup) continue;
    if (infos_[i].name == cutoff_name) cutoff_ = i;
    if (infos_[i].name == depth_name) depth_ = i;
  }
  if (cutoff_ != no_register) rules_.cutoff = table.value(cutoff_).number;
  if (depth_ != no_register) rules_.depth = static_cast<std::int64_t>(table.value(depth_).number);
}

std::string Names::label(Index index) const {
  if (index >= infos_.size()) return {};
  const registers::RegisterInfo& info = infos_[index];
  return info.label.empty() ? info.module + "." + info.name : info.label;
}

std::vector<logs::Column> Names::columns(std::span<const Index> of) const {
  std::vector<logs::Column> columns;
  columns.reserve(of.size());
  for (const Index index : of)
    columns.push_back({label(index), index < infos_.size() ? infos_[index].unit : std::string()});
  return columns;
}

std::string Names::value_text(Index index, double number) const {
  if (index >= infos_.size() || !available(number)) return {};
  const registers::RegisterInfo& info = infos_[index];
  if (holds_a_state(info.type)) return registers::value_text(info, number);
  if (!holds_a_number(info.type)) return {};
  return fmt::format("{:.9g}{}{}", number, info.unit.empty() ? "" : " ", info.unit);
}

logs::Event Names::line(const registers::Event& event) const {
  logs::Event line;
  line.time = event.time;
  line.priority = event.priority;
  line.actor = event.actor;
  line.cause = label(event.cause);
  line.cause_value = value_text(event.cause, event.cause_value);
  line.effect = label(event.effect);
  line.effect_value = value_text(event.effect, event.effect_value);
  if (!event.text.empty())
    line.effect += fmt::format("{}{}", line.effect.empty() ? "" : ": ", event.text);
  return line;
}

logs::Event Names::line(const Disturbance& disturbance) const {
  logs::Event line;
  line.time = disturbance.time;
  line.priority = disturbance.priority;
  line.cause = affected(disturbance);
  line.cause_value = percent_of_nominal(disturbance);
  line.effect = disturbance.setpoint == no_register ? std::string(disturbance.type)
                                                    : label(disturbance.setpoint);
  line.effect_value = disturbance.open
                          ? std::string("not over")
                          : duration_text(disturbance.duration());
  if (const auto& found = disturbance.direction) line.effect_value += direction_text(*found);
  return line;
}

bool Names::changes(const registers::Event& event, EventRules& rules) const {
  if (event.priority != registers::priority::setup_change || event.effect == no_register ||
      !available(event.effect_value))
    return false;
  if (event.effect == cutoff_)
    rules.cutoff = event.effect_value;
  else if (event.effect == depth_)
    rules.depth = static_cast<std::int64_t>(event.effect_value);
  else
    return false;
  return true;
}

}  // namespace polyphase::recorder
