#include "graph/network.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polyphase::graph {
namespace {

constexpr std::uint32_t setup_block = 0x800;  // of the 12 bits that number a module's registers

registers::Handle handle_of(std::uint32_t type, std::size_t instance, std::size_t reg) {
  return (type << 22) | (static_cast<std::uint32_t>(instance) << 12) | static_cast<std::uint32_t>(reg);
}

std::string labelled(std::string_view pattern, std::string_view name) {
  const std::size_t at = pattern.find("{}");
  if (at == std::string_view::npos) return {};
  return fmt::format("{}{}{}", pattern.substr(0, at), name, pattern.substr(at + 2));
}

bool fits(RegisterType source, RegisterType input) {
  if (source == input) return true;
  const bool numeric_input = input == RegisterType::numeric || input == RegisterType::numeric_bounded;
  return numeric_input && (source == RegisterType::numeric || source == RegisterType::numeric_bounded ||
                           source == RegisterType::boolean || source == RegisterType::enumerated);
}

const char* word(RegisterType type) {
  switch (type) {
    case RegisterType::numeric:
    case RegisterType::numeric_bounded: return "a number";
    case RegisterType::boolean: return "a Boolean";
    case RegisterType::enumerated: return "a choice";
    case RegisterType::string: return "a text";
    case RegisterType::pulse: return "a pulse";
    case RegisterType::event: return "an event";
    case RegisterType::log: return "a log";
    case RegisterType::waveform: return "a waveform";
    case RegisterType::dataset: return "a data set";
  }
  return "something else";
}

}  // namespace

Result<std::size_t> Network::add(std::string name, const ModuleType& type, std::string_view label_pattern,
                                 const std::vector<std::pair<std::string, std::string>>& labels) {
  const ModuleDescriptor& descriptor = type.descriptor();
  if (find(name)) return fail(ErrorCode::invalid_config, fmt::format("there are two modules '{}'", name));
  const auto instance = static_cast<std::size_t>(std::count_if(
      nodes_.begin(), nodes_.end(), [&](const auto& n) { return n->descriptor == &descriptor; }));
  if (instance >= descriptor.instances_max)
    return fail(ErrorCode::limit, fmt::format("'{}' is one more than the {} modules of type {} there can be",
                                              name, descriptor.instances_max, descriptor.type));
  for (const auto& [output, label] : labels)
    if (std::none_of(descriptor.outputs.begin(), descriptor.outputs.end(),
                     [&](const OutputDescriptor& o) { return o.name == output; }))
      return fail(ErrorCode::invalid_config,
                  fmt::format("{} has no output '{}' to label '{}'", descriptor.type, output, label));

  auto node = std::make_unique<Node>();
  node->name = std::move(name);
  node->descriptor = &descriptor;
  node->module = type.create();
  node->wiring.inputs.assign(descriptor.inputs.size(), registers::no_register);
  node->wiring.pulses_seen.assign(descriptor.inputs.size(), 0.0);
  node->wiring.first_output = static_cast<Index>(table_.size());
  const auto add_register = [&](registers::RegisterInfo info) -> Result<void> {
    info.module = node->name;
    auto index = table_.add(std::move(info));
    if (!index) return tl::unexpected(index.error());
    owners_.push_back(nodes_.size());
    return {};
  };
  for (std::size_t o = 0; o < descriptor.outputs.size(); ++o) {
    const OutputDescriptor& output = descriptor.outputs[o];
    registers::RegisterInfo info;
    info.handle = handle_of(descriptor.number, instance, o);
    info.name = output.name;
    info.label = labelled(label_pattern, output.name);
    for (const auto& [target, label] : labels)
      if (target == output.name) info.label = label;
    info.type = output.type;
    info.aggregation = output.aggregation;
    info.unit = output.unit;
    info.definition = output.help;
    info.interval_s = output.interval_s;
    if (auto added = add_register(std::move(info)); !added) return tl::unexpected(added.error());
  }
  node->wiring.first_setup = static_cast<Index>(table_.size());
  for (std::size_t s = 0; s < descriptor.setups.size(); ++s) {
    const SetupDescriptor& setup = descriptor.setups[s];
    registers::RegisterInfo info;
    info.handle = handle_of(descriptor.number, instance, setup_block + s);
    info.name = setup.name;
    info.label = node->name + " " + setup.name;
    info.type = setup.type;
    info.role = registers::Role::setup;
    info.unit = setup.unit;
    info.definition = setup.help;
    info.minimum = setup.minimum;
    info.maximum = setup.maximum;
    info.choices = setup.choices;
    info.fixed = setup.fixed;
    if (auto added = add_register(std::move(info)); !added) return tl::unexpected(added.error());
    const auto index = static_cast<Index>(table_.size() - 1);
    if (setup.type == RegisterType::string) table_.set_text(index, setup.initial_text);
    else table_.value(index).number = setup.initial;
  }
  nodes_.push_back(std::move(node));
  return nodes_.size() - 1;
}

std::optional<std::size_t> Network::find(std::string_view name) const {
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i]->name == name) return i;
  return std::nullopt;
}

std::optional<std::size_t> Network::input_of(std::size_t node, std::string_view input) const {
  const auto& inputs = nodes_[node]->descriptor->inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].name == input) return i;
  return std::nullopt;
}

Result<void> Network::check_link(std::size_t node, std::size_t input, Index source) const {
  if (source == registers::no_register) return {};
  const InputDescriptor& slot = nodes_[node]->descriptor->inputs[input];
  const registers::RegisterInfo& info = table_.info(source);
  const auto refuse = [&](std::string why) {
    return fail(ErrorCode::invalid_config, fmt::format("{}.{} cannot be linked to {}.{}: {}", nodes_[node]->name,
                                                       slot.name, info.module, info.name, why));
  };
  if (!fits(info.type, slot.type))
    return refuse(fmt::format("it takes {}, not {}", word(slot.type), word(info.type)));
  if (info.role == registers::Role::setup && !slot.setup_link)
    return refuse("this input takes an output, not a setup register");
  if (slot.type == RegisterType::dataset) {
    const Node& from = *nodes_[owners_[source]];
    const OutputDescriptor& output = from.descriptor->outputs[source - from.wiring.first_output];
    if (output.dataset != slot.dataset)
      return refuse(fmt::format("it takes {} data, not {} data", slot.dataset, output.dataset));
  }
  return {};
}

// True where data flows from the linked register into the module within one step.
bool Network::orders(const Node& node, std::size_t input) const {
  const Index source = node.wiring.inputs[input];
  return source != registers::no_register && table_.info(source).role == registers::Role::output &&
         !node.descriptor->breaks_loop;
}

bool Network::feeds(std::size_t from, std::size_t to) const {
  std::vector<std::size_t> open{to};
  std::vector<char> seen(nodes_.size(), 0);
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (at == from) return true;
    if (seen[at]) continue;
    seen[at] = 1;
    const Node& node = *nodes_[at];
    for (std::size_t i = 0; i < node.wiring.inputs.size(); ++i)
      if (orders(node, i)) open.push_back(owners_[node.wiring.inputs[i]]);
  }
  return false;
}

Result<void> Network::link(std::size_t node, std::size_t input, Index source) {
  if (auto checked = check_link(node, input, source); !checked) return checked;
  Node& target = *nodes_[node];
  const Index before = target.wiring.inputs[input];
  target.wiring.inputs[input] = source;
  if (source != registers::no_register && orders(target, input) && feeds(node, owners_[source])) {
    target.wiring.inputs[input] = before;
    return fail(ErrorCode::refused,
                fmt::format("linking {}.{} to {}.{} would close a loop; put a Feedback module into it",
                            target.name, target.descriptor->inputs[input].name, table_.info(source).module,
                            table_.info(source).name));
  }
  // A pulse counts from the moment it is linked.
  const double now = source == registers::no_register ? 0.0 : table_.value(source).number;
  target.wiring.pulses_seen[input] = available(now) ? now : 0.0;
  return {};
}

Cadence Network::inherited_cadence(const Node& node) const {
  Cadence fastest = Cadence::none;
  const auto& inputs = node.descriptor->inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Index source = node.wiring.inputs[i];
    if (source == registers::no_register || inputs[i].type != inputs[0].type) continue;
    fastest = std::min(fastest, table_.info(source).cadence);
  }
  return fastest == Cadence::none ? Cadence::second : fastest;
}

void Network::publish_cadence(Node& node) {
  for (std::size_t o = 0; o < node.descriptor->outputs.size(); ++o) {
    const Cadence own = node.descriptor->outputs[o].cadence;
    table_.set_cadence(node.wiring.first_output + static_cast<Index>(o),
                       own == Cadence::none ? node.cadence : own);
  }
}

bool Network::derive_units_of(Node& node) {
  std::vector<std::string> inputs;
  for (const Index source : node.wiring.inputs)
    inputs.push_back(source == registers::no_register ? std::string() : table_.info(source).unit);
  bool changed = false;
  for (std::size_t o = 0; o < node.descriptor->outputs.size(); ++o) {
    if (!node.descriptor->outputs[o].unit.empty()) continue;
    const Index index = node.wiring.first_output + static_cast<Index>(o);
    std::string unit = node.module->unit(o, {table_, node.wiring.first_setup}, inputs);
    if (unit == table_.info(index).unit) continue;
    table_.set_unit(index, std::move(unit));
    changed = true;
  }
  return changed;
}

// Until nothing changes, which takes as many rounds as modules stand in a chain; a loop may never end.
void Network::derive_units() {
  bool changed = true;
  for (std::size_t round = 0; changed && round <= chain_length_max; ++round) {
    changed = false;
    for (const auto& node : nodes_) changed |= derive_units_of(*node);
  }
}

void Network::order() {
  // Kahn's algorithm over the links; among those that are ready the first made goes first, so that the
  // order depends on nothing else.
  std::vector<std::size_t> waiting(nodes_.size(), 0), chain(nodes_.size(), 1);
  std::vector<std::vector<std::size_t>> followers(nodes_.size());
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    for (std::size_t i = 0; i < nodes_[n]->wiring.inputs.size(); ++i)
      if (orders(*nodes_[n], i)) {
        followers[owners_[nodes_[n]->wiring.inputs[i]]].push_back(n);
        ++waiting[n];
      }
  for (auto& schedule : schedules_) schedule.clear();
  std::vector<char> done(nodes_.size(), 0);
  for (bool progress = true; progress;) {
    progress = false;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      if (done[n] || waiting[n] != 0) continue;
      done[n] = 1;
      progress = true;
      Node& node = *nodes_[n];
      node.cadence = node.descriptor->cadence != Cadence::none ? node.descriptor->cadence
                                                               : inherited_cadence(node);
      publish_cadence(node);
      if (chain[n] > chain_length_max) {
        node.online = false;
        node.offline_reason = fmt::format("stands more than {} modules deep in a chain", chain_length_max);
      }
      schedules_[static_cast<std::size_t>(node.cadence)].push_back(&node);
      for (const std::size_t next : followers[n]) {
        --waiting[next];
        chain[next] = std::max(chain[next], chain[n] + 1);
      }
    }
  }
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    if (!done[n]) {
      nodes_[n]->online = false;
      nodes_[n]->offline_reason = "is part of a loop of links; put a Feedback module into it";
    }
}

}  // namespace polyphase::graph
