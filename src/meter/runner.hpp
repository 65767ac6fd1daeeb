#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "control/meter.hpp"
#include "graph/engine.hpp"

namespace polyphase::meter {

/// Changes that wait to take effect.
inline constexpr std::size_t changes_waiting_max = 1'024;
/// A change that has not taken effect after so long, because no samples come, is answered so.
inline constexpr std::chrono::seconds change_wait_max{5};
/// Samples that have not come for so long are missing, whatever their source says.
inline constexpr std::chrono::seconds silence_max{2};
/// Samples are gathered for so long while nobody looks at half cycles or waveforms: a core that
/// sleeps in between finds its caches cold each time.
inline constexpr std::chrono::milliseconds gather_max{100};
/// Who has looked at half cycles is taken to go on for so long.
inline constexpr std::chrono::seconds half_cycle_interest{2};
/// Of the waveforms that are kept for looking at.
inline constexpr double waveform_s_max = 0.25;

/// How a runner gets what it runs.
struct RunnerOptions {
  /// Builds the engine from template and settings; not started.
  std::function<Result<std::unique_ptr<graph::Engine>>(registers::Sinks&)> make_engine;
  /// Opens the samples; may wait for them until `stop` is set, and is asked again when it failed.
  std::function<Result<std::unique_ptr<SampleSource>>(const std::atomic<bool>& stop)> open_source;
  /// A line about the open samples: their balance. On the runner's thread; may be empty.
  std::function<std::string()> source_note;
  /// What the open samples wait for; empty: for nothing known. Any thread; may be empty.
  std::function<std::string()> source_waits_for;
  std::chrono::milliseconds source_retry{2'000};
};

using RetainedNumbers = std::vector<std::pair<std::string, double>>;

/// Is told by a runner on its thread, between two blocks: never within Engine::process().
class RunnerListener {
 public:
  virtual ~RunnerListener() = default;
  /// A second has ended: what a power cut must not take, all of one moment. The names are always
  /// the same, and live as long as the runner's engine.
  virtual void second(Instant end, std::span<const std::string> names,
                      std::span<const double> numbers) = 0;
  /// The configuration has changed.
  virtual void configured(std::shared_ptr<const control::Catalogue> catalogue) = 0;
};

/// Runs one engine on its samples, on a thread of its own, and lets other threads look at it.
class Runner final : private graph::StepObserver {
 public:
  /// What became of a change; on the runner's thread or the one that calls expire().
  using Applied = std::function<void(const control::Command&, Result<void>)>;

  /// Builds the engine. errors  those of make_engine
  static Result<std::unique_ptr<Runner>> create(RunnerOptions options, registers::Sinks& sinks,
                                                RunnerListener& listener,
                                                const RetainedNumbers& retained);
  ~Runner() override;

  void start();
  /// Ends the samples: what is open is told, the last second with it.
  void stop();

  void submit(control::Command command, Applied applied);
  /// Refuses changes that nobody took for too long. About once a second, from any thread.
  void expire();

  std::shared_ptr<const control::Catalogue> catalogue() const;
  std::uint64_t sequence(registers::Cadence cadence) const;
  /// `out` as long as `indices`, which are of this table.
  void values(std::span<const control::Index> indices, std::span<registers::Value> out) const;
  std::string text(control::Index index) const;
  control::Waveform waveform(double duration_s) const;

  struct State {
    bool running = false;
    bool ended = false;  ///< no more samples will ever come
    std::string note;    ///< why there are no samples, or their balance
    Instant last_second;
    bool clock_synchronised = false;
  };
  State state() const;

 private:
  struct View;
  struct Change {
    control::Command command;
    Applied applied;
    std::chrono::steady_clock::time_point deadline;
  };

  Runner(RunnerOptions options, registers::Sinks& sinks, RunnerListener& listener);
  void stepped(graph::Cadence cadence, Instant end, double duration_s,
               Quality quality) noexcept override;
  void applied(const control::Command& command, const Result<void>& result) noexcept override;

  void run();
  std::unique_ptr<SampleSource> opened();
  Result<void> start_engine(const SourceInfo& info);
  bool measure(SampleSource& source);
  std::size_t frames_wanted() const;
  void take_changes();
  void change_before_start(Change change);
  void finish_changes();
  void after_block();
  void keep_texts();
  void keep_waveform();
  void publish();
  std::shared_ptr<const View> view() const;
  void note(bool running, std::string text);
  void pause();

  RunnerOptions options_;
  registers::Sinks& sinks_;
  RunnerListener& listener_;
  std::shared_ptr<graph::Engine> engine_;
  bool started_ = false;
  bool measuring_ = false;  ///< a source is open
  std::optional<SourceInfo> info_;
  std::uint64_t version_ = 0;
  bool configuration_changed_ = false;
  bool second_ended_ = false;
  Instant second_end_;
  std::vector<double> retained_;  ///< of the second that ended last
  std::vector<std::pair<control::Command, Result<void>>> finished_;
  std::chrono::steady_clock::time_point waveform_kept_;

  mutable std::mutex mutex_;  ///< of everything below
  std::shared_ptr<const View> view_;
  std::shared_ptr<const control::Catalogue> catalogue_;
  std::vector<std::string> texts_;  ///< by register; of string outputs
  std::vector<control::Index> text_registers_;
  State state_;
  control::Waveform waveform_;
  std::vector<Change> inbox_;
  std::map<std::uint64_t, Change> waiting_;  ///< by ticket: given to the engine
  std::uint64_t tickets_ = 0;

  mutable std::atomic<std::int64_t> waveform_wanted_{0}, half_cycles_wanted_{0};
  std::atomic<std::int64_t> block_came_{0};  ///< by the steady clock
  std::atomic<bool> stop_{false};
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace polyphase::meter
