#include "modules/data_recorder/data_recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/logs.hpp"
#include "graph/describe.hpp"

namespace polyphase::modules::data_recorder {
namespace {

using graph::RegisterType;
namespace describe = graph::describe;

// Pulses first: a module inherits the speed of inputs like its first one.
enum Input : std::size_t { record, rearm, enable, first_source, flag = first_source + sources_max };
enum Setting : std::size_t {
  depth,
  record_mode,
  buffer_depth,
  outage_records,
  pre_trigger,
  post_trigger
};
enum Output : std::size_t { data_log, record_complete, records_left, log_full };
enum class Mode : std::size_t { circular, stop_when_full };

constexpr double depth_initial = 3'360;  // 35 days of quarter hours
constexpr double buffer_initial = 100;
constexpr double outage_s_min = 2;  // the engine locks in within half a second
constexpr std::size_t columns_max = sources_max + 1;
constexpr std::size_t inputs_max = flag + 1;
constexpr double pre_trigger_max = 600;  // 5 s of half cycles at 60 Hz; they are held in memory
constexpr double post_trigger_max = 6'000;

graph::ModuleDescriptor describe_recorder() {
  graph::ModuleDescriptor d;
  d.type = "Data Recorder";
  d.number = 40;
  d.instances_max = 64;
  d.help =
      "Keeps a record of its sources at each pulse. Any change of its setup or its links erases "
      "what its log holds.";
  d.inputs = {
      describe::mandatory("Record", RegisterType::pulse, "a record of the sources as they are now"),
      describe::optional("Rearm", RegisterType::pulse,
                         "clears a log that stops when full; ignored where it is circular"),
      describe::enable("pulses at Record are ignored"),
  };
  for (std::size_t i = 1; i <= sources_max; ++i)
    d.inputs.push_back(describe::setup_link(fmt::format("Source {}", i), RegisterType::numeric,
                                            "what is recorded, in this order"));
  d.inputs[enable].setup_link = true;  // also from the first half cycle on
  d.inputs[first_source].mandatory = true;
  d.inputs.push_back(describe::setup_link(
      "Flag", RegisterType::boolean,
      "recorded behind the sources and none of them: that the interval they are of is flagged"));
  d.setups = {
      describe::number("Depth", "", 1, static_cast<double>(logs::depth_max), depth_initial,
                       "how many records the log holds"),
      describe::choice("RecordMode", {"CIRCULAR", "STOP WHEN FULL"}, 0,
                       "when the log is full: the newest record replaces the oldest, or none is "
                       "taken any more"),
      describe::number("Buffer Depth", "", 0, static_cast<double>(logs::depth_max), buffer_initial,
                       "how many records may wait to be stored, a further one is lost; 0: as many "
                       "as there is room for"),
      describe::choice(
          "Insert Outage Records", {"NO", "YES"}, 0,
          "two records without values mark an outage; of no effect unless Buffer Depth "
          "equals Depth"),
      describe::number("Pre-trigger Records", "", 0, pre_trigger_max, 0,
                       "how many runs before that of a pulse are recorded with it, half cycles or "
                       "seconds by what pulses; this or the next above 0: a burst"),
      describe::number("Post-trigger Records", "", 0, post_trigger_max, 0,
                       "how many runs behind it; in bursts Depth and Buffer Depth are multiples of "
                       "both together and 1"),
  };
  d.outputs = {
      describe::output("Data Log", RegisterType::log, "", "its label names the log"),
      describe::output("Record Complete", RegisterType::pulse, "", "a record was taken"),
      describe::output("Records Left", RegisterType::numeric, "", "until the log is full"),
      describe::output("Log Full", RegisterType::boolean, "",
                       "stop when full, and full: nothing further is recorded"),
  };
  d.events = {describe::reset_event("a pulse at Rearm took effect"), describe::setup_event()};
  d.retained = {"records", "anew", "last run s"};
  return d;
}

class DataRecorder final : public graph::Module {
 public:
  DataRecorder() { links_.fill(registers::no_register); }

  Result<void> configure(const graph::Setup& setup) override {
    const Settings wanted{static_cast<std::uint32_t>(setup.number(depth)),
                          static_cast<Mode>(setup.choice(record_mode)),
                          static_cast<std::uint32_t>(setup.number(buffer_depth)),
                          setup.choice(outage_records) == 1,
                          static_cast<std::uint32_t>(setup.number(pre_trigger)),
                          static_cast<std::uint32_t>(setup.number(post_trigger))};
    if (auto done = check(wanted); !done) return done;
    if (configured_ && wanted != settings_) begin_anew();
    settings_ = wanted;
    newest_.resize(wanted.burst() ? wanted.pre_trigger + 1 : 0);
    configured_ = true;
    return {};
  }

  // The last pulse may come when the samples have ended.
  void finish(graph::Step& step) noexcept override {
    if (!running_ || !step.enabled(enable) || step.pulses(record) == 0) return;
    if (settings_.burst())
      keep_newest(step);
    else
      keep(step, step.time_of(record), now(step));
    tell(step);
  }

  void run(graph::Step& step) noexcept override {
    const bool first = !running_;
    take_links(step);
    if (step.pulses(rearm) > 0 && settings_.mode == Mode::stop_when_full) {
      begin_anew();
      step.event(registers::priority::reset, data_log, "rearmed");
    }
    if (anew_ != 0 && !cleared_) emit(step, step.time(), {});
    cleared_ = true;
    const bool enabled = step.enabled(enable);
    if (first && enabled) mark_outage(step);
    const bool asked = step.pulses(record) > 0;
    if (!enabled)
      forget_newest();
    else if (settings_.burst())
      follow_burst(step, asked);
    else if (asked)
      keep(step, step.time_of(record), now(step));
    last_run_s_ = seconds_between({}, step.time());
    tell(step);
  }

  std::span<double> retained() override { return state_; }

 private:
  struct Settings {
    std::uint32_t depth = 0;
    Mode mode = Mode::circular;
    std::uint32_t buffer_depth = 0;
    bool outage_records = false;
    std::uint32_t pre_trigger = 0, post_trigger = 0;
    friend bool operator==(const Settings&, const Settings&) = default;
    bool burst() const { return pre_trigger + post_trigger > 0; }
    std::uint32_t set_size() const { return pre_trigger + post_trigger + 1; }
  };
  /// The sources at the end of one run.
  struct Held {
    Instant time;
    std::array<registers::Value, columns_max> values;
  };

  // Not where the size of a set changes: Depth and Buffer Depth can only be brought after it.
  Result<void> check(const Settings& wanted) const {
    const std::uint32_t set = wanted.set_size();
    if (!wanted.burst() || (configured_ && set != settings_.set_size())) return {};
    for (const auto& [name, records] :
         {std::pair{"Depth", wanted.depth}, {"Buffer Depth", wanted.buffer_depth}})
      if (records % set != 0)
        return fail(ErrorCode::invalid_config,
                    fmt::format("{} of {} is no multiple of the {} records of a burst: {} before, "
                                "1 of the pulse, {} behind it",
                                name, records, set, wanted.pre_trigger, wanted.post_trigger));
    return {};
  }

  // Retained, so that a log is cleared also where the power fails before its next record.
  void begin_anew() {
    records_ = 0;
    anew_ = 1;
    cleared_ = false;
    forget_newest();
  }

  // What is linked at the first run is what was linked before.
  void take_links(const graph::Step& step) {
    const bool same = std::ranges::equal(step.sources(), links_);
    if (running_ && !same) begin_anew();
    running_ = true;
    if (same) return;
    std::ranges::copy(step.sources(), links_.begin());
    columns_count_ = 0;
    for (std::size_t i = first_source; i < inputs_max; ++i)
      if (step.linked(i)) {
        column_inputs_[columns_count_] = i;
        columns_[columns_count_++] = step.source_of(i);
      }
  }

  bool full() const {
    return settings_.mode == Mode::stop_when_full && records_ >= settings_.depth;
  }

  void mark_outage(graph::Step& step) {
    const Instant from = Instant{}.plus_s(last_run_s_), to = step.time().plus_s(-step.duration_s());
    if (last_run_s_ <= 0 || seconds_between(from, to) < outage_s_min) return;
    if (!settings_.outage_records || settings_.buffer_depth != settings_.depth) return;
    values_.fill({});
    for (const Instant time : {from, to}) keep(step, time, values_);
  }

  // Each run is remembered until it is recorded or too old, so that what lies between two pulses is
  // recorded once, however near they are.
  void follow_burst(graph::Step& step, bool asked) {
    Held& held = newest_[(oldest_ + held_) % newest_.size()];
    if (held_ == newest_.size())
      oldest_ = (oldest_ + 1) % newest_.size();
    else
      ++held_;
    held.time = step.time();
    held.values = now(step);
    if (asked) left_ = settings_.post_trigger + 1;
    if (left_ == 0) return;
    --left_;
    keep_newest(step);
  }

  void keep_newest(graph::Step& step) {
    for (; held_ > 0; --held_, oldest_ = (oldest_ + 1) % newest_.size())
      keep(step, newest_[oldest_].time, newest_[oldest_].values);
  }

  void forget_newest() { oldest_ = held_ = left_ = 0; }

  const std::array<registers::Value, columns_max>& now(const graph::Step& step) {
    for (std::size_t c = 0; c < columns_count_; ++c) values_[c] = step.value_of(column_inputs_[c]);
    return values_;
  }

  void keep(graph::Step& step, Instant time, std::span<const registers::Value> values) {
    if (full()) return;
    emit(step, time, values.first(columns_count_));
    records_ = std::min<double>(records_ + 1, settings_.depth);
    anew_ = 0;
    step.out_at(data_log, records_, time);
    step.pulse_at(record_complete, time);
  }

  void emit(graph::Step& step, Instant time, std::span<const registers::Value> values) {
    registers::LogRecord record;
    record.time = time;
    record.log = step.output(data_log);
    record.columns = std::span(columns_).first(values.size());
    record.values = values;
    record.depth = settings_.depth;
    record.begins_anew = anew_ != 0;
    record.buffer_depth = settings_.buffer_depth;
    step.record(record);
  }

  void tell(graph::Step& step) {
    step.out(records_left, std::max(0.0, settings_.depth - records_));
    step.out(log_full, full());
  }

  Settings settings_;
  bool configured_ = false, running_ = false, cleared_ = false;
  std::array<registers::Index, inputs_max> links_{};
  std::array<registers::Index, columns_max> columns_{};
  std::array<std::size_t, columns_max> column_inputs_{};
  std::array<registers::Value, columns_max> values_{};
  std::size_t columns_count_ = 0;
  std::vector<Held> newest_;  ///< of bursts: the runs not recorded yet, a ring
  std::size_t oldest_ = 0, held_ = 0;
  std::uint32_t left_ = 0;  ///< runs that are recorded from this one on
  std::array<double, 3> state_{};
  double& records_ = state_[0];
  double& anew_ = state_[1];
  double& last_run_s_ = state_[2];
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_recorder();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<DataRecorder>(); }

}  // namespace polyphase::modules::data_recorder
