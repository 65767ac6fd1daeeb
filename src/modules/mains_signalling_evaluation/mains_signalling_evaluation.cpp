#include "modules/mains_signalling_evaluation/mains_signalling_evaluation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "graph/describe.hpp"
#include "pq/en50160.hpp"
#include "pq/interval_count.hpp"
#include "pq/mains_signalling.hpp"

namespace polyphase::modules::mains_signalling_evaluation {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

constexpr double counter_priority = 50, signal_priority_initial = 0;

enum Input : std::size_t { source, nominal, valid, flag, enable, evaluate, reset };
enum Setting : std::size_t {
  channel,
  frequency,
  method,
  limit,
  flagged,
  exceed_max,
  priority,
  record_threshold,
  record_duration,
  signal_priority,
};
enum Output : std::size_t {
  num_valid,
  num_invalid,
  num_exceed,
  exceed_ratio,
  complies,
  exceeded,
  magnitude,
  highest,
  signal,
};

graph::ModuleDescriptor describe_evaluation() {
  graph::ModuleDescriptor d;
  d.type = "Mains Signalling Evaluation";
  d.number = 62;
  d.help = "The signalling voltage at one frequency, and how often it was above its limit.";
  d.inputs = {
      describe::dataset("Source", "window", "the spectrum with its single bins"),
      describe::setup_link("Nominal", RegisterType::numeric, "nominal voltage: 100 %"),
      describe::optional("Valid", RegisterType::boolean, "off at Evaluate: counts as invalid"),
      describe::optional("Flag", RegisterType::boolean,
                         "on at Evaluate: the interval is flagged as disturbed"),
      describe::enable("nothing is measured, the outputs stay"),
      describe::mandatory("Evaluate", RegisterType::pulse, "an interval of 3 s is over"),
      describe::optional("Reset", RegisterType::pulse,
                         "counters to N/A until the next evaluation, also while disabled"),
  };
  d.inputs[source].mandatory = true;
  d.setups = {
      describe::choice("Channel", {"V1", "V2", "V3"}, 0, "which input"),
      describe::number("Frequency", "Hz", 100, 3'000, 1'060, "of the signal"),
      describe::choice("Method", {"FOUR BINS", "NEAREST BIN"}, 0,
                       "root of the sum of squares of the four nearest bins, or the nearest alone"),
      describe::number("Limit", "%", 0, 100, 0, "0: by the curve of EN 50160"),
      describe::choice("Flagged", {"EXCLUDE", "COUNT"}, 0,
                       "whether disturbed or incomplete intervals are invalid"),
      describe::number("Exceed Max", "%", 0, 100,
                       pq::en50160::mains_signalling().usual.beyond_percent_max,
                       "share that may exceed, for Complies"),
      describe::event_priority(counter_priority),
      describe::number("Record Threshold", "%", 0, 15, 0, "a signal begins above this; 0: off"),
      describe::number("Record Duration", "s", 1, 120, 120, "it is told as over at the latest"),
      describe::number("Signal EvPriority", "", 0, 255, signal_priority_initial,
                       "of the disturbance; 0: none is told"),
  };
  const auto add = [&](const char* name, RegisterType type, const char* unit, const char* help) {
    d.outputs.push_back(describe::output(name, type, unit, help));
    d.outputs.back().cadence = graph::Cadence::second;
  };
  add("Num Valid", RegisterType::numeric, "", "valid intervals");
  add("Num Invalid", RegisterType::numeric, "", "intervals that were not evaluated");
  add("Num Exceed", RegisterType::numeric, "", "valid intervals above the limit");
  add("Exceed Ratio", RegisterType::numeric, "%", "Num Exceed over Num Valid");
  add("Complies", RegisterType::boolean, "", "1: Exceed Ratio is at most Exceed Max");
  add("Exceeded", RegisterType::pulse, "", "an interval was above the limit");
  add("Magnitude", RegisterType::numeric, "%", "of the interval evaluated last, of Nominal");
  add("Highest", RegisterType::numeric, "%", "of the valid intervals");
  add("Signal", RegisterType::boolean, "", "1 while a signal is there");
  d.events = {
      {"Limit", -1, "signalling limit exceeded"}, describe::reset_event(), describe::setup_event()};
  d.retained = {"valid", "invalid", "exceed", "highest"};
  return d;
}

class Evaluation final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    channel_ = setup.choice(channel);
    frequency_hz_ = setup.number(frequency);
    method_ = setup.choice(method) == 0 ? pq::SignallingMethod::four_bins
                                        : pq::SignallingMethod::nearest_bin;
    limit_ = setup.number(limit) > 0 ? setup.number(limit)
                                     : pq::en50160::signalling_limit(frequency_hz_);
    excludes_ = setup.choice(flagged) == 0;
    exceed_max_ = setup.number(exceed_max);
    priority_ = static_cast<std::uint8_t>(setup.number(priority));
    record_threshold_ = setup.number(record_threshold);
    record_duration_s_ = setup.number(record_duration);
    signal_priority_ = static_cast<std::uint8_t>(setup.number(signal_priority));
    return {};
  }

  void run(graph::Step& step) noexcept override {
    if (step.pulses(reset) > 0) {
      state_.fill(0);
      tell(step);
      step.event(registers::priority::reset, num_valid, "reset");
    } else if (!started_) {
      tell(step);  // what was retained
    }
    started_ = true;
    const bool now = step.pulses(evaluate) > 0;
    if (!step.enabled(enable)) return;
    gather(step);
    if (!now) return;
    judge(step);
    tell(step);
  }

  void finish(graph::Step& step) noexcept override {
    if (began_) end_signal(step, true);
  }

  std::span<double> retained() override { return state_; }

 private:
  void gather(graph::Step& step) {
    const auto* window = step.dataset<metering::WindowData>(source);
    const double base = step.linked(nominal) ? step.value_of(nominal).number : not_available;
    if (window == nullptr || !(base > 0)) return;
    const double percent = 100 * pq::signalling_rms(*window, channel_, frequency_hz_, method_) / base;
    if (!available(percent)) return;
    squares_ += percent * percent;
    windows_ += 1;
    quality_ |= step.quality();
    watch(percent, base, step);
  }

  void judge(graph::Step& step) {
    newest_ = windows_ > 0 ? std::sqrt(squares_ / windows_) : not_available;
    if (step.linked(flag) && step.value_of(flag).number == 1) quality_.add(Quality::disturbed);
    const bool doubtful = quality_.has(Quality::disturbed) || quality_.has(Quality::partial);
    const bool counts = available(newest_) && available(limit_) && !(excludes_ && doubtful) &&
                        (!step.linked(valid) || step.value_of(valid).number == 1);
    squares_ = windows_ = 0;
    quality_ = {};
    if (!counts) {
      invalid_ += 1;
      return;
    }
    valid_ += 1;
    highest_ = std::max(highest_, newest_);
    if (!(newest_ > limit_)) return;
    exceed_ += 1;
    step.pulse(exceeded);
    if (priority_ != 0) step.event(priority_, num_exceed, "signalling limit exceeded");
  }

  void tell(graph::Step& step) const {
    const bool evaluated = valid_ + invalid_ > 0, any = valid_ > 0;
    const double ratio = pq::IntervalCount{valid_, invalid_, exceed_}.beyond_percent();
    step.out(num_valid, evaluated ? valid_ : not_available);
    step.out(num_invalid, evaluated ? invalid_ : not_available);
    step.out(num_exceed, evaluated ? exceed_ : not_available);
    step.out(exceed_ratio, ratio);
    step.out(complies, any ? static_cast<double>(ratio <= exceed_max_) : not_available);
    step.out(magnitude, newest_);
    step.out(highest, any ? highest_ : not_available);
  }

  // ---- the signal itself

  void watch(double percent, double base, graph::Step& step) {
    const bool there = record_threshold_ > 0 && percent > record_threshold_;
    if (there && !began_ && !told_) {
      began_ = step.time().plus_s(-step.duration_s());
      extreme_v_ = 0;
    }
    if (!there) told_ = false;  // one that lasts too long is told once
    if (began_) {
      nominal_v_ = base;
      if (there) extreme_v_ = std::max(extreme_v_, percent * base / 100);
      if (!there || seconds_between(*began_, step.time()) >= record_duration_s_) {
        told_ = there;
        end_signal(step, false);
      }
    }
    step.out(signal, began_.has_value());
  }

  void end_signal(graph::Step& step, bool open) {
    registers::Disturbance told;
    told.type = "mains-signal";
    told.time = *began_;
    told.end = step.time();
    told.open = open;
    told.nominal = nominal_v_;
    told.extreme = extreme_v_;
    told.priority = signal_priority_;
    told.quality = step.quality();
    told.per_channel[channel_] = {true, extreme_v_, seconds_between(told.time, told.end)};
    if (signal_priority_ != 0) step.disturbance(told);
    began_.reset();
  }

  std::size_t channel_ = 0;
  double frequency_hz_ = 0, limit_ = 0, exceed_max_ = 0, record_threshold_ = 0,
         record_duration_s_ = 0;
  pq::SignallingMethod method_ = pq::SignallingMethod::four_bins;
  bool excludes_ = true, started_ = false;
  std::uint8_t priority_ = 0, signal_priority_ = 0;

  double squares_ = 0, windows_ = 0;  ///< since the last evaluation
  Quality quality_;
  double newest_ = not_available;
  std::optional<Instant> began_;
  bool told_ = false;
  double extreme_v_ = 0, nominal_v_ = not_available;
  std::array<double, 4> state_{};
  double &valid_ = state_[0], &invalid_ = state_[1], &exceed_ = state_[2], &highest_ = state_[3];
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_evaluation();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Evaluation>(); }

}  // namespace polyphase::modules::mains_signalling_evaluation
