#include "modules/periodic_timer/periodic_timer.hpp"

#include <array>
#include <cmath>
#include <optional>

#include "graph/describe.hpp"

namespace polyphase::modules::periodic_timer {
namespace {

using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { enable, sync };
enum Setting : std::size_t { period, sync_mode };
enum Output : std::size_t { trigger, time_left, after_trigger, begin };

graph::ModuleDescriptor describe_timer() {
  graph::ModuleDescriptor d;
  d.type = "Periodic Timer";
  d.number = 16;
  d.cadence = graph::Cadence::second;
  d.help = "Pulses each Period, aligned to the clock or to Sync.";
  d.inputs = {
      describe::enable("no pulses"),
      describe::optional("Sync", RegisterType::pulse,
                         "linked: periods begin here instead of with the clock"),
  };
  d.setups = {
      describe::number("Period", "s", 1, 31'536'000, 60, "from pulse to pulse"),
      describe::choice("Sync Mode", {"TRIGGER ON SYNC", "NO TRIG ON SYNC"}, 0,
                       "whether a pulse at Sync is told on"),
  };
  d.outputs = {
      describe::output("Trigger", RegisterType::pulse, "", "a period is over"),
      describe::output("Time Left", RegisterType::numeric, "s", "until the next pulse"),
      describe::output("After Trigger", RegisterType::pulse, "",
                       "one run after Trigger, with its time: what gathers from pulse to pulse "
                       "begins anew here, once it was recorded"),
      describe::output("Begin", RegisterType::pulse, "",
                       "with Trigger, and again after a restart before After Trigger: what gathers "
                       "faster than seconds begins anew here"),
  };
  d.events = {describe::reset_event("resynchronised by a pulse at Sync"), describe::setup_event()};
  d.retained = {"after"};
  return d;
}

class Timer final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    const std::int64_t period_ns = std::llround(setup.number(period) * 1e9);
    if (period_ns != period_ns_) next_.reset();
    period_ns_ = period_ns;
    trigger_on_sync_ = setup.choice(sync_mode) == 0;
    return {};
  }

  void run(graph::Step& step) noexcept override {
    follow(step);
    const bool synchronised = step.pulses(sync) > 0;
    if (!step.enabled(enable)) {
      next_.reset();
      step.out(time_left, graph::not_available);
      return;
    }
    const Instant now = step.time();
    const bool by_sync = step.linked(sync);
    if (by_sync != by_sync_) next_.reset();
    by_sync_ = by_sync;
    if (synchronised) {
      next_ = now.plus_ns(period_ns_);
      if (trigger_on_sync_) tell(now, step);
      step.event(registers::priority::reset, trigger, "resynchronised");
    } else if (!next_ ||
               next_->ns - now.ns > period_ns_) {  // just started, or the clock was put back
      next_ = by_sync ? now.plus_ns(period_ns_) : multiple_from(now);
    }
    if (now >= *next_) {
      tell(*next_, step);
      next_ = next_->plus_ns(((now.ns - next_->ns) / period_ns_ + 1) * period_ns_);
    }
    step.out(time_left, seconds_between(now, *next_));
  }

  std::span<double> retained() override { return state_; }

 private:
  void tell(Instant time, graph::Step& step) {
    step.pulse_at(trigger, time);
    step.pulse_at(begin, time);
    told_ = time;
    follows_ = 1;
  }

  // Also after a restart, so that nothing is counted in two intervals.
  void follow(graph::Step& step) {
    if (follows_ == 0) return;
    const Instant time = told_.value_or(step.time().plus_s(-step.duration_s()));
    step.pulse_at(after_trigger, time);
    if (!told_) step.pulse_at(begin, time);
    follows_ = 0;
  }

  // The first multiple of the period at or after a time.
  Instant multiple_from(Instant time) const {
    const std::int64_t rest = time.ns % period_ns_;
    return time.plus_ns(rest > 0 ? period_ns_ - rest : -rest);
  }

  std::int64_t period_ns_ = 0;
  bool trigger_on_sync_ = true, by_sync_ = false;
  std::optional<Instant> next_, told_;
  std::array<double, 1> state_{};
  double& follows_ = state_[0];
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_timer();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Timer>(); }

}  // namespace polyphase::modules::periodic_timer
