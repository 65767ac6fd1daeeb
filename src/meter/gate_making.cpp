// How a gate comes to be: what its store keeps, what the configuration says, and what holds.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "meter/catalogue.hpp"
#include "meter/gate.hpp"
#include "meter/kept.hpp"
#include "meter/log_memory.hpp"
#include "meter/revenue_lock.hpp"
#include "registers/value_text.hpp"

namespace polyphase::meter {

using control::Index;

namespace {

class Nobody final : public registers::Sinks {
 public:
  void event(const registers::Event&) noexcept override {}
  void disturbance(const registers::Disturbance&) noexcept override {}
  void record(const registers::LogRecord&) noexcept override {}
};

}  // namespace

Gate::Gate(GateOptions options, std::unique_ptr<store::Store> store)
    : options_(std::move(options)),
      started_(options_.now()),
      locked_(options_.lock_switch && options_.lock_switch()),
      store_(std::move(store)) {}

Result<std::unique_ptr<Gate>> Gate::create(GateOptions options,
                                           std::unique_ptr<store::Store> store) {
  std::unique_ptr<Gate> gate(new Gate(std::move(options), std::move(store)));
  if (auto loaded = gate->load(); !loaded) return tl::unexpected(loaded.error());
  return gate;
}

Gate::~Gate() { stop(); }

void Gate::start() { runner_->start(); }

void Gate::stop() {
  if (runner_ != nullptr) runner_->stop();
  if (keeper_ != nullptr) keeper_->stop();
}

Result<void> Gate::load() {
  // Made once without anybody listening: what cannot be set must not get into the store, and the
  // recorder has to know the registers before the engine tells it anything.
  Nobody nobody;
  auto trial = options_.make_engine(nobody);
  if (!trial) return tl::unexpected(trial.error());
  recorder::RecorderOptions recorder;
  recorder.node = options_.name;
  recorder_ = std::make_unique<recorder::Recorder>((*trial)->registers(), std::move(recorder));
  if (auto seeded = seed_store(**trial); !seeded) return seeded;
  if (auto fits = check_log_memory(log_memory_of(*catalogue_of(**trial, 0))); !fits) return fits;
  auto reader = store_->reader();
  if (!reader) return tl::unexpected(reader.error());
  auto passwords = reader->documents(passwords_kind);
  if (!passwords) return tl::unexpected(passwords.error());
  for (store::Document& document : *passwords)
    hashes_.emplace(document.key, std::move(document.text));
  auto kept = reader->retained();
  if (!kept) return tl::unexpected(kept.error());
  RetainedNumbers retained;
  for (store::NamedNumber& number : *kept)
    retained.emplace_back(std::move(number.name), number.value);
  tell_outage(retained);
  if (auto told = tell_lock(*reader); !told) return told;
  auto read = reader->documents(events_read_kind);
  if (!read) return tl::unexpected(read.error());
  for (const store::Document& document : *read)
    std::from_chars(document.text.data(), document.text.data() + document.text.size(),
                    events_read_[document.key]);

  usage_reader_.emplace(std::move(*reader));

  RunnerOptions runner;
  runner.make_engine = [this](registers::Sinks& to) { return engine_with_settings(to); };
  runner.open_source = options_.open_source;
  runner.source_note = options_.source_note;
  runner.source_waits_for = options_.source_waits_for;
  auto made = Runner::create(std::move(runner), *recorder_, *this, retained);
  if (!made) return tl::unexpected(made.error());
  runner_ = std::move(*made);
  compare_with_seed();
  if (auto fits = check_log_memory(log_memory_of(*catalogue())); !fits)
    remarks_.push_back(fits.error().message);
  keeper_ = std::make_unique<Keeper>(*store_, [this](bool last) {
    // What the logs hold and the energies are of one moment; at the end nothing waits for the next.
    (void)recorder_->drain(*store_, last ? recorder::Until::now : recorder::Until::checkpoint);
    runner_->expire();
    watch_unread();
  });
  return {};
}

// How long nothing was measured: since the last second that was kept.
void Gate::tell_outage(RetainedNumbers& retained) {
  const auto kept = std::find_if(retained.begin(), retained.end(),
                                 [](const auto& number) { return number.first == measured_until; });
  if (kept == retained.end()) return;
  const Instant until = Instant{}.plus_s(kept->second);
  retained.erase(kept);
  if (until >= started_) return;
  logs::Event event;
  event.time = started_;
  event.priority = registers::priority::warning;
  event.cause = "Outage";
  event.cause_value = fmt::format("{:.1f} s", seconds_between(until, started_));
  event.effect = "nothing was measured";
  event.effect_value = "since " + to_iso8601(until);
  note_event(std::move(event));
}

// Who opens the lock shall not do so unseen.
Result<void> Gate::tell_lock(store::Reader& reader) {
  auto kept = reader.documents(lock_kind);
  if (!kept) return tl::unexpected(kept.error());
  const char* state = locked_ ? "on" : "off";
  const std::string before = kept->empty() ? "off" : kept->front().text;
  if (before == state) return {};
  auto batch = store_->begin();
  if (!batch) return tl::unexpected(batch.error());
  if (auto put = batch->put_document(lock_kind, "state", state); !put) return put;
  if (auto written = batch->commit(); !written) return written;
  audit(registers::priority::failure, {}, "Revenue lock", state);
  return {};
}

// The store wins over the configuration; whoever changed only that shall know.
void Gate::compare_with_seed() {
  const auto now = catalogue();
  std::map<Index, std::string> seeds;  // the last of a name holds
  for (const auto& [name, value] : options_.seed)
    if (const auto index = now->registers.find(name)) seeds[*index] = value;
  for (const auto& [index, value] : seeds) {
    const registers::RegisterInfo& info = now->registers.info(index);
    const bool text = info.type == registers::RegisterType::string;
    const auto equals = [&info, &value = value](double kept) {
      const auto number = registers::parse_value(info, value);
      return number && *number == kept;
    };
    const bool same =
        text ? now->registers.text(index) == value : equals(now->registers.value(index).number);
    if (same) continue;
    remarks_.push_back(fmt::format(
        "the configuration says {} = {}, the store keeps {}, which holds", key_of(info), value,
        text ? now->registers.text(index)
             : registers::value_text(info, now->registers.value(index).number)));
  }
}

// Once, in an empty store: what the configuration says, and the passwords as printed.
Result<void> Gate::seed_store(graph::Engine& trial) {
  auto reader = store_->reader();
  if (!reader) return tl::unexpected(reader.error());
  auto passwords = reader->documents(passwords_kind);
  if (!passwords) return tl::unexpected(passwords.error());
  if (!passwords->empty()) return {};
  for (const auto& [name, value] : options_.seed)
    if (auto set = trial.set(name, value); !set)
      return fail(set.error().code, set.error().message, name);
  auto batch = store_->begin();
  if (!batch) return tl::unexpected(batch.error());
  for (const char* user : {"USER1", "USER2"}) {
    auto hash = hash_password(default_password);
    if (!hash) return tl::unexpected(hash.error());
    if (auto put = batch->put_document(passwords_kind, user, std::string(default_mark) + *hash);
        !put)
      return put;
  }
  for (const auto& [name, value] : options_.seed) {
    const auto& info = trial.registers().info(*trial.registers().find(name));
    if (auto put = batch->put_document(settings_kind, key_of(info), value); !put) return put;
  }
  return batch->commit();
}

// Template, then what the store keeps, then what holds for this run only.
Result<std::unique_ptr<graph::Engine>> Gate::engine_with_settings(registers::Sinks& sinks) {
  auto engine = options_.make_engine(sinks);
  if (!engine) return engine;
  auto reader = store_->reader();
  if (!reader) return tl::unexpected(reader.error());
  auto settings = reader->documents(settings_kind);
  if (!settings) return tl::unexpected(settings.error());
  auto links = reader->documents(links_kind);
  if (!links) return tl::unexpected(links.error());
  remarks_.clear();
  for (const store::Document& setting : *settings)
    if (auto done = (*engine)->set(setting.key, setting.text); !done)
      remarks_.push_back(fmt::format("the kept setting {} = {} is not used: {}", setting.key,
                                     setting.text, done.error().message));
  for (const store::Document& link : *links)
    if (auto done = (*engine)->link(link.key, link.text); !done)
      remarks_.push_back(fmt::format("the kept link {} = {} is not used: {}", link.key, link.text,
                                     done.error().message));
  const auto made = catalogue_of(**engine, 0);
  for (const auto& [name, value] : options_.overrides) {
    control::Command command;
    command.target = name;
    if (auto may = permit_billing(*made, command); !may) return tl::unexpected(may.error());
    if (auto done = (*engine)->set(name, value); !done) return tl::unexpected(done.error());
  }
  return engine;
}

}  // namespace polyphase::meter
