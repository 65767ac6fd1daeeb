#include "graph/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/contract.hpp"
#include "registers/value_text.hpp"

namespace polyphase::graph {
namespace {

using registers::no_register;
namespace priority = registers::priority;

tl::unexpected<Error> with_place(Error error, const std::string& where) {
  error.where = where;
  return tl::unexpected(std::move(error));
}

// What an event about a whole module names.
Index first_register(const Node& node) {
  return node.descriptor->outputs.empty() ? node.wiring.first_setup : node.wiring.first_output;
}

tl::unexpected<Error> refuse_fixed(const registers::RegisterInfo& info) {
  return fail(ErrorCode::refused, fmt::format("{}.{} is fixed by the template of this tier; choose another template",
                                              info.module, info.name));
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::create(const Template& device, std::span<const ModuleType> types,
                                               registers::Sinks& sinks) {
  std::unique_ptr<Engine> engine(new Engine(sinks));
  if (auto built = engine->build(device, types); !built) return tl::unexpected(built.error());
  return engine;
}

Result<void> Engine::build(const Template& device, std::span<const ModuleType> types) {
  for (const TemplateModule& wanted : device.modules) {
    const auto type = std::find_if(types.begin(), types.end(), [&](const ModuleType& t) {
      return t.descriptor().type == wanted.type;
    });
    if (type == types.end())
      return fail(ErrorCode::invalid_config, fmt::format("there is no module type '{}'", wanted.type),
                  wanted.where);
    auto added = network_.add(wanted.name, *type, wanted.labels, wanted.label);
    if (!added) return with_place(added.error(), wanted.where);
    Node& node = *network_.nodes()[*added];
    if (auto* input = dynamic_cast<SampleInput*>(node.module.get())) {
      if (input_ != nullptr)
        return fail(ErrorCode::invalid_config, "a meter has one module that samples enter by", wanted.where);
      input_ = input;
      input_node_ = &node;
    }
    const auto for_each_setup = [&](const TemplateModule::Assignments& list, auto&& take) -> Result<void> {
      for (const auto& [name, value] : list) {
        auto index = table_.find(wanted.name + "." + name);
        if (!index || table_.info(*index).role != registers::Role::setup)
          return fail(ErrorCode::invalid_config,
                      fmt::format("{} has no setup register '{}'", wanted.type, name), wanted.where);
        if (auto done = take(*index, value); !done) return with_place(done.error(), wanted.where);
      }
      return {};
    };
    const auto set = [&](Index index, const std::string& value) { return assign(index, value); };
    if (auto done = for_each_setup(wanted.setup, set); !done) return done;
    const auto bound = [&](Index index, const std::string& value) { return permit(index, value); };
    if (auto done = for_each_setup(wanted.maximum, bound); !done) return done;
  }
  if (input_ == nullptr)
    return fail(ErrorCode::invalid_config,
                fmt::format("template '{}' has no module that samples enter by (Data Acquisition)",
                            device.name));
  // Links may name modules that come later, so they are made when all exist; a loop among them is the
  // template's fault and takes its modules offline in order().
  for (const TemplateModule& wanted : device.modules) {
    const std::size_t n = *network_.find(wanted.name);
    for (const auto& [name, source] : wanted.link) {
      const auto input = network_.input_of(n, name);
      if (!input)
        return fail(ErrorCode::invalid_config, fmt::format("{} has no input '{}'", wanted.type, name),
                    wanted.where);
      auto index = find(source);
      if (!index) return with_place(index.error(), wanted.where);
      if (auto checked = network_.check_link(n, *input, *index); !checked)
        return with_place(checked.error(), wanted.where);
      network_.nodes()[n]->wiring.inputs[*input] = *index;
    }
  }
  datasets_.assign(table_.size(), nullptr);
  for (const auto& node : network_.nodes()) node->wiring.datasets = &datasets_;
  network_.derive_units();
  for (const auto& node : network_.nodes()) {
    EXPECTS(node->module->retained().size() == node->descriptor->retained.size());
    for (const std::string& name : node->descriptor->retained)
      retained_names_.push_back(node->name + "." + name);
  }
  pending_.reserve(commands_pending_max);
  return {};
}

Result<Index> Engine::find(std::string_view name) const {
  if (const auto index = table_.find(name)) return *index;
  return fail(ErrorCode::not_found,
              fmt::format("there is no register '{}'; near it: {}", name.substr(0, 80),
                          fmt::join(table_.nearest(name, 4), ", ")));
}

Result<void> Engine::assign(Index index, std::string_view value) {
  if (table_.info(index).type == RegisterType::string) {
    constexpr std::size_t text_size_max = 4'096;
    if (value.size() > text_size_max)
      return fail(ErrorCode::invalid_config, fmt::format("a text holds at most {} characters", text_size_max));
    table_.set_text(index, std::string(value));
    return {};
  }
  auto number = registers::parse_value(table_.info(index), value);
  if (!number) return tl::unexpected(number.error());
  table_.value(index).number = *number;
  return {};
}

Result<void> Engine::permit(Index index, std::string_view most) {
  auto number = registers::parse_value(table_.info(index), most);
  if (!number) return tl::unexpected(number.error());
  table_.narrow(index, *number);
  if (table_.value(index).number > *number)
    return fail(ErrorCode::invalid_config, fmt::format("{} is set beyond its maximum", table_.info(index).name));
  return {};
}

Result<void> Engine::set(std::string_view target, std::string_view value) {
  EXPECTS(!started_);
  auto index = find(target);
  if (!index) return tl::unexpected(index.error());
  if (table_.info(*index).role != registers::Role::setup)
    return fail(ErrorCode::refused, fmt::format("{} is measured, not set", target));
  if (table_.info(*index).fixed) return refuse_fixed(table_.info(*index));
  return assign(*index, value);
}

Result<void> Engine::start(const SourceInfo& source) {
  EXPECTS(!started_);
  for (const auto& node : network_.nodes()) node->online = true;
  network_.order();
  network_.derive_units();
  feed_input();
  if (auto configured = input_->configure({table_, input_node_->wiring.first_setup}); !configured)
    return configured;
  if (auto input = input_->start(source); !input) return input;
  connect_datasets();
  for (const auto& node : network_.nodes()) {
    if (node.get() != input_node_) configure(*node, {});
    if (!node->online) tell_offline(*node, {});
  }
  std::array<std::vector<Index>, registers::cadence_count> pages;
  for (Index i = 0; i < table_.size(); ++i) {
    const Cadence cadence = table_.info(i).cadence;
    pages[static_cast<std::size_t>(cadence == Cadence::none ? Cadence::second : cadence)].push_back(i);
  }
  for (std::size_t c = 0; c < pages.size(); ++c)
    snapshots_[c] = std::make_unique<registers::Snapshot>(std::move(pages[c]));
  started_ = true;
  return {};
}

// The inputs of the sample input are setup registers of other modules (ratios, volts mode).
void Engine::feed_input() {
  std::vector<double> values;
  for (const Index source : input_node_->wiring.inputs)
    values.push_back(source == no_register ? not_available : table_.value(source).number);
  input_->configure_inputs(values);
}

void Engine::connect_datasets() {
  for (const auto& node : network_.nodes())
    for (std::size_t o = 0; o < node->descriptor->outputs.size(); ++o)
      if (node->descriptor->outputs[o].type == RegisterType::dataset)
        datasets_[node->wiring.first_output + o] = node->module->dataset(o);
}

void Engine::configure(Node& node, Instant now) {
  for (std::size_t i = 0; i < node.descriptor->inputs.size(); ++i)
    if (node.descriptor->inputs[i].mandatory && node.wiring.inputs[i] == no_register) {
      node.online = false;
      node.offline_reason = fmt::format("input {} is not linked", node.descriptor->inputs[i].name);
      return;
    }
  if (auto done = node.module->configure({table_, node.wiring.first_setup}); !done) {
    node.online = false;
    node.offline_reason = done.error().message;
    if (started_) tell_offline(node, now);
  }
}

void Engine::tell_offline(const Node& node, Instant now) {
  const std::string text = fmt::format("{} is offline: {}", node.name, node.offline_reason);
  registers::Event event;
  event.time = now;
  event.priority = priority::warning;
  event.effect = first_register(node);
  event.text = text;
  sinks_.event(event);
}

Step Engine::step_for(Node& node, Cadence cadence, Instant time, double duration_s, Quality quality) {
  return {table_, node.wiring, sinks_, cadence, time, duration_s, quality, this};
}

void Engine::process(const SampleBlock& block) noexcept { input_->process(block, *this); }

void Engine::finish() noexcept {
  input_->finish(*this);
  for (const auto& node : network_.nodes())
    if (node->online) {
      Step step = step_for(*node, node->cadence, last_step_, 0, {});
      node->module->finish(step);
    }
}

void Engine::step(Cadence cadence, Instant time, double duration_s, Quality quality) noexcept {
  last_step_ = time;
  if (cadence == Cadence::half_cycle && !pending_.empty()) apply_due_commands(time);
  if (cadence != Cadence::half_cycle && disturbed(time.plus_s(-duration_s), time))
    quality.add(Quality::disturbed);
  for (Node* node : network_.schedule(cadence)) {
    if (!node->online) continue;
    Step step = step_for(*node, cadence, time, duration_s, quality);
    node->module->run(step);
  }
  if (publishing_) snapshots_[static_cast<std::size_t>(cadence)]->publish(table_);
  if (observer_ != nullptr) observer_->stepped(cadence, time, duration_s, quality);
}

bool Engine::disturbed(Instant begin, Instant end) const noexcept {
  const auto& nodes = network_.nodes();
  return std::any_of(nodes.begin(), nodes.end(), [&](const auto& node) {
    return node->online && node->module->disturbed(begin, end);
  });
}

bool Engine::briefly_disturbed(Instant begin, Instant end) const noexcept {
  const auto& nodes = network_.nodes();
  return std::any_of(nodes.begin(), nodes.end(), [&](const auto& node) {
    return node->online && node->module->briefly_disturbed(begin, end);
  });
}

Result<void> Engine::submit(control::Command command) {
  EXPECTS(started_);
  if (pending_.size() >= commands_pending_max)
    return fail(ErrorCode::limit, fmt::format("{} commands are waiting already", commands_pending_max));
  using Kind = control::Command::Kind;
  if (command.kind == Kind::write || command.kind == Kind::pulse) {
    auto index = find(command.target);
    if (!index) return tl::unexpected(index.error());
    const registers::RegisterInfo& info = table_.info(*index);
    if (info.fixed) return refuse_fixed(info);
    if (command.kind == Kind::write && info.type != RegisterType::string)
      if (auto number = registers::parse_value(info, command.value); !number)
        return tl::unexpected(number.error());
  }
  const auto after = std::upper_bound(pending_.begin(), pending_.end(), command,
                                      [](const auto& a, const auto& b) { return a.sample < b.sample; });
  pending_.insert(after, std::move(command));
  return {};
}

void Engine::apply_due_commands(Instant now) {
  const std::uint64_t at = input_->sample_position();
  std::size_t due = 0;
  while (due < pending_.size() && pending_[due].sample <= at) ++due;
  for (std::size_t i = 0; i < due; ++i) {
    control::Command& command = pending_[i];
    command.sample = at;
    const Result<void> done = apply(command, now);
    if (!done) {
      const std::string text = "command refused: " + done.error().message;
      registers::Event event;
      event.time = now;
      event.priority = priority::warning;
      event.text = text;
      event.actor = command.actor;
      sinks_.event(event);
    }
    if (observer_ != nullptr) observer_->applied(command, done);
    if (journal_.size() == journal_max) journal_.pop_front();
    journal_.push_back(std::move(command));
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(due));
}

Result<void> Engine::apply(const control::Command& command, Instant now) {
  using Kind = control::Command::Kind;
  if (command.kind == Kind::link) return apply_link(command, now);
  if (command.kind == Kind::clock_step) {
    double seconds = 0;
    const char* end = command.value.data() + command.value.size();
    if (std::from_chars(command.value.data(), end, seconds).ptr != end || !std::isfinite(seconds))
      return fail(ErrorCode::invalid_input, fmt::format("'{}' is not a number of seconds", command.value));
    input_->step_clock(seconds);
    return {};
  }
  auto index = find(command.target);
  if (!index) return tl::unexpected(index.error());
  if (table_.info(*index).role == registers::Role::setup) return apply_write(*index, command, now);
  auto number = command.kind == Kind::pulse ? Result<double>(1.0)
                                            : registers::parse_value(table_.info(*index), command.value);
  if (!number) return tl::unexpected(number.error());
  Node& node = *network_.nodes()[network_.owner(*index)];
  Step step = step_for(node, node.cadence, now, 0, {});
  return node.module->write(step, *index - node.wiring.first_output, *number);
}

Result<void> Engine::apply_write(Index index, const control::Command& command, Instant now) {
  Node& node = *network_.nodes()[network_.owner(index)];
  const Value before = table_.value(index);
  const std::string text_before = table_.text(index);
  if (auto done = assign(index, command.value); !done) return done;
  table_.value(index).time = now;
  const Setup setup(table_, node.wiring.first_setup);
  if (node.online) {
    if (auto taken = node.module->configure(setup); !taken) {  // goes on with what it had
      table_.value(index) = before;
      table_.set_text(index, text_before);
      (void)node.module->configure(setup);
      return taken;
    }
  } else {
    node.online = true;
    node.offline_reason.clear();
    configure(node, now);
  }
  network_.derive_units();
  if (std::count(input_node_->wiring.inputs.begin(), input_node_->wiring.inputs.end(), index) != 0)
    feed_input();
  registers::Event event;
  event.time = now;
  event.priority = priority::setup_change;
  event.effect = index;
  event.effect_value = table_.value(index).number;
  event.text = "setup changed";
  event.actor = command.actor;
  sinks_.event(event);
  return {};
}

// Gives the module whose input it is.
Result<std::size_t> Engine::make_link(std::string_view target, std::string_view source) {
  const std::size_t dot = target.find('.');
  const auto node = network_.find(target.substr(0, dot));
  const auto input = node && dot != std::string_view::npos
                         ? network_.input_of(*node, target.substr(dot + 1))
                         : std::nullopt;
  if (!input)
    return fail(ErrorCode::not_found, fmt::format("there is no input '{}'", target.substr(0, 80)));
  Index index = no_register;
  if (!source.empty()) {
    auto found = find(source);
    if (!found) return tl::unexpected(found.error());
    index = *found;
  }
  if (auto linked = network_.link(*node, *input, index); !linked)
    return tl::unexpected(linked.error());
  return *node;
}

Result<void> Engine::link(std::string_view target, std::string_view source) {
  EXPECTS(!started_);
  if (auto made = make_link(target, source); !made) return tl::unexpected(made.error());
  network_.derive_units();
  return {};
}

Result<void> Engine::apply_link(const control::Command& command, Instant now) {
  auto made = make_link(command.target, command.value);
  if (!made) return tl::unexpected(made.error());
  Node& target = *network_.nodes()[*made];
  target.online = true;
  target.offline_reason.clear();
  network_.order();
  configure(target, now);
  network_.derive_units();
  registers::Event event;
  event.time = now;
  event.priority = priority::setup_change;
  if (!command.value.empty()) event.cause = *table_.find(command.value);
  event.effect = first_register(target);
  event.actor = command.actor;
  event.text = "link changed";
  sinks_.event(event);
  return {};
}

std::vector<std::pair<std::string, double>> Engine::retained() const {
  std::vector<double> numbers;
  retained_numbers(numbers);
  std::vector<std::pair<std::string, double>> state;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    state.emplace_back(retained_names_[i], numbers[i]);
  return state;
}

void Engine::retained_numbers(std::vector<double>& numbers) const {
  numbers.clear();
  for (const auto& node : network_.nodes()) {
    const auto values = node->module->retained();
    numbers.insert(numbers.end(), values.begin(), values.end());
  }
}

void Engine::restore(std::string_view name, double value) {
  const std::size_t dot = name.find('.');
  const auto node = network_.find(name.substr(0, dot));
  if (!node || dot == std::string_view::npos) return;
  const auto& names = network_.nodes()[*node]->descriptor->retained;
  const auto values = network_.nodes()[*node]->module->retained();
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name.substr(dot + 1)) values[i] = value;
}

}  // namespace polyphase::graph
