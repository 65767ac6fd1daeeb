#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "control/command.hpp"
#include "graph/network.hpp"
#include "graph/template.hpp"
#include "registers/snapshot.hpp"

namespace polyphase::graph {

/// Is told of every step after its modules have run and its snapshot is published. On the engine's
/// thread; whatever it does counts as the engine's own time.
class StepObserver {
 public:
  virtual ~StepObserver() = default;
  virtual void stepped(Cadence cadence, Instant end, double duration_s, Quality quality) noexcept = 0;
  /// A command has taken effect, or was refused when it should.
  virtual void applied(const control::Command&, const Result<void>&) noexcept {}
};

inline constexpr std::size_t commands_pending_max = 1'024;
inline constexpr std::size_t journal_max = 100'000;  ///< the oldest commands go

/// One meter: modules, links and registers, driven by samples and commands and nothing else.
///
/// A pure function of (samples, clock of the samples, commands): the same blocks cut differently give
/// the same registers, events and steps, bit for bit. All calls on one thread; readers on other
/// threads use snapshot(). process() does not allocate unless a command is due.
class Engine final : private Steps, private Disturbances {
 public:
  /// Builds the modules of a template. Until start(), set() changes setup registers.
  /// errors  invalid_config with the template's file:line
  static Result<std::unique_ptr<Engine>> create(const Template& device, std::span<const ModuleType> types,
                                                registers::Sinks& sinks);

  /// A setup register by label or module.register, value as text. Only before start(): afterwards
  /// submit() a command.
  Result<void> set(std::string_view target, std::string_view value);
  /// Links "module.input" to a register; empty: unlinks it. Only before start().
  Result<void> link(std::string_view target, std::string_view source);

  /// Orders and configures all modules for samples as `source` describes them.
  /// errors  invalid_config: what the samples cannot be measured with. Modules that refuse their
  ///         setup stay offline and tell so by an event.
  Result<void> start(const SourceInfo& source);

  void process(const SampleBlock& block) noexcept;
  /// No more samples: completes what can be completed and tells what is still open.
  void finish() noexcept;

  /// errors  not_found, invalid_config: what can be known now; limit: too many wait
  Result<void> submit(control::Command command);
  /// The commands that have taken effect (or were refused then), with the sample at which.
  const std::deque<control::Command>& journal() const { return journal_; }

  /// The data behind a register of type dataset, as the last step left it; nullptr of any other.
  const void* dataset(Index index) const { return datasets_[index]; }
  const registers::RegisterTable& registers() const { return table_; }
  const Network& network() const { return network_; }
  /// Off: no other thread will ask for a snapshot, as in a replay.
  void publish(bool on) { publishing_ = on; }
  const registers::Snapshot& snapshot(Cadence cadence) const {
    return *snapshots_[static_cast<std::size_t>(cadence)];
  }
  void observe(StepObserver* observer) { observer_ = observer; }
  std::uint64_t sample_position() const { return input_->sample_position(); }
  /// Fewer further frames than this lead to no step. Between two calls of process().
  std::size_t frames_wanted() const { return input_->frames_wanted(); }
  /// Copies the newest samples, scaled, oldest first. Between two calls of process().
  NewestSamples newest(std::span<Frame> frames) const { return input_->newest(frames); }

  /// Retained state of all modules, by "module.name"; restore() before start().
  std::vector<std::pair<std::string, double>> retained() const;
  void restore(std::string_view name, double value);
  /// For a checkpoint each second: the names, which never change, and as many numbers.
  const std::vector<std::string>& retained_names() const { return retained_names_; }
  void retained_numbers(std::vector<double>& numbers) const;

 private:
  explicit Engine(registers::Sinks& sinks) : network_(table_), sinks_(sinks) {}

  void step(Cadence cadence, Instant time, double duration_s, Quality quality) noexcept override;
  Result<void> build(const Template& device, std::span<const ModuleType> types);
  Result<void> assign(Index index, std::string_view value);
  Result<void> permit(Index index, std::string_view most);
  Result<Index> find(std::string_view name) const;
  void configure(Node& node, Instant now);
  void feed_input();
  void tell_offline(const Node& node, Instant now);
  void connect_datasets();
  bool disturbed(Instant begin, Instant end) const noexcept override;
  bool briefly_disturbed(Instant begin, Instant end) const noexcept override;
  void apply_due_commands(Instant now);
  Result<void> apply(const control::Command& command, Instant now);
  Result<void> apply_link(const control::Command& command, Instant now);
  Result<std::size_t> make_link(std::string_view target, std::string_view source);
  Result<void> apply_write(Index index, const control::Command& command, Instant now);
  Step step_for(Node& node, Cadence cadence, Instant time, double duration_s, Quality quality);

  registers::RegisterTable table_;
  Network network_;
  registers::Sinks& sinks_;
  SampleInput* input_ = nullptr;
  Node* input_node_ = nullptr;
  std::vector<const void*> datasets_;  ///< by register
  std::array<std::unique_ptr<registers::Snapshot>, registers::cadence_count> snapshots_;
  StepObserver* observer_ = nullptr;
  std::vector<control::Command> pending_;  ///< ordered by sample, first come first
  std::deque<control::Command> journal_;
  std::vector<std::string> retained_names_;
  bool started_ = false, publishing_ = true;
  Instant last_step_;
};

}  // namespace polyphase::graph
