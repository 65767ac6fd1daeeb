#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "recorder/byte_ring.hpp"
#include "recorder/filing.hpp"
#include "registers/sinks.hpp"
#include "store/store.hpp"

namespace polyphase::recorder {

/// Everything that waits to be stored: 10 MB in all.
inline constexpr std::size_t ring_bytes_default = 10'485'760;
inline constexpr std::size_t batch_messages_max = 4'096;  ///< in one commit
inline constexpr std::size_t notes_max = 1'000;           ///< that wait

struct RecorderOptions {
  std::size_t ring_bytes = ring_bytes_default;
  std::string node = {};  ///< of each event: the device it happened in
  /// The store says no (the reason), or works again (empty): once each. On the draining thread.
  std::function<void(const std::string& trouble)> on_trouble = {};
};

struct RecorderStatus {
  std::uint64_t records_written = 0, events_written = 0;
  std::uint64_t records_lost = 0, events_lost = 0;  ///< there was no room, or the store took none
  std::size_t bytes_waiting = 0;
  std::string trouble;  ///< what the store says; empty: nothing
};

enum class Until {
  checkpoint,  ///< what was told before the last checkpoint
  now,         ///< all
};

/// Takes what modules tell, on the engine's thread, and files it in a store, on another one.
///
/// What waits is bounded. Where there is no room the new record is lost, counted, and told by an
/// event once there is room again; the engine never waits. What the store refuses waits and is
/// tried again; the logs have a gap only when the room is used up meanwhile.
class Recorder final : public registers::Sinks {
 public:
  explicit Recorder(const registers::RegisterTable& table, RecorderOptions options = {});

  // ---- the engine's thread; neither waits nor allocates
  void event(const registers::Event& event) noexcept override;
  void disturbance(const registers::Disturbance& disturbance) noexcept override;
  void record(const registers::LogRecord& record) noexcept override;
  /// The retained numbers as of what was told until now; they are committed together with that.
  /// They are exchanged for those given before, whose memory can be filled again. False: the writer
  /// is at them just now; nothing was taken, the next checkpoint will be.
  bool checkpoint(std::vector<store::NamedNumber>& numbers) noexcept;

  // ---- any thread
  /// Something that happened outside of the engine.
  void note(logs::Event event);
  /// The configuration was changed: labels, units, the setup of the event log.
  void use(const registers::RegisterTable& table);
  RecorderStatus status() const;
  std::size_t bytes_waiting() const noexcept { return ring_.waiting(); }
  std::size_t bytes_max() const noexcept { return ring_.capacity(); }

  /// Files what waits, in one commit or several; one caller at a time, others wait.
  /// errors  those of the store; what could not be filed is kept for the next call
  Result<void> drain(store::Store& store, Until until = Until::now);

 private:
  struct Lost {
    std::vector<std::uint32_t> records;  ///< told already, by log
    std::uint64_t events = 0;
  };
  struct Counts {
    std::uint64_t records = 0, events = 0, records_refused = 0, events_refused = 0;
    std::vector<registers::Index> logs;  ///< of the records read
    Lost told;
    std::uint64_t lost_in_all = 0;
    std::size_t notes = 0;
    bool at_end = false;
  };

  void lose(const registers::LogRecord& record) noexcept;
  void take_mail(Until until);
  std::uint64_t lost_in_all() const noexcept;
  bool anything_to_do() const;
  Result<bool> drain_batch(store::Store& store);
  void file_messages(store::Batch& batch, Counts& counts);
  void file_rest(store::Batch& batch, Counts& counts);
  void tell_lost(store::Batch& batch, Counts& counts);
  void settle(const Counts& counts);
  void set_trouble(const Error& error);
  void end_trouble();
  void rescue_numbers(store::Store& store);

  const RecorderOptions options_;
  ByteRing ring_;
  std::size_t reserve_;  ///< for what must not be lost: that a log begins anew
  // By register: how many records of a log wait, and how many were lost.
  std::vector<std::atomic<std::uint32_t>> waiting_, lost_;
  std::atomic<std::uint64_t> records_lost_{0}, events_lost_{0};
  std::atomic<std::uint64_t> records_refused_{0}, events_refused_{0};
  std::atomic<std::uint64_t> records_written_{0}, events_written_{0};

  mutable std::mutex mail_;  ///< of what follows; held for a moment only
  std::vector<store::NamedNumber> numbers_;
  std::uint64_t checkpoint_end_ = 0;
  bool numbers_fresh_ = false;
  std::vector<logs::Event> notes_;
  std::shared_ptr<const Names> names_;
  std::string trouble_;

  std::mutex draining_;  ///< of what follows
  Filing filing_;
  MessageReader reader_;
  std::vector<store::NamedNumber> numbers_to_write_;
  bool numbers_wait_ = false;
  std::vector<logs::Event> notes_to_write_;
  std::uint64_t end_ = 0;  ///< of what is to be filed
  Lost told_;
  std::uint64_t lost_told_ = 0;  ///< in all
  Instant latest_;               ///< time of the last message
  Instant trouble_since_;
};

}  // namespace polyphase::recorder
