#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "control/meter.hpp"
#include "meter/accounts.hpp"
#include "meter/keeper.hpp"
#include "meter/runner.hpp"
#include "recorder/recorder.hpp"
#include "store/store.hpp"

namespace polyphase::meter {

/// How a meter is made and what it is called.
struct GateOptions {
  std::string name;     ///< of the meter, in the configuration
  std::string version;  ///< of the program
  std::string source;   ///< what its samples are
  /// The switch of the revenue lock; its state at the start holds until the next one.
  std::function<bool()> lock_switch;
  bool lab = false;  ///< serve other machines even while the default password is in use
  /// Settings that an empty store begins with, and those that hold over the store and are not kept.
  std::vector<std::pair<std::string, std::string>> seed, overrides;
  std::function<Result<std::unique_ptr<graph::Engine>>(registers::Sinks&)> make_engine;
  std::function<Result<std::unique_ptr<SampleSource>>(const std::atomic<bool>&)> open_source;
  std::function<std::string()> source_note, source_waits_for;
  std::function<Instant()> now;  ///< wall clock, for sessions, lockout and audit
};

/// The one gate to one meter: rights, validation, audit and persistence of setup.
class Gate final : public control::Meter, private RunnerListener {
 public:
  /// Makes the meter with what the store keeps of it; start() lets it measure.
  /// errors  those of make_engine, of the settings, and of the store
  static Result<std::unique_ptr<Gate>> create(GateOptions options,
                                              std::unique_ptr<store::Store> store);
  ~Gate() override;
  void start();
  /// Ends the samples and writes everything.
  void stop();
  /// Settings of the store that this program does not have, and the like: one line each.
  const std::vector<std::string>& remarks() const { return remarks_; }

  /// Whether web pages shall be served at all.
  bool web_enabled() const { return rules()->web; }

  Result<std::string> log_in(control::Face face, std::string_view user,
                             std::string_view password) override;
  Result<control::SessionInfo> session(std::string_view token) override;
  void log_out(std::string_view token) override;
  control::Caller anonymous(control::Face face) const override;
  control::Rights rights_of(const control::Caller& caller) const override;
  bool loopback_only() const override;

  std::shared_ptr<const control::Catalogue> catalogue() const override;
  std::uint64_t sequence(registers::Cadence cadence) const override;
  Result<void> values(const control::Caller& caller, std::span<const control::Index> indices,
                      std::span<registers::Value> out) const override;
  Result<std::string> text(const control::Caller& caller, control::Index index) const override;
  Result<control::Waveform> waveform(const control::Caller& caller,
                                     double duration_s) const override;

  void change(const control::Caller& caller, control::Command command, control::Done done) override;
  void reset(const control::Caller& caller, std::string_view key, control::Done done) override;

  Result<std::vector<logs::LogInfo>> logs(const control::Caller& caller) const override;
  Result<logs::RecordPage> records(const control::Caller& caller, logs::Log log,
                                   const logs::Range& range) const override;
  Result<logs::EventPage> events(const control::Caller& caller,
                                 const logs::Range& range) const override;
  Result<control::MemoryStatus> memory(const control::Caller& caller) const override;

  Result<std::vector<control::UserInfo>> users(const control::Caller& caller) const override;
  Result<void> set_password(const control::Caller& caller, std::string_view user,
                            std::string_view current, std::string_view fresh) override;

  control::MeterStatus status() const override;
  void note_service(control::ServiceStatus service) override;
  void note_event(logs::Event event) override;

 private:
  Gate(GateOptions options, std::unique_ptr<store::Store> store);
  void second(Instant end, std::span<const std::string> names,
              std::span<const double> numbers) override;
  void configured(std::shared_ptr<const control::Catalogue> catalogue) override;

  Result<void> load();
  void tell_outage(RetainedNumbers& retained);
  Result<void> tell_lock(store::Reader& reader);
  Result<void> seed_store(graph::Engine& trial);
  void compare_with_seed();
  Result<std::unique_ptr<graph::Engine>> engine_with_settings(registers::Sinks& sinks);
  std::shared_ptr<const Rules> rules() const;
  Result<std::string> hash_for_login(const control::Caller& caller) const;
  void count_failure(const control::Caller& caller);
  Result<void> permit(const control::Caller& caller, control::Right right) const;
  Result<void> permit_face(control::Face face) const;
  Result<void> permit_setup(const control::Caller& caller) const;
  Result<void> permit_billing(const control::Catalogue& catalogue,
                              const control::Command& command) const;
  Result<control::Right> right_for(const control::Catalogue& catalogue,
                                   const control::Command& command) const;
  Result<void> check_read(const control::Caller& caller,
                          std::span<const control::Index> indices) const;
  Result<control::Done> reserve_log_memory(const control::Command& command, control::Done done);
  void note_read(const control::Caller& caller, const logs::EventPage& page,
                 store::Reader& reader) const;
  std::int64_t events_unread() const;
  void watch_unread();
  void submit(const control::Caller& caller, control::Command command, control::Done done);
  void applied(const control::Command& command, Result<void> result, control::Done done);
  control::Done audited_reset(const control::Caller& caller, const std::string& label,
                              control::Done done);
  Keeper::Work kept(const control::Command& command) const;
  void audit(std::uint8_t priority, const std::string& user, std::string what, std::string detail);

  const GateOptions options_;
  const Instant started_;
  const bool locked_;  ///< by the revenue lock
  std::vector<std::string> remarks_;
  std::unique_ptr<store::Store> store_;
  mutable std::optional<store::Reader> usage_reader_;  ///< asked once a second: stays open
  std::unique_ptr<recorder::Recorder> recorder_;
  std::vector<store::NamedNumber> numbers_;  ///< retained; the runner's
  std::unique_ptr<Keeper> keeper_;
  std::unique_ptr<Runner> runner_;
  bool unread_told_ = false;  ///< that the event log is nearly full of them; the keeper's

  mutable std::mutex mutex_;  ///< of everything below
  std::shared_ptr<const Rules> rules_;
  std::map<std::string, std::string, std::less<>> hashes_;  ///< of passwords, by user
  Lockout lockout_;
  Sessions sessions_;
  bool log_change_waits_ = false;  ///< one that changes how much memory logs take
  mutable std::map<std::string, std::int64_t, std::less<>> events_read_;  ///< the last, by user
  std::vector<control::ServiceStatus> services_;
};

}  // namespace polyphase::meter
