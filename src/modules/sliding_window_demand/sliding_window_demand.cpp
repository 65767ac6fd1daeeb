#include "modules/sliding_window_demand/sliding_window_demand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "graph/describe.hpp"

namespace polyphase::modules::sliding_window_demand {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { source, enable, sync, reset };
enum Setting : std::size_t { sub_interval, sub_interval_count, prediction_response, update_rate };
enum Output : std::size_t { demand, predicted, time_left, interval_end };

constexpr std::size_t sub_intervals_max = 15;
constexpr double measured_share_min = 0.9;
constexpr double late_sync_share_max = 0.1;
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();
constexpr double partial_s_min = 0.1;  // whole cycles differ less than this from the clock
constexpr Quality partial{Quality::partial};

graph::ModuleDescriptor describe_demand() {
  graph::ModuleDescriptor d;
  d.type = "Sliding Window Demand";
  d.number = 11;
  d.help = "Mean of a quantity over the last sub-intervals, and a prediction of it.";
  d.inputs = {
      describe::mandatory("Source", RegisterType::numeric, "the quantity"),
      describe::enable("outputs N/A, the running interval is lost"),
      describe::optional("Sync", RegisterType::pulse,
                         "sub-intervals begin at its pulses instead of with the clock"),
      describe::optional("Reset", RegisterType::pulse, "forgets all sub-intervals"),
  };
  d.setups = {
      describe::number("Sub Intvl", "s", 1, 86'400, 900, "length of a sub-interval"),
      describe::number("#SubIntvls", "", 1, sub_intervals_max, 1,
                       "how many make the demand interval; 1: block demand"),
      describe::number("Pred Resp", "", 0, 99, 70,
                       "how fast the prediction follows the load; 99: at once"),
      describe::choice("Update Rate", {"END OF SUBINTERVAL", "SECOND"}, 0,
                       "when SWinDemand is updated"),
  };
  d.outputs = {
      describe::output("SWinDemand", RegisterType::numeric, "", "mean over the last sub-intervals"),
      describe::output("PredDemand", RegisterType::numeric, "",
                       "SWinDemand expected at the end of the running sub-interval"),
      describe::output("Time Left", RegisterType::numeric, "s",
                       "until the running sub-interval ends"),
      describe::output("Trigger", RegisterType::pulse, "", "a sub-interval has ended"),
  };
  d.events = {
      describe::reset_event("reset, or resynchronised by a pulse that was not expected then"),
      describe::information_event("the demand is no longer available"), describe::setup_event()};
  d.retained = {"begin s", "sum", "measured s", "load"};
  for (std::size_t i = 1; i <= sub_intervals_max; ++i)
    d.retained.push_back(fmt::format("average {}", i));
  return d;
}

class Demand final : public graph::Module {
 public:
  Demand() { forget(); }

  Result<void> configure(const graph::Setup& setup) override {
    const double length_s = setup.number(sub_interval);
    const std::size_t count = setup.choice(sub_interval_count);
    if (length_s != length_s_ || count != count_) {
      if (count_ != 0) forget();
      length_s_ = length_s;
      count_ = count;
    }
    response_ = (setup.number(prediction_response) + 1) / 100;
    every_second_ = setup.enabled(update_rate);
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const bool relinked = source_ != registers::no_register && source_ != step.source_of(source);
    source_ = step.source_of(source);
    if (step.pulses(reset) > 0 || relinked) {
      forget();
      withdraw(step);
      step.event(registers::priority::reset, demand, "reset");
    }
    const bool sync_pulse = step.pulses(sync) > 0;
    if (!step.enabled(enable)) {
      forget();
      withdraw(step);
      return;
    }
    open(step);
    add(step.in(source), step.duration_s());
    if (sync_pulse)
      synchronise(step);
    else if (step.time() >= end_)
      complete(end_, step, false);
    tell(step);
  }

  std::string unit(std::size_t o, const graph::Setup&,
                   std::span<const std::string> inputs) const override {
    return o == demand || o == predicted ? inputs[source] : std::string();
  }

  std::span<double> retained() override { return state_; }

 private:
  bool is_open() const { return available(begin_s_); }
  bool restored() const { return end_.ns == never; }
  Instant begin() const { return Instant{}.plus_s(begin_s_); }

  void forget() {
    state_.fill(not_available);
    sum_ = measured_s_ = 0;
    ended_by_sync_ = true;
  }

  void withdraw(graph::Step& step) {
    for (const Output o : {demand, predicted, time_left}) step.out(o, not_available);
  }

  Instant next_clock_multiple(Instant time) const {
    const auto length_ns = std::llround(length_s_ * 1e9);
    std::int64_t index = time.ns / length_ns;
    if (time.ns % length_ns > 0) ++index;
    return {index * length_ns};
  }

  // Makes the running sub-interval the one that this step lies in.
  void open(graph::Step& step) {
    const Instant step_begin = step.time().plus_s(-step.duration_s());
    if (is_open() && restored()) end_ = begin().plus_s(length_s_);
    const double lost = is_open() ? seconds_between(end_, step_begin) / length_s_ : 0;
    if (is_open() && (step.time() < begin() || lost > static_cast<double>(count_))) {
      forget();  // the clock went back, or nothing of the window is left
      withdraw(step);
    }
    while (is_open() && step_begin > end_) complete(end_, step, false);
    if (is_open()) return;
    start_at(step.linked(sync) ? step_begin : next_clock_multiple(step.time()).plus_s(-length_s_));
    fragment_ = true;
  }

  void start_at(Instant begin) {
    begin_s_ = seconds_between(Instant{}, begin);
    end_ = begin.plus_s(length_s_);
    sum_ = measured_s_ = 0;
    fragment_ = false;
  }

  void add(double value, double duration_s) {
    if (!available(value)) return;
    sum_ += value * duration_s;
    measured_s_ += duration_s;
    load_ =
        available(load_) ? value + (load_ - value) * std::pow(1 - response_, duration_s) : value;
  }

  void synchronise(graph::Step& step) {
    const double passed_s = seconds_between(begin(), step.time());
    if (!ended_by_sync_ && passed_s <= late_sync_share_max * length_s_) {
      end_ = step.time().plus_s(length_s_);
      ended_by_sync_ = true;
      return;
    }
    const bool expected = std::abs(passed_s - length_s_) <= late_sync_share_max * length_s_;
    complete(step.time(), step, true);
    if (!expected) step.event(registers::priority::reset, demand, "resynchronised");
  }

  void complete(Instant end, graph::Step& step, bool by_sync) {
    const double length_s = seconds_between(begin(), end);
    const double expected_s = fragment_ ? std::max(length_s, length_s_) : length_s;
    const bool measured = measured_s_ > 0 && measured_s_ >= measured_share_min * expected_s;
    std::rotate(averages_.begin(), averages_.end() - 1, averages_.end());
    averages_[0] = measured ? sum_ / measured_s_ : not_available;
    const double before = step.current(demand), now = mean();
    if (length_s - measured_s_ > partial_s_min)
      step.out(demand, now, partial);
    else
      step.out_at(demand, now, end);
    step.pulse_at(interval_end, end);
    if (available(before) && !available(now))
      step.event(registers::priority::information, demand,
                 "demand not available: too little was measured");
    start_at(end);
    ended_by_sync_ = by_sync;
  }

  double mean() const {
    double sum = 0;
    for (std::size_t i = 0; i < count_; ++i) sum += averages_[i];
    return sum / static_cast<double>(count_);
  }

  // The window that ends with the running sub-interval, whose rest has the average `rest`.
  double with_rest(double rest, double unknown) const {
    double sum = sum_ + rest * std::max(0.0, length_s_ - measured_s_);
    for (std::size_t i = 0; i + 1 < count_; ++i)
      sum += length_s_ * (available(averages_[i]) ? averages_[i] : unknown);
    const double measured_s = std::max(length_s_, measured_s_);
    return sum / (measured_s + static_cast<double>(count_ - 1) * length_s_);
  }

  void tell(graph::Step& step) {
    step.out(predicted, with_rest(load_, load_));
    step.out(time_left, std::max(0.0, seconds_between(step.time(), end_)));
    if (every_second_)
      step.out(demand, with_rest(averages_[count_ - 1], not_available));
    else if (!available(step.current(demand)) && available(mean()))
      step.out_at(demand, mean(), begin());  // after a start
  }

  double length_s_ = 0, response_ = 1;
  std::size_t count_ = 0;
  bool every_second_ = false;
  registers::Index source_ = registers::no_register;
  Instant end_{never};
  bool ended_by_sync_ = true, fragment_ = true;
  std::array<double, 4 + sub_intervals_max> state_{};
  double& begin_s_ = state_[0];
  double& sum_ = state_[1];
  double& measured_s_ = state_[2];
  double& load_ = state_[3];
  std::span<double> averages_ = std::span(state_).subspan(4);  ///< newest first; N/A: not known
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_demand();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Demand>(); }

}  // namespace polyphase::modules::sliding_window_demand
