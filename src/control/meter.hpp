#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/logs.hpp"
#include "base/result.hpp"
#include "base/samples.hpp"
#include "control/access.hpp"
#include "control/catalogue.hpp"
#include "control/command.hpp"
#include "control/status.hpp"

namespace polyphase::control {

/// The latest stretch of the waveforms, as scaled at the entrance: primary volts and amperes.
struct Waveform {
  Instant time_first;
  double sample_rate_hz = 0;
  ChannelMask channels_present = 0;
  std::vector<Frame> frames;
};

struct UserInfo {
  std::string name;  ///< "USER1" … "USER50"
  bool enabled = false;
  Rights rights;
  bool has_password = false;
  bool default_password = false;  ///< still the one that everybody knows
};

struct SessionInfo {
  Caller caller;
  Rights rights;
  bool default_password = false;
  int idle_s_max = 0;  ///< a token ends when it was not used for so long
};

/// Answers a change, once: when it has taken effect and is kept, or why it did not. On whatever
/// thread the answer is found, the caller's own where it is refused at once. Must not wait for
/// anything.
using Done = std::function<void(Result<void>)>;

/// Everything that may be asked of one meter, by anybody. The one gate: rights, lock, validation,
/// audit event and persistence of setup are behind it, and nowhere else.
///
/// Any thread. Errors of every call:
///   refused       the caller has not the right, or a lock is on; the message says which
///   not_found     no such register, log, user; with what is near
///   invalid_config, invalid_input  the value is not possible; with its bounds
///   limit, io     too much is waiting; the store says no
class Meter {
 public:
  virtual ~Meter() = default;

  // ---- who
  /// A session's token. Slow on purpose (a password's hash): not on a thread that others wait for.
  /// errors  refused: wrong (the message does not say what), or locked out, until when
  virtual Result<std::string> log_in(Face face, std::string_view user,
                                     std::string_view password) = 0;
  /// The caller behind a token, whose idle time begins anew. errors  refused: unknown or expired
  virtual Result<SessionInfo> session(std::string_view token) = 0;
  virtual void log_out(std::string_view token) = 0;
  /// Of a protocol that carries no user.
  virtual Caller anonymous(Face face) const = 0;
  virtual Rights rights_of(const Caller& caller) const = 0;
  /// True while nothing shall be served to other machines: the default password is in use.
  virtual bool loopback_only() const = 0;

  // ---- what there is
  virtual std::shared_ptr<const Catalogue> catalogue() const = 0;

  // ---- values (right: read)
  /// Grows with each published snapshot of a cadence; cheap, to see whether reading again is worth
  /// it.
  virtual std::uint64_t sequence(registers::Cadence cadence) const = 0;
  /// Values of any registers, each cadence's from one instant. `out` as long as `indices`.
  virtual Result<void> values(const Caller& caller, std::span<const Index> indices,
                              std::span<registers::Value> out) const = 0;
  /// Of a string register.
  virtual Result<std::string> text(const Caller& caller, Index index) const = 0;
  /// The latest samples, at most `duration_s` (bounded by what is kept).
  virtual Result<Waveform> waveform(const Caller& caller, double duration_s) const = 0;

  // ---- changes
  /// A write, pulse, link or step of the clock. The register's module decides which right it takes.
  /// `command.sample` and `ticket` are the gate's.
  virtual void change(const Caller& caller, Command command, Done done) = 0;
  /// By key, see Catalogue::resets; "master" is all of them.
  virtual void reset(const Caller& caller, std::string_view key, Done done) = 0;

  // ---- logs (right: read)
  virtual Result<std::vector<logs::LogInfo>> logs(const Caller& caller) const = 0;
  virtual Result<logs::RecordPage> records(const Caller& caller, logs::Log log,
                                           const logs::Range& range) const = 0;
  /// The designated reader has read what he was given.
  virtual Result<logs::EventPage> events(const Caller& caller, const logs::Range& range) const = 0;
  /// What the logs are set up to take, and how much of it there is.
  virtual Result<MemoryStatus> memory(const Caller& caller) const = 0;

  // ---- users (right: security_config; everybody may change his own password)
  virtual Result<std::vector<UserInfo>> users(const Caller& caller) const = 0;
  /// errors  invalid_config: what the password lacks
  virtual Result<void> set_password(const Caller& caller, std::string_view user,
                                    std::string_view current, std::string_view fresh) = 0;

  // ---- state
  virtual MeterStatus status() const = 0;
  /// A service tells how it is; shown by status().
  virtual void note_service(ServiceStatus service) = 0;
  /// Something happened outside of the engine that belongs into the event log.
  virtual void note_event(logs::Event event) = 0;
};

}  // namespace polyphase::control
