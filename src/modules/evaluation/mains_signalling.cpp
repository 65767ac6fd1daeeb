#include "pq/mains_signalling.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "graph/describe.hpp"
#include "modules/evaluation/counting.hpp"
#include "modules/evaluation/evaluation.hpp"
#include "pq/en50160.hpp"

namespace polyphase::modules::evaluation {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { source, nominal, first_counting_input, flag = first_counting_input + 4 };
enum Setting : std::size_t {
  channel,
  frequency,
  method,
  limit,
  first_counting_setup,
  record_threshold = first_counting_setup + 3,
  record_duration,
  signal_priority,
};
enum Output : std::size_t { num_exceed = 2, exceeded = 5, magnitude, highest, signal };
enum Kept : std::size_t { exceed, highest_value, kept_end };

graph::ModuleDescriptor describe_evaluation() {
  graph::ModuleDescriptor d;
  d.type = "Mains Signalling Evaluation";
  d.number = 62;
  d.help = "The signalling voltage at one frequency, and how often it was above its limit.";
  d.inputs = {
      describe::dataset("Source", "window", "the spectrum with its single bins"),
      describe::setup_link("Nominal", RegisterType::numeric, "nominal voltage: 100 %"),
  };
  add_inputs(d, "nothing is measured, the outputs stay", "an interval of 3 s is over");
  d.inputs.push_back(describe::optional("Flag", RegisterType::boolean,
                                        "on at Evaluate: the interval is flagged as disturbed"));
  d.inputs[source].mandatory = true;
  d.setups = {
      describe::choice("Channel", {"V1", "V2", "V3"}, 0, "which input"),
      describe::number("Frequency", "Hz", 0, 3'000, 0, "of the signal; 0: none is set up"),
      describe::choice("Method", {"FOUR BINS", "NEAREST BIN"}, 0,
                       "root of the sum of squares of the four nearest bins, or the nearest alone"),
      describe::number("Limit", "%", 0, 100, 0, "0: by the curve of EN 50160"),
  };
  add_setups(d, pq::en50160::mains_signalling().usual.beyond_percent_max);
  d.setups.push_back(
      describe::number("Record Threshold", "%", 0, 15, 0, "a signal begins above this; 0: off"));
  d.setups.push_back(
      describe::number("Record Duration", "s", 1, 120, 120, "it is told as over at the latest"));
  d.setups.push_back(
      describe::number("Signal EvPriority", "", 0, 255, 0, "of the disturbance; 0: none is told"));
  add_counters(d);
  add_output(d, "Magnitude", RegisterType::numeric, "%",
             "of the interval evaluated last, of Nominal");
  add_output(d, "Highest", RegisterType::numeric, "%", "of the valid intervals");
  add_output(d, "Signal", RegisterType::boolean, "", "1 while a signal is there");
  d.events = {
      {"Limit", -1, "signalling limit exceeded"}, describe::reset_event(), describe::setup_event()};
  d.retained = {"valid", "invalid", "exceed", "highest"};
  return d;
}

class MainsSignalling final : public Counting {
 public:
  MainsSignalling() : Counting({first_counting_input, first_counting_setup}, kept_end) {}

  Result<void> configure(const graph::Setup& setup) override {
    channel_ = setup.choice(channel);
    frequency_hz_ = setup.number(frequency);
    method_ = setup.choice(method) == 0 ? pq::SignallingMethod::four_bins
                                        : pq::SignallingMethod::nearest_bin;
    limit_ = setup.number(limit) > 0 ? setup.number(limit)
                                     : pq::en50160::signalling_limit(frequency_hz_);
    configure_counting(setup);
    record_threshold_ = setup.number(record_threshold);
    record_duration_s_ = setup.number(record_duration);
    signal_priority_ = static_cast<std::uint8_t>(setup.number(signal_priority));
    return {};
  }

  void finish(graph::Step& step) noexcept override {
    Counting::finish(step);
    if (began_) end_signal(step, step.time(), true);
  }

 private:
  void gather(graph::Step& step) override {
    const auto* window = step.dataset<metering::WindowData>(source);
    const double base = step.linked(nominal) ? step.value_of(nominal).number : not_available;
    if (window == nullptr || !(base > 0)) return;
    const double percent =
        100 * pq::signalling_rms(*window, channel_, frequency_hz_, method_) / base;
    if (!available(percent)) return;
    squares_ += percent * percent;
    windows_ += 1;
    quality_ |= step.quality();
    watch(percent, base, step);
  }

  bool judge(graph::Step& step) override {
    newest_ = windows_ > 0 ? std::sqrt(squares_ / windows_) : not_available;
    newest_quality_ = std::exchange(quality_, {});
    if (step.linked(flag) && step.value_of(flag).number == 1)
      newest_quality_.add(Quality::disturbed);
    squares_ = windows_ = 0;
    if (!available(newest_) || !available(limit_) || left_out(step, newest_quality_)) return false;
    kept(highest_value) = std::max(kept(highest_value), newest_);
    if (!(newest_ > limit_)) return true;
    kept(exceed) += 1;
    step.pulse(exceeded);
    if (priority() != 0) step.event(priority(), num_exceed, "signalling limit exceeded");
    return true;
  }

  void tell(graph::Step& step) const override {
    tell_counters(step);
    step.out(magnitude, newest_, newest_quality_);
    step.out(highest, valid() > 0 ? kept(highest_value) : not_available);
  }

  // ---- the signal itself

  void watch(double percent, double base, graph::Step& step) {
    const bool there = record_threshold_ > 0 && percent > record_threshold_;
    const Instant window_begin = step.time().plus_s(-step.duration_s());
    if (there && !began_ && !told_) {
      began_ = window_begin;
      extreme_v_ = 0;
    }
    if (!there) told_ = false;  // one that lasts too long is told once
    if (began_) {
      nominal_v_ = base;
      if (there) extreme_v_ = std::max(extreme_v_, percent * base / 100);
      if (!there || seconds_between(*began_, step.time()) >= record_duration_s_) {
        told_ = there;
        end_signal(step, there ? step.time() : window_begin, false);
      }
    }
    step.out(signal, began_.has_value());
  }

  // Ended is what the window that no longer shows it began with, as with every event.
  void end_signal(graph::Step& step, Instant end, bool open) {
    registers::Disturbance told;
    told.type = "mains-signal";
    told.time = *began_;
    told.end = end;
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
  double frequency_hz_ = 0, limit_ = 0, record_threshold_ = 0, record_duration_s_ = 0;
  pq::SignallingMethod method_ = pq::SignallingMethod::four_bins;
  std::uint8_t signal_priority_ = 0;

  double squares_ = 0, windows_ = 0;  ///< since the last evaluation
  Quality quality_;
  double newest_ = not_available;
  Quality newest_quality_;
  std::optional<Instant> began_;
  bool told_ = false;
  double extreme_v_ = 0, nominal_v_ = not_available;
};

}  // namespace

const graph::ModuleDescriptor& mains_signalling_descriptor() {
  static const graph::ModuleDescriptor d = describe_evaluation();
  return d;
}

std::unique_ptr<graph::Module> create_mains_signalling() {
  return std::make_unique<MainsSignalling>();
}

}  // namespace polyphase::modules::evaluation
