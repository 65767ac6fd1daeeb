#include "meter/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "meter/kept.hpp"
#include "meter/log_memory.hpp"
#include "meter/resets.hpp"
#include "meter/revenue_lock.hpp"
#include "registers/value_text.hpp"

namespace polyphase::meter {
namespace {

using control::Caller;
using control::Command;
using control::Face;
using control::Index;
using control::Protection;
using control::Right;
using control::Rights;
using registers::no_register;

bool is_default(std::string_view kept) { return kept.starts_with(default_mark); }
std::string_view hash_of(std::string_view kept) {
  return is_default(kept) ? kept.substr(default_mark.size()) : kept;
}

Result<Index> find(const control::Catalogue& catalogue, std::string_view name) {
  if (const auto index = catalogue.registers.find(name)) return *index;
  return fail(ErrorCode::not_found,
              fmt::format("there is no register '{}'; near it: {}", name.substr(0, 80),
                          fmt::join(catalogue.registers.nearest(name, 4), ", ")));
}

// The reset that a pulse (or a write) of a register is; nullptr: it is none.
const Reset* reset_of(const control::Catalogue& catalogue, const Command& command) {
  if (command.kind != Command::Kind::pulse && command.kind != Command::Kind::write) return nullptr;
  const auto index = catalogue.registers.find(command.target);
  for (const Reset& reset : resets())
    if (index && reset.trigger != nullptr && catalogue.registers.find(reset.trigger) == index)
      return &reset;
  return nullptr;
}

std::string actor_of(const Caller& caller) {
  return caller.user.empty() ? control::face_names[static_cast<std::size_t>(caller.face)]
                             : caller.user;
}

Right right_of(Protection protection) {
  switch (protection) {
    case Protection::communication:
      return Right::comm_config;
    case Protection::security:
      return Right::security_config;
    case Protection::clock:
      return Right::time_sync;
    case Protection::meter:
      break;
  }
  return Right::full_config;
}

}  // namespace

// ---- what the runner tells

void Gate::second(Instant, std::span<const std::string> names, std::span<const double> numbers) {
  if (numbers_.size() !=
      numbers.size() + 1) {  // of the few that go round between here and the store
    numbers_.resize(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers_[i].name = names[i];
    numbers_.push_back({measured_until, 0});
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers_[i].value = numbers[i];
  numbers_.back().value = seconds_between({}, options_.now());
  (void)recorder_->checkpoint(numbers_);  // not taken: the next second's will be
}

void Gate::configured(std::shared_ptr<const control::Catalogue> catalogue) {
  auto rules = std::make_shared<const Rules>(rules_of(*catalogue));
  recorder_->use(catalogue->registers);
  const std::scoped_lock lock(mutex_);
  rules_ = std::move(rules);
}

// ---- who

std::shared_ptr<const Rules> Gate::rules() const {
  const std::scoped_lock lock(mutex_);
  return rules_;
}

Result<std::string> Gate::log_in(Face face, std::string_view user, std::string_view password) {
  const std::shared_ptr<const Rules> now_rules = rules();
  const Instant now = options_.now();
  if (auto may = permit_face(face); !may) return tl::unexpected(may.error());
  const std::string name(user.substr(0, 32));
  const unsigned number = user_number(name);
  auto hash = hash_for_login({name, face});
  if (!hash) return hash;
  const bool right = password_matches(password, hash_of(*hash)) && number < users_max &&
                     now_rules->users[number].enabled;
  if (!right) {
    count_failure({name, face});
    return fail(ErrorCode::refused, "user or password is wrong");
  }
  Result<std::string> token;
  {
    const std::scoped_lock lock(mutex_);
    lockout_.succeeded(face, name);
    token = sessions_.open({name, face}, now, *now_rules);
  }
  if (token)
    audit(now_rules->valid_login_priority, name, "Valid login",
          control::face_names[static_cast<std::size_t>(face)]);
  return token;
}

// Of a user who is not locked out; empty where he has none.
Result<std::string> Gate::hash_for_login(const Caller& caller) const {
  const std::scoped_lock lock(mutex_);
  const Instant until = lockout_.locked_until(caller.face, caller.user, options_.now());
  if (until.ns != 0)
    return fail(ErrorCode::limit,
                fmt::format("{} is locked out until {}", caller.user, to_iso8601(until)));
  const auto found = hashes_.find(caller.user);
  return found == hashes_.end() ? std::string() : found->second;
}

void Gate::count_failure(const Caller& caller) {
  const std::shared_ptr<const Rules> now = rules();
  bool locks = false;
  {
    const std::scoped_lock lock(mutex_);
    locks = lockout_.failed(caller.face, caller.user, options_.now(), *now);
  }
  const char* by = control::face_names[static_cast<std::size_t>(caller.face)];
  audit(now->invalid_login_priority, caller.user, "Invalid login", by);
  if (locks) audit(now->lockout_priority, caller.user, "Locked out", by);
}

Result<control::SessionInfo> Gate::session(std::string_view token) {
  control::SessionInfo info;
  {
    const std::scoped_lock lock(mutex_);
    auto caller = sessions_.use(token, options_.now(), *rules_);
    if (!caller) return tl::unexpected(caller.error());
    info.caller = std::move(*caller);
    const auto hash = hashes_.find(info.caller.user);
    info.default_password = hash != hashes_.end() && is_default(hash->second);
    info.idle_s_max = static_cast<int>(rules_->session_idle_s);
  }
  if (auto may = permit_face(info.caller.face); !may) return tl::unexpected(may.error());
  info.rights = rights_of(info.caller);
  return info;
}

void Gate::log_out(std::string_view token) {
  const std::scoped_lock lock(mutex_);
  sessions_.close(token);
}

Caller Gate::anonymous(Face face) const { return {{}, face}; }

Rights Gate::rights_of(const Caller& caller) const {
  const std::shared_ptr<const Rules> now = rules();
  if (caller.user.empty()) {
    if (caller.face == Face::modbus) return now->modbus;
    // Services of the program itself, which show nothing to anybody without asking again.
    return caller.face == Face::local ? Rights::only(Right::read) : Rights();
  }
  const unsigned number = user_number(caller.user);
  if (number >= users_max || !now->users[number].enabled) return {};
  return now->users[number].rights;
}

bool Gate::loopback_only() const {
  if (options_.lab) return false;
  const std::scoped_lock lock(mutex_);
  const auto hash = hashes_.find("USER1");
  return hash == hashes_.end() || is_default(hash->second);
}

Result<void> Gate::permit(const Caller& caller, Right right) const {
  if (rights_of(caller).has(right)) return {};
  const std::string who =
      caller.user.empty() ? fmt::format("{} without a user",
                                        control::face_names[static_cast<std::size_t>(caller.face)])
                          : caller.user;
  return fail(ErrorCode::refused,
              fmt::format("{} has not the right '{}'", who,
                          control::right_names[static_cast<std::size_t>(right)]));
}

Result<void> Gate::permit_face(Face face) const {
  if (face != Face::web || web_enabled()) return {};
  return fail(ErrorCode::refused, "web pages are off (SO1.Enable Web)");
}

// Setting up may be switched off by the way it comes, whoever asks.
Result<void> Gate::permit_setup(const Caller& caller) const {
  const std::shared_ptr<const Rules> now = rules();
  if (caller.face == Face::web && !now->web_programming)
    return fail(ErrorCode::refused,
                "setup by web pages is off; another way must set SO1.Web Programming first");
  if (caller.face == Face::panel && !now->panel_programming)
    return fail(ErrorCode::refused, "setup by the front panel is off (Front Panel Programming)");
  return {};
}

Result<void> Gate::permit_billing(const control::Catalogue& now, const Command& command) const {
  if (!locked_ || !is_billing(now, command)) return {};
  return fail(
      ErrorCode::refused,
      fmt::format("the revenue lock is on and protects {}; its owner opens it by 'polyphase "
                  "lock off' and a restart",
                  command.target.substr(0, 80)));
}

// ---- values

std::shared_ptr<const control::Catalogue> Gate::catalogue() const { return runner_->catalogue(); }

std::uint64_t Gate::sequence(registers::Cadence cadence) const {
  return runner_->sequence(cadence);
}

Result<void> Gate::check_read(const Caller& caller, std::span<const Index> indices) const {
  const Rights rights = rights_of(caller);
  if (!rights.has(Right::read)) return permit(caller, Right::read);
  const auto now = catalogue();
  for (const Index index : indices) {
    if (index >= now->registers.size())
      return fail(ErrorCode::not_found, "there is no register of that index; read the catalogue");
    if (now->owner(index).protection == Protection::security && !rights.has(Right::security_config))
      return permit(caller, Right::security_config);
  }
  return {};
}

Result<void> Gate::values(const Caller& caller, std::span<const Index> indices,
                          std::span<registers::Value> out) const {
  if (auto may = check_read(caller, indices); !may) return may;
  runner_->values(indices, out);
  return {};
}

Result<std::string> Gate::text(const Caller& caller, Index index) const {
  if (auto may = check_read(caller, std::array{index}); !may) return tl::unexpected(may.error());
  return runner_->text(index);
}

Result<control::Waveform> Gate::waveform(const Caller& caller, double duration_s) const {
  if (auto may = permit(caller, Right::read); !may) return tl::unexpected(may.error());
  return runner_->waveform(duration_s);
}

// ---- changes

Result<Right> Gate::right_for(const control::Catalogue& now, const Command& command) const {
  using Kind = Command::Kind;
  if (command.kind == Kind::clock_step) return Right::time_sync;
  if (command.kind == Kind::link) {
    const control::ModuleInfo* module =
        now.find_module(std::string_view(command.target).substr(0, command.target.find('.')));
    if (module == nullptr)
      return fail(ErrorCode::not_found, fmt::format("there is no input '{}'; write module.input",
                                                    command.target.substr(0, 80)));
    return right_of(module->protection);
  }
  auto index = find(now, command.target);
  if (!index) return tl::unexpected(index.error());
  if (const Reset* reset = reset_of(now, command)) return reset->info.right;
  return right_of(now.owner(*index).protection);
}

void Gate::change(const Caller& caller, Command command, control::Done done) {
  using Kind = Command::Kind;
  const auto now = catalogue();
  if (auto may = permit(caller, Right::read); !may) return done(may);
  const auto right = right_for(*now, command);
  if (!right) return done(tl::unexpected(right.error()));
  if (auto may = permit(caller, *right); !may) return done(may);
  if (auto may = permit_billing(*now, command); !may) return done(may);
  const bool setup =
      command.kind == Kind::link ||
      (command.kind == Kind::write &&
       now->registers.info(*now->registers.find(command.target)).role == registers::Role::setup);
  if (setup)
    if (auto may = permit_setup(caller); !may) return done(may);
  if (setup && changes_log_memory(*now, command)) {
    auto reserved = reserve_log_memory(command, done);
    if (!reserved) return done(tl::unexpected(reserved.error()));
    done = std::move(*reserved);
  }
  if (const Reset* reset = reset_of(*now, command))
    done = audited_reset(caller, reset->info.label, std::move(done));
  submit(caller, std::move(command), std::move(done));
}

// One at a time, and judged by what holds then: two that fit, each by itself, may not fit together.
Result<control::Done> Gate::reserve_log_memory(const Command& command, control::Done done) {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(log_change_waits_, true))
      return fail(ErrorCode::limit, "another change of a log is under way; try again");
  }
  const auto end = [this] {
    const std::scoped_lock lock(mutex_);
    log_change_waits_ = false;
  };
  if (auto fits = check_log_memory_after(*catalogue(), command); !fits) {
    end();
    return tl::unexpected(fits.error());
  }
  return [end, done = std::move(done)](Result<void> result) {
    end();
    done(std::move(result));
  };
}

void Gate::submit(const Caller& caller, Command command, control::Done done) {
  command.sample = 0;
  command.actor = actor_of(caller);
  runner_->submit(std::move(command),
                  [this, done = std::move(done)](const Command& was, Result<void> result) mutable {
                    applied(was, std::move(result), std::move(done));
                  });
}

// A setting that has taken effect is answered when it is kept as well.
void Gate::applied(const Command& command, Result<void> result, control::Done done) {
  if (!result) return done(result);
  Keeper::Work work = kept(command);
  if (work == nullptr) return done({});
  keeper_->post(std::move(work), [done = std::move(done)](Result<void> written) {
    if (!written)
      written.error().message =
          "it holds now, but could not be kept for the next start: " + written.error().message;
    done(std::move(written));
  });
}

Keeper::Work Gate::kept(const Command& command) const {
  const auto now = catalogue();
  if (command.kind == Command::Kind::link)
    return [command](store::Batch& batch) {
      return batch.put_document(links_kind, command.target, command.value);
    };
  if (command.kind != Command::Kind::write) return {};
  const auto index = now->registers.find(command.target);
  if (!index || now->registers.info(*index).role != registers::Role::setup) return {};
  const registers::RegisterInfo& info = now->registers.info(*index);
  const std::string value = info.type == registers::RegisterType::string
                                ? now->registers.text(*index)
                                : registers::value_text(info, now->registers.value(*index).number);
  return [key = key_of(info), value](store::Batch& batch) {
    return batch.put_document(settings_kind, key, value);
  };
}

void Gate::reset(const Caller& caller, std::string_view key, control::Done done) {
  const auto now = catalogue();
  std::vector<Reset> list;  // a tier has those whose trigger it has
  for (const Reset& reset : resets())
    if (reset.trigger == nullptr || now->registers.find(reset.trigger)) list.push_back(reset);
  const auto wanted =
      std::find_if(list.begin(), list.end(), [&](const Reset& r) { return r.info.key == key; });
  if (wanted == list.end()) {
    std::vector<std::string> keys;
    for (const Reset& reset : list) keys.push_back(reset.info.key);
    return done(fail(ErrorCode::not_found, fmt::format("there is no reset '{}'; there are {}",
                                                       key.substr(0, 40), fmt::join(keys, ", "))));
  }
  if (auto may = permit(caller, wanted->info.right); !may) return done(may);
  std::vector<const char*> triggers;
  for (const Reset& reset : list)
    if (reset.trigger != nullptr && (wanted->trigger == nullptr || &reset == &*wanted))
      triggers.push_back(reset.trigger);
  for (const char* trigger : triggers) {
    Command pulse;
    pulse.kind = Command::Kind::pulse;
    pulse.target = trigger;
    if (auto open = permit_billing(*now, pulse); !open) return done(open);
  }
  // The last one answers: commands take effect in their order.
  for (const char* trigger : triggers) {
    Command command;
    command.kind = Command::Kind::pulse;
    command.target = trigger;
    if (trigger != triggers.back()) {
      submit(caller, std::move(command), [](Result<void>) {});
      continue;
    }
    submit(caller, std::move(command), audited_reset(caller, wanted->info.label, done));
  }
}

// However it was asked for, the event log has it by the name of the reset.
control::Done Gate::audited_reset(const Caller& caller, const std::string& label,
                                  control::Done done) {
  return [this, label, actor = actor_of(caller), done = std::move(done)](Result<void> result) {
    if (result) audit(registers::priority::setup_change, actor, "Reset", label);
    done(std::move(result));
  };
}

// ---- users

Result<std::vector<control::UserInfo>> Gate::users(const Caller& caller) const {
  if (auto may = permit(caller, Right::security_config); !may) return tl::unexpected(may.error());
  const std::shared_ptr<const Rules> now = rules();
  std::vector<control::UserInfo> list;
  const std::scoped_lock lock(mutex_);
  for (unsigned n = 0; n < users_max; ++n) {
    control::UserInfo user;
    user.name = fmt::format("USER{}", n + 1);
    user.enabled = now->users[n].enabled;
    user.rights = now->users[n].rights;
    const auto hash = hashes_.find(user.name);
    user.has_password = hash != hashes_.end();
    user.default_password = user.has_password && is_default(hash->second);
    list.push_back(std::move(user));
  }
  return list;
}

Result<void> Gate::set_password(const Caller& caller, std::string_view user,
                                std::string_view current, std::string_view fresh) {
  const std::string name(user);
  if (user_number(name) >= users_max)
    return fail(ErrorCode::not_found, "users are USER1 to USER50");
  const std::shared_ptr<const Rules> now = rules();
  if (caller.user == name) {
    auto hash = hash_for_login(caller);
    if (!hash) return tl::unexpected(hash.error());
    if (rights_of(caller) == Rights()) return fail(ErrorCode::refused, name + " is not enabled");
    if (!password_matches(current, hash_of(*hash))) {
      count_failure(caller);
      return fail(ErrorCode::refused, "the current password is wrong");
    }
  } else if (auto may = permit(caller, Right::security_config); !may) {
    return may;
  }
  if (auto good = check_password(fresh, now->password); !good) return good;
  if (fresh == default_password)
    return fail(ErrorCode::invalid_config, "that is the default password; choose another one");
  auto hash = hash_password(fresh);
  if (!hash) return tl::unexpected(hash.error());

  auto batch = store_->begin();
  if (!batch) return tl::unexpected(batch.error());
  if (auto put = batch->put_document(passwords_kind, name, *hash); !put) return put;
  if (auto written = batch->commit(); !written) return written;
  {
    const std::scoped_lock lock(mutex_);
    hashes_[name] = *hash;
    if (caller.user != name) sessions_.close_all(name);
  }
  audit(registers::priority::setup_change, caller.user, "Password changed", name);
  return {};
}

// ---- state

control::MeterStatus Gate::status() const {
  control::MeterStatus status;
  status.name = options_.name;
  status.version = options_.version;
  status.started = started_;
  status.source = options_.source;
  const Runner::State state = runner_->state();
  status.source_running = state.running;
  status.source_ended = state.ended;
  status.source_note = state.note;
  status.last_second = state.last_second;
  status.clock_synchronised = state.clock_synchronised;
  const auto now = catalogue();
  if (const auto index = now->registers.find("DAQ1.Locked")) {
    registers::Value value;
    runner_->values(std::span(&*index, 1), std::span(&value, 1));
    status.frequency_locked = value.number == 1;
  }
  if (const auto index = now->registers.find("FAC1.Feature Set"))
    status.tier =
        registers::value_text(now->registers.info(*index), now->registers.value(*index).number);
  const recorder::RecorderStatus kept = recorder_->status();
  status.store_trouble = kept.trouble.empty() ? keeper_->trouble() : kept.trouble;
  status.records_lost = kept.records_lost + kept.events_lost;
  if (const auto usage = usage_reader_->usage()) {
    status.store_bytes = usage->bytes_used;
    status.store_bytes_max = usage->bytes_limit;
  }
  status.events_unread = events_unread();
  status.revenue_locked = locked_;
  status.revenue_lock_pending = options_.lock_switch && options_.lock_switch() != locked_;
  const std::scoped_lock lock(mutex_);
  const auto hash = hashes_.find("USER1");
  status.default_password = hash != hashes_.end() && is_default(hash->second);
  status.services = services_;
  return status;
}

void Gate::note_service(control::ServiceStatus service) {
  const std::scoped_lock lock(mutex_);
  for (control::ServiceStatus& known : services_)
    if (known.name == service.name) {
      known = std::move(service);
      return;
    }
  services_.push_back(std::move(service));
}

}  // namespace polyphase::meter
