#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <utility>

#include "control/meter.hpp"
#include "registers/value_text.hpp"

namespace polyphase::testing {

/// A meter of a few registers, for the tests of the page: three users (USER1 with all rights,
/// USER2 with Read Access, USER3 with none; password "0"), two logs, events, a waveform. Any
/// thread.
class PageMeter : public control::Meter {
 public:
  using Right = control::Right;
  using Rights = control::Rights;
  using Caller = control::Caller;
  using Index = registers::Index;

  PageMeter() {
    auto catalogue = std::make_shared<control::Catalogue>();
    catalogue->version = 1;
    control::ModuleInfo power;
    power.name = "PM1";
    power.type = "Power Meter";
    power.core = power.online = true;
    control::ModuleInfo external;
    external.name = "EXN1";
    external.type = "External Numeric";
    external.offline_reason = "no input is linked";
    external.inputs.push_back({"Source", "what is counted", registers::no_register});
    const auto add = [&](std::uint32_t module, const char* name, registers::RegisterType type,
                         registers::Role role, const char* unit, registers::Cadence cadence) {
      registers::RegisterInfo info;
      info.handle = (module + 1) << 22 | static_cast<registers::Handle>(catalogue->owners.size());
      info.module = module == 0 ? "PM1" : "EXN1";
      info.label = info.name = name;
      info.type = type;
      info.role = role;
      info.unit = unit;
      info.definition = std::string("what ") + name + " is";
      info.cadence = cadence;
      if (role == registers::Role::setup && type == registers::RegisterType::numeric_bounded) {
        info.minimum = 1;
        info.maximum = 1000;
      }
      if (type == registers::RegisterType::enumerated) info.choices = {"4W-WYE", "DELTA"};
      catalogue->owners.push_back(module);
      return *catalogue->registers.add(std::move(info));
    };
    using enum registers::RegisterType;
    using enum registers::Role;
    using enum registers::Cadence;
    for (const auto& [name, unit] : {std::pair{"Vln a", "V"},
                                     {"Vln b", "V"},
                                     {"I a", "A"},
                                     {"kW tot", "kW"},
                                     {"Freq", "Hz"},
                                     {"kWh del", "kWh"}})
      add(0, name, numeric, output, unit, second);
    add(0, "Va ang", numeric, output, "deg", window);
    add(0, "Volts Mode", enumerated, setup, "", none);
    add(0, "PT Prim", numeric_bounded, setup, "V", none);
    add(0, "Device Type", string, output, "", none);
    add(1, "Trigger", pulse, output, "", none);
    catalogue->modules = {power, external};
    catalogue->resets = {{"peak-demand", "Peak Demand", Right::peak_demand_reset},
                         {"master", "Master", Right::full_config}};
    for (Index i = 0; i < catalogue->registers.size(); ++i) {
      registers::Value& value = catalogue->registers.value(i);
      value.time = {1'700'000'000'000'000'000};
      value.number = catalogue->registers.info(i).role == setup ? 1 : 100.0 + i;
    }
    catalogue->registers.set_text(*catalogue->registers.find("Device Type"), "Polyphase");
    catalogue_ = std::move(catalogue);
    users_ = {{"USER1", {Rights::all(), "0"}},
              {"USER2", {Rights::only(Right::read), "0"}},
              {"USER3", {Rights{}, "0"}}};
    status_.name = "Fake";
    status_.version = "0";
    status_.tier = "advanced";
    status_.last_second = {1'700'000'000'000'000'000};
    make_logs();
  }

  // ---- what a test does to it
  void set(std::string_view label, registers::Value value) {
    const std::lock_guard lock(mutex_);
    auto next = std::make_shared<control::Catalogue>(*catalogue_);
    next->registers.value(*next->registers.find(label)) = value;
    catalogue_ = std::move(next);
  }
  void set_unit(std::string_view label, const std::string& unit) {
    const std::lock_guard lock(mutex_);
    auto next = std::make_shared<control::Catalogue>(*catalogue_);
    next->registers.set_unit(*next->registers.find(label), unit);
    ++next->version;
    catalogue_ = std::move(next);
  }
  void publish(registers::Cadence cadence) {
    const std::lock_guard lock(mutex_);
    ++sequences_[static_cast<std::size_t>(cadence)];
  }
  void set_loopback_only(bool only) { loopback_only_ = only; }
  void set_rights(const std::string& user, Rights rights) {
    const std::lock_guard lock(mutex_);
    users_[user].rights = rights;
  }
  void forget_sessions() {
    const std::lock_guard lock(mutex_);
    sessions_.clear();
  }
  void set_idle_s_max(int seconds) { idle_s_max_ = seconds; }
  control::ServiceStatus service(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    for (const auto& service : status_.services)
      if (service.name == name) return service;
    return {};
  }
  int waveforms_given() const { return waveforms_given_; }
  std::vector<control::Command> commands() const {
    const std::lock_guard lock(mutex_);
    return commands_;
  }

  // ---- the gate
  Result<std::string> log_in(control::Face face, std::string_view user,
                             std::string_view password) override {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(std::string(user));
    if (found == users_.end()) return fail(ErrorCode::refused, "user or password is wrong");
    if (found->second.failures >= 8)
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
  bool loopback_only() const override { return loopback_only_; }

  std::shared_ptr<const control::Catalogue> catalogue() const override {
    const std::lock_guard lock(mutex_);
    return catalogue_;
  }
  std::uint64_t sequence(registers::Cadence cadence) const override {
    const std::lock_guard lock(mutex_);
    return sequences_[static_cast<std::size_t>(cadence)];
  }
  Result<void> values(const Caller& caller, std::span<const Index> indices,
                      std::span<registers::Value> out) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::read); !allowed) return allowed;
    for (std::size_t i = 0; i < indices.size(); ++i)
      out[i] = catalogue_->registers.value(indices[i]);
    return {};
  }
  Result<std::string> text(const Caller& caller, Index index) const override {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::read); !allowed) return tl::unexpected(allowed.error());
    return catalogue_->registers.text(index);
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
    done(changed(caller, std::move(command)));
  }
  void reset(const Caller& caller, std::string_view key, control::Done done) override {
    const auto catalogue = this->catalogue();
    for (const auto& reset : catalogue->resets)
      if (reset.key == key) {
        const std::unique_lock lock(mutex_);
        return done(need(caller, reset.right));
      }
    done(fail(ErrorCode::not_found, "no such reset; there are peak-demand, master"));
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
    page.layouts = {logs_[1].columns};
    page.more = log == logs_[1].log && select(records_, range, page.records);
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
    return status_;
  }
  void note_service(control::ServiceStatus service) override {
    const std::lock_guard lock(mutex_);
    std::erase_if(status_.services, [&](const auto& other) { return other.name == service.name; });
    status_.services.push_back(std::move(service));
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

  void make_logs() {
    logs::LogInfo data;
    data.log = {1};
    data.name = "Data Log 1";
    data.columns = {{"kW tot", "kW"}, {"Vln a", "V"}};
    data.depth = 1000;
    for (std::int64_t number = 1; number <= 5; ++number) {
      logs::Record record;
      record.number = number;
      record.time = Instant{1'700'000'000'000'000'000}.plus_s(900.0 * static_cast<double>(number));
      record.fields = {{static_cast<double>(number) + 0.5, {}}, {}};
      record.fields[0].quality.add(Quality::bridged);
      records_.push_back(record);
    }
    data.count = data.number_newest = 5;
    data.number_oldest = 1;
    data.next_number = 6;
    data.time_oldest = records_.front().time;
    data.time_newest = records_.back().time;
    logs::LogInfo events;
    events.log = logs::event_log;
    events.name = logs::event_log_name;
    events.depth = logs::event_depth_default;
    logs_ = {events, data};
    for (const int priority : {10, 200, 50}) {
      logs::Event event;
      event.priority = static_cast<std::uint8_t>(priority);
      event.cause = "Setpoint, \"1\"";
      event.effect = "on";
      note_event(event);
    }
  }

  Rights rights(const Caller& caller) const {
    if (caller.user.empty()) return Rights::all();
    const auto found = users_.find(caller.user);
    return found == users_.end() ? Rights{} : found->second.rights;
  }
  Result<void> need(const Caller& caller, Right right) const {
    if (rights(caller).has(right)) return {};
    return fail(ErrorCode::refused, std::string("this takes the right ") +
                                        control::right_names[static_cast<std::size_t>(right)]);
  }
  Result<void> changed(const Caller& caller, control::Command command) {
    const std::lock_guard lock(mutex_);
    if (auto allowed = need(caller, Right::full_config); !allowed) return allowed;
    if (command.kind == control::Command::Kind::write) {
      const auto index = catalogue_->registers.find(command.target);
      if (!index) return fail(ErrorCode::not_found, "no such register");
      const auto value = registers::parse_value(catalogue_->registers.info(*index), command.value);
      if (!value) return tl::unexpected(value.error());
    }
    commands_.push_back(std::move(command));
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
  std::shared_ptr<const control::Catalogue> catalogue_;
  std::array<std::uint64_t, 4> sequences_{1, 1, 1, 1};
  std::map<std::string, User> users_;
  std::map<std::string, Caller> sessions_;
  std::vector<logs::LogInfo> logs_;
  std::vector<logs::Record> records_;
  std::vector<logs::Event> events_;
  std::vector<control::Command> commands_;
  control::MeterStatus status_;
  std::atomic<bool> loopback_only_ = true;
  std::atomic<int> idle_s_max_ = 300;
  mutable std::atomic<int> waveforms_given_ = 0;
  int tokens_ = 0;
};

}  // namespace polyphase::testing
