#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "control/meter.hpp"
#include "registers/value_text.hpp"

namespace polyphase::testing {

using control::Catalogue;
using control::Index;

/// A meter without an engine, for the tests of services: registers that a test makes and sets,
/// rights that it gives, changes that it sees. Any thread.
///
/// Build the modules first (module, output, setup, or a whole Catalogue); afterwards set values and
/// publish(). A change of a setup register or an output takes effect at once and is answered at
/// once, unless hold_changes() was called: then answer() does both.
class FakeMeter : public control::Meter {
 public:
  FakeMeter() = default;
  explicit FakeMeter(Catalogue catalogue) : building_(std::move(catalogue)) {}

  // ---- what there is
  void module(const std::string& name, const std::string& type) {
    const std::lock_guard lock(mutex_);
    control::ModuleInfo module;
    module.name = name;
    module.type = type;
    module.online = true;
    module.first_output = module.first_setup = static_cast<Index>(building_.registers.size());
    building_.modules.push_back(std::move(module));
  }
  /// An output of the last module; its label is its name. Outputs before setup registers.
  Index output(const std::string& name, double number,
               registers::Cadence cadence = registers::Cadence::second,
               registers::RegisterType type = registers::RegisterType::numeric) {
    registers::RegisterInfo info;
    info.name = info.label = name;
    info.type = type;
    info.cadence = cadence;
    return add(std::move(info), number);
  }
  /// A setup register of the last module.
  Index setup(const std::string& name, double number, double minimum, double maximum) {
    registers::RegisterInfo info;
    info.name = name;
    info.type = registers::RegisterType::numeric_bounded;
    info.role = registers::Role::setup;
    info.minimum = minimum;
    info.maximum = maximum;
    return add(std::move(info), number);
  }
  Index setup_text(const std::string& name, const std::string& text) {
    registers::RegisterInfo info;
    info.name = name;
    info.type = registers::RegisterType::string;
    info.role = registers::Role::setup;
    const Index index = add(std::move(info), registers::not_available);
    set_text(index, text);
    return index;
  }
  /// Links the last module's next input.
  void input(const std::string& name, Index source) {
    const std::lock_guard lock(mutex_);
    building_.modules.back().inputs.push_back({name, "", source});
  }
  Index find(std::string_view label) const {
    const std::lock_guard lock(mutex_);
    return building_.registers.find(label).value();
  }

  // ---- what happens
  void set(Index index, double number) {
    const std::lock_guard lock(mutex_);
    building_.registers.value(index).number = number;
    if (building_.registers.info(index).role == registers::Role::setup) touch();
  }
  void set_text(Index index, const std::string& text) {
    const std::lock_guard lock(mutex_);
    building_.registers.set_text(index, text);
    touch();
  }
  /// All cadences have a new snapshot.
  void publish() {
    const std::lock_guard lock(mutex_);
    ++sequence_;
  }
  void give(control::Rights rights) {
    const std::lock_guard lock(mutex_);
    rights_ = rights;
  }
  void restrict_to_loopback(bool on) {
    const std::lock_guard lock(mutex_);
    loopback_only_ = on;
  }
  void hold_changes() {
    const std::lock_guard lock(mutex_);
    hold_ = true;
  }
  std::size_t held() const {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }
  /// Answers the oldest change that is held.
  void answer(Result<void> result = {}) {
    std::pair<control::Command, control::Done> next;
    {
      const std::lock_guard lock(mutex_);
      next = std::move(held_.front());
      held_.pop_front();
      if (result) apply(next.first);
    }
    next.second(std::move(result));
  }

  // ---- what was asked
  std::vector<control::Command> changes() const {
    const std::lock_guard lock(mutex_);
    return changes_;
  }
  control::ServiceStatus service(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto it = services_.find(name);
    return it == services_.end() ? control::ServiceStatus{} : it->second;
  }
  std::size_t reads() const {
    const std::lock_guard lock(mutex_);
    return reads_;
  }

  // ---- control::Meter
  Result<std::string> log_in(control::Face, std::string_view, std::string_view) override {
    return fail(ErrorCode::refused, "no users here");
  }
  Result<control::SessionInfo> session(std::string_view) override {
    return fail(ErrorCode::refused, "no users here");
  }
  void log_out(std::string_view) override {}
  control::Caller anonymous(control::Face face) const override { return {"", face}; }
  control::Rights rights_of(const control::Caller&) const override {
    const std::lock_guard lock(mutex_);
    return rights_;
  }
  bool loopback_only() const override {
    const std::lock_guard lock(mutex_);
    return loopback_only_;
  }
  std::shared_ptr<const Catalogue> catalogue() const override {
    const std::lock_guard lock(mutex_);
    if (!published_) published_ = std::make_shared<Catalogue>(building_);
    return published_;
  }
  std::uint64_t sequence(registers::Cadence) const override {
    const std::lock_guard lock(mutex_);
    return sequence_;
  }
  Result<void> values(const control::Caller&, std::span<const Index> indices,
                      std::span<registers::Value> out) const override {
    const std::lock_guard lock(mutex_);
    if (!rights_.has(control::Right::read))
      return fail(ErrorCode::refused, "Read Access is needed");
    ++reads_;
    for (std::size_t i = 0; i < indices.size(); ++i) out[i] = building_.registers.value(indices[i]);
    return {};
  }
  Result<std::string> text(const control::Caller&, Index index) const override {
    const std::lock_guard lock(mutex_);
    if (!rights_.has(control::Right::read))
      return fail(ErrorCode::refused, "Read Access is needed");
    return building_.registers.text(index);
  }
  Result<control::Waveform> waveform(const control::Caller&, double) const override {
    return control::Waveform{};
  }
  void change(const control::Caller&, control::Command command, control::Done done) override {
    {
      const std::lock_guard lock(mutex_);
      changes_.push_back(command);
      if (hold_) {
        held_.emplace_back(std::move(command), std::move(done));
        return;
      }
    }
    done(allowed_and_applied(command));
  }
  void reset(const control::Caller&, std::string_view, control::Done done) override { done({}); }
  Result<std::vector<logs::LogInfo>> logs(const control::Caller&) const override {
    return std::vector<logs::LogInfo>{};
  }
  Result<logs::RecordPage> records(const control::Caller&, logs::Log,
                                   const logs::Range&) const override {
    return logs::RecordPage{};
  }
  Result<logs::EventPage> events(const control::Caller&, const logs::Range&) const override {
    return logs::EventPage{};
  }
  Result<std::vector<control::UserInfo>> users(const control::Caller&) const override {
    return std::vector<control::UserInfo>{};
  }
  Result<void> set_password(const control::Caller&, std::string_view, std::string_view,
                            std::string_view) override {
    return fail(ErrorCode::refused, "no users here");
  }
  control::MeterStatus status() const override {
    const std::lock_guard lock(mutex_);
    control::MeterStatus status;
    status.name = "fake";
    status.version = "0.0.1";
    status.tier = "advanced";
    for (const auto& [name, service] : services_) status.services.push_back(service);
    return status;
  }
  void note_service(control::ServiceStatus service) override {
    const std::lock_guard lock(mutex_);
    services_[service.name] = std::move(service);
  }
  void note_event(logs::Event) override {}

 private:
  Index add(registers::RegisterInfo info, double number) {
    const std::lock_guard lock(mutex_);
    control::ModuleInfo& module = building_.modules.back();
    info.module = module.name;
    info.handle = static_cast<registers::Handle>(building_.registers.size() + 1);
    const bool setup = info.role == registers::Role::setup;
    const Index index = building_.registers.add(std::move(info)).value();
    building_.registers.value(index).number = number;
    building_.owners.push_back(static_cast<std::uint32_t>(building_.modules.size() - 1));
    if (setup && module.setup_count++ == 0) module.first_setup = index;
    if (!setup) ++module.output_count;
    touch();
    return index;
  }
  void touch() {
    ++building_.version;
    published_.reset();
  }
  Result<void> allowed_and_applied(const control::Command& command) {
    const std::lock_guard lock(mutex_);
    if (!rights_.has(control::Right::full_config))
      return fail(ErrorCode::refused, "Full Meter Config Access is needed");
    apply(command);
    return {};
  }
  void apply(const control::Command& command) {
    const auto index = building_.registers.find(command.target);
    if (!index) return;
    const registers::RegisterInfo& info = building_.registers.info(*index);
    registers::Value& value = building_.registers.value(*index);
    if (command.kind == control::Command::Kind::pulse)
      value.number = registers::available(value.number) ? value.number + 1 : 1;
    else if (info.type == registers::RegisterType::string)
      building_.registers.set_text(*index, command.value);
    else if (const auto number = registers::parse_value(info, command.value))
      value.number = *number;
    touch();
    ++sequence_;
  }

  mutable std::mutex mutex_;
  Catalogue building_;
  mutable std::shared_ptr<const Catalogue> published_;
  std::uint64_t sequence_ = 1;
  control::Rights rights_ = control::Rights::all();
  bool loopback_only_ = true;
  bool hold_ = false;
  std::vector<control::Command> changes_;
  std::deque<std::pair<control::Command, control::Done>> held_;
  std::map<std::string, control::ServiceStatus> services_;
  mutable std::size_t reads_ = 0;
};

}  // namespace polyphase::testing
