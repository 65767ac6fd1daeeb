#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/samples.hpp"
#include "graph/descriptor.hpp"
#include "registers/sinks.hpp"
#include "registers/table.hpp"

namespace polyphase::graph {

using registers::available;
using registers::Index;
using registers::not_available;
using registers::Value;

/// The setup registers of one instance, in the order of its descriptor, already within their bounds.
class Setup {
 public:
  Setup(const registers::RegisterTable& table, Index first) : table_(table), first_(first) {}
  double number(std::size_t i) const { return table_.value(at(i)).number; }
  bool enabled(std::size_t i) const { return number(i) != 0; }
  std::size_t choice(std::size_t i) const { return static_cast<std::size_t>(number(i)); }
  const std::string& text(std::size_t i) const { return table_.text(at(i)); }

 private:
  Index at(std::size_t i) const { return first_ + static_cast<Index>(i); }
  const registers::RegisterTable& table_;
  Index first_;
};

/// Where a module's inputs, outputs and datasets are; owned by the engine, one per instance.
struct Wiring {
  std::vector<Index> inputs;             ///< no_register: unlinked
  std::vector<double> pulses_seen;       ///< per input
  Index first_setup = 0;
  Index first_output = 0;
  std::vector<const void*>* datasets = nullptr;  ///< by register index
};

/// What the modules that judge the voltage say of an interval.
class Disturbances {
 public:
  virtual ~Disturbances() = default;
  /// A dip, swell or interruption lay in it.
  virtual bool disturbed(Instant begin, Instant end) const noexcept = 0;
  /// An interruption, or a dip or swell of a minute at most: it tells nothing of the supply voltage.
  virtual bool briefly_disturbed(Instant begin, Instant end) const noexcept = 0;
};

/// One run of one module: its inputs as they are now, its outputs as they shall be.
///
/// Outputs get the time of the step and the union of the quality of every input read before.
class Step {
 public:
  Step(registers::RegisterTable& table, Wiring& wiring, registers::Sinks& sinks, Cadence cadence,
       Instant time, double duration_s, Quality quality, const Disturbances* disturbances = nullptr)
      : table_(table), wiring_(wiring), sinks_(sinks), cadence_(cadence), time_(time),
        duration_s_(duration_s), quality_(quality), disturbances_(disturbances) {}

  Cadence cadence() const { return cadence_; }
  Instant time() const { return time_; }          ///< end of the interval
  double duration_s() const { return duration_s_; }  ///< exact length of the interval, whole cycles
  /// What is doubtful about the interval, and about every input read so far.
  Quality quality() const { return quality_; }

  bool briefly_disturbed(Instant begin, Instant end) const {
    return disturbances_ != nullptr && disturbances_->briefly_disturbed(begin, end);
  }

  bool linked(std::size_t i) const { return wiring_.inputs[i] != registers::no_register; }
  /// N/A where unlinked or not available.
  double in(std::size_t i) {
    if (!linked(i)) return not_available;
    const Value& value = table_.value(wiring_.inputs[i]);
    quality_ |= value.quality;
    return value.number;
  }
  /// Of an optional Enable input: true where unlinked; N/A counts as off.
  bool enabled(std::size_t i) { return !linked(i) || in(i) == 1.0; }
  /// How many pulses arrived at input i since the last run.
  unsigned pulses(std::size_t i) {
    if (!linked(i)) return 0;
    const double now = table_.value(wiring_.inputs[i]).number;
    if (!available(now)) return 0;
    const double fresh = now - wiring_.pulses_seen[i];
    wiring_.pulses_seen[i] = now;
    return fresh > 0 ? static_cast<unsigned>(fresh) : 0;
  }
  Instant time_of(std::size_t i) const { return table_.value(wiring_.inputs[i]).time; }
  /// Of a linked input, as it is; quality() does not take it up.
  const Value& value_of(std::size_t i) const { return table_.value(wiring_.inputs[i]); }
  Index source_of(std::size_t i) const { return wiring_.inputs[i]; }
  std::span<const Index> sources() const { return wiring_.inputs; }  ///< of all inputs
  const std::string& unit_of(std::size_t i) const { return table_.info(wiring_.inputs[i]).unit; }
  /// nullptr where unlinked or nothing was measured yet.
  template <class T>
  const T* dataset(std::size_t i) const {
    return linked(i) ? static_cast<const T*>((*wiring_.datasets)[wiring_.inputs[i]]) : nullptr;
  }

  void out(std::size_t o, double number) { table_.value(output(o)) = {number, quality_, time_}; }
  void out(std::size_t o, double number, Quality more) {
    more |= quality_;
    table_.value(output(o)) = {number, more, time_};
  }
  void out(std::size_t o, bool state) { out(o, state ? 1.0 : 0.0); }
  /// Of outputs that are strings; at most registers::text_output_max characters.
  void out_text(std::size_t o, std::string_view text) {
    table_.put_text(output(o), text);
    out(o, not_available);
  }
  /// With a time stamp of its own, such as the source's; `more` is what is doubtful besides.
  void out_at(std::size_t o, double number, Instant time, Quality more = {}) {
    more |= quality_;
    table_.value(output(o)) = {number, more, time};
  }
  void pulse(std::size_t o) { pulse_at(o, time_); }
  void pulse_at(std::size_t o, Instant time, Quality more = {}) {
    const double count = current(o);
    out_at(o, available(count) ? count + 1 : 1.0, time, more);
  }
  double current(std::size_t o) const { return table_.value(output(o)).number; }
  Index output(std::size_t o) const { return wiring_.first_output + static_cast<Index>(o); }
  Setup setup() const { return {table_, wiring_.first_setup}; }

  void event(std::uint8_t priority, std::size_t effect_output, std::string_view text,
             Index cause = registers::no_register, double cause_value = not_available) {
    event_at(time_, priority, effect_output, text, cause, cause_value);
  }
  /// Of something that happened before it was known.
  void event_at(Instant time, std::uint8_t priority, std::size_t effect_output,
                std::string_view text, Index cause = registers::no_register,
                double cause_value = not_available) {
    sinks_.event({time, priority, cause, cause_value, output(effect_output),
                  current(effect_output), text});
  }
  void disturbance(const registers::Disturbance& disturbance) { sinks_.disturbance(disturbance); }
  void record(const registers::LogRecord& record) { sinks_.record(record); }

 private:
  registers::RegisterTable& table_;
  Wiring& wiring_;
  registers::Sinks& sinks_;
  Cadence cadence_;
  Instant time_;
  double duration_s_;
  Quality quality_;
  const Disturbances* disturbances_;
};

/// One type of module bound to the graph. Instances are made, configured and run by the engine.
class Module {
 public:
  virtual ~Module() = default;

  /// Takes over the setup registers: before the first run and after each change of one.
  /// errors  invalid_config: stays offline (or with its former setup) and the event log says why
  virtual Result<void> configure(const Setup&) { return {}; }

  /// Called at the module's cadence, after everything it is linked to. Does not allocate.
  virtual void run(Step& step) noexcept = 0;

  /// The samples have ended: tells what is still open.
  virtual void finish(Step&) noexcept {}

  /// A value for output `o` from outside. Only modules that exist for that take it.
  virtual Result<void> write(Step&, [[maybe_unused]] std::size_t o, [[maybe_unused]] double number) {
    return fail(ErrorCode::refused, "this register is measured, not written");
  }

  /// The unit of output `o`, asked where the descriptor names none: what follows from those of its
  /// sources (by input, empty where there is none) and from the setup. Also before configure().
  virtual std::string unit([[maybe_unused]] std::size_t o, const Setup&,
                           std::span<const std::string>) const {
    return {};
  }

  /// Whether a dip, swell or interruption lay in it: windows and seconds then carry
  /// Quality::disturbed. Only modules that judge the voltage say yes.
  virtual bool disturbed([[maybe_unused]] Instant begin, [[maybe_unused]] Instant end) const noexcept {
    return false;
  }
  /// Likewise, of what Disturbances calls brief.
  virtual bool briefly_disturbed([[maybe_unused]] Instant begin,
                                 [[maybe_unused]] Instant end) const noexcept {
    return false;
  }

  /// The address of the data behind dataset output `o`; fixed from the first run on.
  virtual const void* dataset([[maybe_unused]] std::size_t o) const { return nullptr; }

  /// The numbers named `retained` in the descriptor.
  virtual std::span<double> retained() { return {}; }
};

/// What a module that makes steps out of samples tells the scheduler.
class Steps {
 public:
  virtual ~Steps() = default;
  /// Runs every module of `cadence` for the interval of whole cycles that ends at `time`.
  virtual void step(Cadence cadence, Instant time, double duration_s, Quality quality) noexcept = 0;
};

/// What was copied of the newest samples.
struct NewestSamples {
  std::size_t count = 0;
  Instant time_first;
  double sample_rate_hz = 0;
  ChannelMask present = 0;
};

/// The module that samples enter by (acquisition). Each template has exactly one.
class SampleInput : public Module {
 public:
  /// Before the first sample. errors  invalid_config: the rate cannot be measured with
  virtual Result<void> start(const SourceInfo& source) = 0;
  virtual void process(const SampleBlock& block, Steps& steps) noexcept = 0;
  /// The meter's clock, which is the source's, is put forward (or back) by `seconds` from now on.
  virtual void step_clock(double seconds) noexcept = 0;
  /// No more samples will come: completes what can be completed.
  virtual void finish(Steps& steps) noexcept = 0;
  /// The sample at which the interval last told ends: the same however the samples are cut into blocks.
  virtual std::uint64_t sample_position() const = 0;
  /// Fewer further frames than this complete nothing. Between two calls of process().
  virtual std::size_t frames_wanted() const { return 1; }
  /// Copies the newest samples as they were scaled, oldest first. Between two calls of process().
  virtual NewestSamples newest(std::span<Frame> frames) const = 0;
  /// Inputs of this module change only when setups do.
  virtual void configure_inputs(std::span<const double> inputs) = 0;
};

}  // namespace polyphase::graph
