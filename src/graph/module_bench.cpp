#include "graph/module_bench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contract.hpp"
#include "registers/value_text.hpp"

namespace polyphase::graph {
namespace {

using registers::no_register;

constexpr registers::Handle source_handles = 1u
                                             << 16;  // beside those of the module's own registers

template <class Descriptors>
std::size_t position(const Descriptors& list, std::string_view name) {
  return static_cast<std::size_t>(
      std::find_if(list.begin(), list.end(), [&](const auto& d) { return d.name == name; }) -
      list.begin());
}

}  // namespace

ModuleBench::ModuleBench(const ModuleType& type)
    : descriptor_(type.descriptor()), module_(type.create()) {
  const auto add = [&](registers::RegisterInfo info) {
    info.module = "BENCH";
    info.handle = static_cast<registers::Handle>(table_.size());
    EXPECTS(table_.add(std::move(info)).has_value());
  };
  wiring_.inputs.assign(descriptor_.inputs.size(), no_register);
  wiring_.pulses_seen.assign(descriptor_.inputs.size(), 0.0);
  wiring_.first_output = static_cast<Index>(table_.size());
  for (const OutputDescriptor& output : descriptor_.outputs) {
    registers::RegisterInfo info;
    info.name = output.name;
    info.type = output.type;
    info.unit = output.unit;
    add(std::move(info));
  }
  wiring_.first_setup = static_cast<Index>(table_.size());
  for (const SetupDescriptor& setup : descriptor_.setups) {
    registers::RegisterInfo info;
    info.name = setup.name;
    info.type = setup.type;
    info.role = registers::Role::setup;
    info.unit = setup.unit;
    info.minimum = setup.minimum;
    info.maximum = setup.maximum;
    info.choices = setup.choices;
    add(std::move(info));
    const auto index = static_cast<Index>(table_.size() - 1);
    if (setup.type == RegisterType::string)
      table_.set_text(index, setup.initial_text);
    else
      table_.value(index).number = setup.initial;
  }
  datasets_.assign(table_.size(), nullptr);
  wiring_.datasets = &datasets_;
}

ModuleBench::~ModuleBench() = default;

Result<void> ModuleBench::set(std::string_view setup, std::string_view value) {
  const std::size_t i = position(descriptor_.setups, setup);
  if (i == descriptor_.setups.size()) {
    std::vector<std::string_view> names;
    for (const SetupDescriptor& s : descriptor_.setups) names.push_back(s.name);
    return fail(ErrorCode::not_found,
                fmt::format("{} has no setup register '{}'; it has: {}", descriptor_.type,
                            setup.substr(0, 80), fmt::join(names, ", ")));
  }
  const Index index = wiring_.first_setup + static_cast<Index>(i);
  if (descriptor_.setups[i].type == RegisterType::string) {
    table_.set_text(index, std::string(value));
    return {};
  }
  auto number = registers::parse_value(table_.info(index), value);
  if (!number) return tl::unexpected(number.error());
  table_.value(index).number = *number;
  return {};
}

Result<void> ModuleBench::configure() {
  configured_ = true;
  return module_->configure({table_, wiring_.first_setup});
}

std::size_t ModuleBench::input_of(std::string_view name) const {
  const std::size_t i = position(descriptor_.inputs, name);
  EXPECTS(i < descriptor_.inputs.size());
  return i;
}

Index ModuleBench::add_source(std::size_t input) {
  registers::RegisterInfo info;
  info.module = "SOURCE";
  info.name = fmt::format("{} {}", descriptor_.inputs[input].name, table_.size());
  info.handle = source_handles + static_cast<registers::Handle>(table_.size());
  info.type = descriptor_.inputs[input].type;
  const auto added = table_.add(std::move(info));
  EXPECTS(added.has_value());
  datasets_.resize(table_.size(), nullptr);
  return *added;
}

Value& ModuleBench::source(std::string_view name) {
  const std::size_t i = input_of(name);
  if (wiring_.inputs[i] == no_register) wiring_.inputs[i] = add_source(i);
  return table_.value(wiring_.inputs[i]);
}

void ModuleBench::input(std::string_view name, double value, Quality quality) {
  source(name) = {value, quality, last_time_};
}

void ModuleBench::input_at(std::string_view name, double value, Instant time) {
  source(name) = {value, {}, time};
}

void ModuleBench::pulse(std::string_view name, unsigned count) {
  Value& value = source(name);
  value.number = (available(value.number) ? value.number : 0.0) + count;
  fresh_pulses_.push_back(wiring_.inputs[input_of(name)]);
}

void ModuleBench::dataset(std::string_view name, const void* data) {
  source(name);
  datasets_[wiring_.inputs[input_of(name)]] = data;
}

void ModuleBench::unlink(std::string_view name) {
  wiring_.inputs[input_of(name)] = no_register;
  wiring_.pulses_seen[input_of(name)] = 0;
}

void ModuleBench::relink(std::string_view name) {
  wiring_.inputs[input_of(name)] = add_source(input_of(name));
  wiring_.pulses_seen[input_of(name)] = 0;
}

Step ModuleBench::step(Cadence cadence, Instant time, double duration_s, Quality quality) {
  return {table_, wiring_, *this, cadence, time, duration_s, quality};
}

void ModuleBench::run(Cadence cadence, Instant time, double duration_s, Quality quality) {
  if (!configured_) EXPECTS(configure().has_value());
  last_cadence_ = cadence;
  last_time_ = time;
  for (const Index pulse : fresh_pulses_) table_.value(pulse).time = time;
  fresh_pulses_.clear();
  Step now = step(cadence, time, duration_s, quality);
  module_->run(now);
}

void ModuleBench::finish() {
  Step now = step(last_cadence_, last_time_, 0, {});
  module_->finish(now);
}

Result<void> ModuleBench::write(std::string_view output, double number) {
  Step now = step(last_cadence_, last_time_, 0, {});
  return module_->write(now, index_of(output) - wiring_.first_output, number);
}

Index ModuleBench::index_of(std::string_view output) const {
  const std::size_t o = position(descriptor_.outputs, output);
  EXPECTS(o < descriptor_.outputs.size());
  return wiring_.first_output + static_cast<Index>(o);
}

const Value& ModuleBench::value(std::string_view output) const {
  return table_.value(index_of(output));
}

std::string ModuleBench::unit(std::string_view output, std::vector<std::string> inputs) const {
  inputs.resize(descriptor_.inputs.size());
  return module_->unit(index_of(output) - wiring_.first_output, {table_, wiring_.first_setup},
                       inputs);
}

unsigned ModuleBench::pulses(std::string_view output) const {
  const double number = out(output);
  return available(number) ? static_cast<unsigned>(number) : 0;
}

void ModuleBench::event(const registers::Event& event) noexcept {
  events_.push_back({event, std::string(event.text)});
}

void ModuleBench::disturbance(const registers::Disturbance& disturbance) noexcept {
  disturbances_.push_back(disturbance);
}

void ModuleBench::record(const registers::LogRecord& record) noexcept {
  SeenRecord seen{record, {record.columns.begin(), record.columns.end()},
                  {record.values.begin(), record.values.end()}};
  seen.record.columns = {};
  seen.record.values = {};
  records_.push_back(std::move(seen));
}

}  // namespace polyphase::graph
