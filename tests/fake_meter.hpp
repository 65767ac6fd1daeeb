#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "control/meter.hpp"
#include "registers/value_text.hpp"

namespace polyphase::testing {

using control::Catalogue;
using control::Index;

/// A meter without an engine, for the tests of services: registers that a test makes and sets,
/// users and rights that it gives, changes that it sees. Any thread.
///
/// Build the modules first (module, output, setup, or a whole Catalogue); afterwards set values and
/// publish(). A change of a setup register or an output takes effect at once and is answered at
/// once, unless hold_changes() was called: then answer() does both. Who names no user has the
/// rights of give(), all at first; users are those of add_user().
class FakeMeter : public control::Meter {
 public:
  using Right = control::Right;
  using Rights = control::Rights;
  using Caller = control::Caller;

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
  /// Changes what is fixed about the last module.
  template <class Change>
  void describe_module(Change change) {
    const std::lock_guard lock(mutex_);
    change(building_.modules.back());
    touch();
  }
  /// Any register of the last module; outputs before setup registers.
  Index add(registers::RegisterInfo info, double number) {
    const std::lock_guard lock(mutex_);
    control::ModuleInfo& module = building_.modules.back();
    info.module = module.name;
    info.handle =
        static_cast<registers::Handle>(building_.modules.size() << 22 | building_.registers.size());
    const bool setup = info.role == registers::Role::setup;
    const Index index = building_.registers.add(std::move(info)).value();
    building_.registers.value(index).number = number;
    building_.owners.push_back(static_cast<std::uint32_t>(building_.modules.size() - 1));
    if (setup && module.setup_count++ == 0) module.first_setup = index;
    if (!setup) ++module.output_count;
    touch();
    return index;
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
  void set(std::string_view label, registers::Value value) {
    const std::lock_guard lock(mutex_);
    building_.registers.value(building_.registers.find(label).value()) = value;
  }
  void set_unit(std::string_view label, const std::string& unit) {
    const std::lock_guard lock(mutex_);
    building_.registers.set_unit(building_.registers.find(label).value(), unit);
    touch();
  }
  /// All cadences have a new snapshot.
  void publish() {
    const std::lock_guard lock(mutex_);
    for (std::uint64_t& sequence : sequences_) ++sequence;
  }
  void publish(registers::Cadence cadence) {
    const std::lock_guard lock(mutex_);
    ++sequences_[static_cast<std::size_t>(cadence)];
  }
  void add_user(const std::string& name, Rights rights) {
    const std::lock_guard lock(mutex_);
    users_[name] = {rights, "0"};
  }
  void set_rights(const std::string& user, Rights rights) {
    const std::lock_guard lock(mutex_);
    users_[user].rights = rights;
  }
  void set_idle_s_max(int seconds) {
    const std::lock_guard lock(mutex_);
    idle_s_max_ = seconds;
  }
  void add_reset(control::ResetInfo reset) {
    const std::lock_guard lock(mutex_);
    building_.resets.push_back(std::move(reset));
  }
  void add_log(logs::LogInfo info, std::vector<logs::Record> records) {
    const std::lock_guard lock(mutex_);
    records_[info.log] = std::move(records);
    logs_.push_back(std::move(info));
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
      if (result) (void)apply(next.first);
    }
    next.second(std::move(result));
  }

  // ---- what was asked
  std::vector<control::Command> changes() const {
    const std::lock_guard lock(mutex_);
    return changes_;
  }
  /// Those of them that took effect.
  std::vector<control::Command> applied() const {
    const std::lock_guard lock(mutex_);
    return applied_;
  }
  int waveforms_given() const {
    const std::lock_guard lock(mutex_);
    return waveforms_given_;
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
  Result<std::string> log_in(control::Face face, std::string_view user,
                             std::string_view password) override {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(std::string(user));
    if (found == users_.end()) return fail(ErrorCode::refused, "user or password is wrong");
    constexpr int failures_max = 8;
    if (found->second.failures >= failures_max)
      return fail(ErrorCode::refused, "USER is locked out for a while");
    if (found->second.password != password) {
      ++found->second.failures;
      return fail(ErrorCode::refused, "user or password is wrong");
    }
    found->second.failures = 0;
    const std::string token = "token" + std::to_string(++tokens_);
    sessions_[token] = {found->first, face};
    return token;
  }
  Result<control::SessionInfo> session(std::string_view token) override {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(std::string(token));
    if (found == sessions_.end()) return fail(ErrorCode::refused, "the session has ended");
    const User& user = users_.at(found->second.user);
    return control::SessionInfo{found->second, user.rights, user.password == "0", idle_s_max_};
  }
  void log_out(std::string_view token) override {
    const std::lock_guard lock(mutex_);
    sessions_.erase(std::string(token));
  }
  Caller anonymous(control::Face face) const override { return {"", face}; }
  Rights rights_of(const Caller& caller) const override {
    const std::lock_guard lock(mutex_);
    return rights(caller);
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
  std::uint64_t sequence(registers::Cadence cadence) const override {
    const std::lock_guard lock(mutex_);
    return sequences_[static_cast<std::size_t>(cadence)];
  }
  Result<void> values(const Caller& caller, std::span<const Index> indices,
                      std::span<registers::Value> out) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::read); !allowed) return allowed;
    ++reads_;
    for (std::size_t i = 0; i < indices.size(); ++i) out[i] = building_.registers.value(indices[i]);
    return {};
  }
  Result<std::string> text(const Caller& caller, Index index) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::read); !allowed) return tl::unexpected(allowed.error());
    return building_.registers.text(index);
  }
  Result<control::Waveform> waveform(const Caller& caller, double duration_s) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::read); !allowed) return tl::unexpected(allowed.error());
    ++waveforms_given_;
    control::Waveform wave{{1'700'000'000'000'000'000}, 10'240, 0x77, {}};
    wave.frames.resize(static_cast<std::size_t>(std::lround(duration_s * wave.sample_rate_hz)));
    for (std::size_t n = 0; n < wave.frames.size(); ++n)
      for (std::size_t channel = 0; channel < channel_count; ++channel)
        wave.frames[n].value[channel] = static_cast<float>(
            325 * std::sin(2 * std::numbers::pi * 50 * static_cast<double>(n) / 10'240));
    return wave;
  }
  void change(const Caller& caller, control::Command command, control::Done done) override {
    {
      const std::lock_guard lock(mutex_);
      changes_.push_back(command);
      if (hold_) {
        held_.emplace_back(std::move(command), std::move(done));
        return;
      }
    }
    done(allowed_and_applied(caller, command));
  }
  void reset(const Caller& caller, std::string_view key, control::Done done) override {
    for (const control::ResetInfo& reset : catalogue()->resets)
      if (reset.key == key) {
        Result<void> allowed;
        {
          const std::lock_guard lock(mutex_);
          allowed = need(caller, reset.right);
        }
        return done(std::move(allowed));
      }
    done(fail(ErrorCode::not_found, "no such reset"));
  }
  Result<std::vector<logs::LogInfo>> logs(const Caller& caller) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::read); !allowed) return tl::unexpected(allowed.error());
    return logs_;
  }
  Result<logs::RecordPage> records(const Caller& caller, logs::Log log,
                                   const logs::Range& range) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::read); !allowed) return tl::unexpected(allowed.error());
    logs::RecordPage page;
    for (const logs::LogInfo& info : logs_)
      if (info.log == log) {
        page.layouts = {info.columns};
        page.more = select(records_.at(log), range, page.records);
      }
    return page;
  }
  Result<logs::EventPage> events(const Caller& caller, const logs::Range& range) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::read); !allowed) return tl::unexpected(allowed.error());
    logs::EventPage page;
    std::vector<logs::Event> important;
    for (const logs::Event& event : events_)
      if (event.priority >= range.priority_min) important.push_back(event);
    page.more = select(important, range, page.events);
    return page;
  }
  Result<control::MemoryStatus> memory(const Caller& caller) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::read); !allowed) return tl::unexpected(allowed.error());
    control::MemoryStatus memory;
    memory.recorders = 1;
    memory.logs = {{"DR1", "Data Log 1", 2, 1'000, 100, 68'000, 11'200}};
    return memory;
  }
  Result<std::vector<control::UserInfo>> users(const Caller& caller) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::security_config); !allowed)
      return tl::unexpected(allowed.error());
    std::vector<control::UserInfo> infos;
    for (const auto& [name, user] : users_)
      infos.push_back({name, true, user.rights, true, user.password == "0"});
    return infos;
  }
  Result<void> set_password(const Caller& caller, std::string_view user, std::string_view current,
                            std::string_view fresh) override {
    const std::lock_guard lock(mutex_);
    if (caller.user != user)
      if (auto allowed = need(caller, Right::security_config); !allowed) return allowed;
    const auto found = users_.find(std::string(user));
    if (found == users_.end()) return fail(ErrorCode::not_found, "no such user");
    if (found->second.password != current) return fail(ErrorCode::refused, "the password is wrong");
    if (fresh.size() < 8)
      return fail(ErrorCode::invalid_config, "a password has at least 8 characters");
    found->second.password = fresh;
    return {};
  }
  control::MeterStatus status() const override {
    const std::lock_guard lock(mutex_);
    control::MeterStatus status;
    status.name = "fake";
    status.version = "0.0.1";
    status.tier = "advanced";
    status.last_second = {1'700'000'000'000'000'000};
    for (const auto& [name, service] : services_) status.services.push_back(service);
    return status;
  }
  void note_service(control::ServiceStatus service) override {
    const std::lock_guard lock(mutex_);
    services_[service.name] = std::move(service);
  }
  void note_event(logs::Event event) override {
    const std::lock_guard lock(mutex_);
    event.number = static_cast<std::int64_t>(events_.size()) + 1;
    if (event.time == Instant{}) event.time = {1'700'000'000'000'000'000 + event.number};
    events_.push_back(std::move(event));
  }

 private:
  struct User {
    Rights rights;
    std::string password;
    int failures = 0;
  };

  void touch() {
    ++building_.version;
    published_.reset();
  }
  Rights rights(const Caller& caller) const {
    if (caller.user.empty()) return rights_;
    const auto found = users_.find(caller.user);
    return found == users_.end() ? Rights{} : found->second.rights;
  }
  Result<void> need(const Caller& caller, Right right) const {
    if (rights(caller).has(right)) return {};
    return fail(ErrorCode::refused, std::string("this takes the right ") +
                                        control::right_names[static_cast<std::size_t>(right)]);
  }
  Result<void> allowed_and_applied(const Caller& caller, const control::Command& command) {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::full_config); !allowed) return allowed;
    return apply(command);
  }
  Result<void> apply(const control::Command& command) {
    if (command.kind == control::Command::Kind::write ||
        command.kind == control::Command::Kind::pulse) {
      const auto index = building_.registers.find(command.target);
      if (!index) return fail(ErrorCode::not_found, "no such register");
      const registers::RegisterInfo& info = building_.registers.info(*index);
      registers::Value& value = building_.registers.value(*index);
      if (command.kind == control::Command::Kind::pulse) {
        value.number = registers::available(value.number) ? value.number + 1 : 1;
      } else if (info.type == registers::RegisterType::string) {
        building_.registers.set_text(*index, command.value);
      } else {
        const auto number = registers::parse_value(info, command.value);
        if (!number) return tl::unexpected(number.error());
        value.number = *number;
      }
    }
    touch();
    for (std::uint64_t& sequence : sequences_) ++sequence;
    applied_.push_back(command);
    return {};
  }
  /// The records of a range, ordered; true: there are more.
  template <class Numbered>
  static bool select(std::vector<Numbered> from, const logs::Range& range,
                     std::vector<Numbered>& out) {
    if (range.newest_first) std::reverse(from.begin(), from.end());
    for (Numbered& record : from) {
      if (record.number < range.number_first || record.number > range.number_last) continue;
      if (out.size() == range.limit) return true;
      out.push_back(std::move(record));
    }
    return false;
  }

  mutable std::mutex mutex_;
  Catalogue building_;
  mutable std::shared_ptr<const Catalogue> published_;
  std::array<std::uint64_t, 4> sequences_{1, 1, 1, 1};  ///< by cadence, none included
  control::Rights rights_ = control::Rights::all();
  bool loopback_only_ = true;
  bool hold_ = false;
  std::vector<control::Command> changes_, applied_;
  std::deque<std::pair<control::Command, control::Done>> held_;
  std::map<std::string, control::ServiceStatus> services_;
  mutable std::size_t reads_ = 0;
  mutable int waveforms_given_ = 0;
  std::map<std::string, User> users_;
  std::map<std::string, Caller> sessions_;  ///< by token
  int tokens_ = 0, idle_s_max_ = 300;
  std::vector<logs::LogInfo> logs_;
  std::map<logs::Log, std::vector<logs::Record>> records_;
  std::vector<logs::Event> events_;
};

}  // namespace polyphase::testing
