#include "modules/extreme/extreme.hpp"

#include <array>
#include <cmath>

#include "graph/describe.hpp"

namespace polyphase::modules::extreme {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { source, enable, reset };
enum Setting : std::size_t { reset_lockout };
enum Output : std::size_t { extreme, trigger };
enum class Kind { minimum, maximum };

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr double s_per_day = 86'400;

graph::ModuleDescriptor describe_extreme(Kind kind) {
  const bool low = kind == Kind::minimum;
  graph::ModuleDescriptor d;
  d.type = low ? "Minimum" : "Maximum";
  d.number = low ? 12 : 13;
  d.instances_max = 1'000;
  d.help =
      std::string(low ? "The lowest" : "The highest") + " value of a source since the last reset.";
  d.inputs = {
      describe::mandatory("Source", RegisterType::numeric, "the quantity; N/A is ignored"),
      describe::enable("the output stays"),
      describe::optional("Reset", RegisterType::pulse, "the output to N/A, also while disabled"),
  };
  d.setups = {
      describe::number("Reset Lockout", "d", 0, 366, 0,
                       "a Reset this soon after the last one is ignored; 0: none is"),
  };
  d.outputs = {
      describe::output(d.type, RegisterType::numeric, "",
                       "the extreme; its time is that of the source",
                       low ? graph::Aggregation::minimum : graph::Aggregation::maximum),
      describe::output("Trigger", RegisterType::pulse, "", "a new extreme"),
  };
  d.events = {describe::reset_event(),
              describe::information_event("a Reset was ignored: too soon after the last one"),
              describe::setup_event()};
  d.retained = {"extreme", "time s", "time ns", "reset s"};
  return d;
}

class Extreme final : public graph::Module {
 public:
  explicit Extreme(Kind kind) : kind_(kind) {}

  Result<void> configure(const graph::Setup& setup) override {
    lockout_s_ = setup.number(reset_lockout) * s_per_day;
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const bool relinked = source_ != registers::no_register && source_ != step.source_of(source);
    if (source_ == registers::no_register && available(value_))
      step.out_at(extreme, value_, time());  // after a start
    source_ = step.source_of(source);
    if (takes_reset(step) || relinked) {
      value_ = not_available;
      set_time(relinked ? step.time() : step.time_of(reset));
      step.out(extreme, not_available);
      step.event(registers::priority::reset, extreme, "reset");
    }
    if (!step.enabled(enable)) return;
    const double value = step.in(source);
    const Instant measured = step.time_of(source);
    if (!available(value) || !beyond(value)) return;
    if (!available(value_) && begin_of(measured, step) < time()) return;
    value_ = value;
    set_time(measured);
    step.out_at(extreme, value, measured);
    step.pulse_at(trigger, measured);
  }

  std::string unit(std::size_t o, const graph::Setup&,
                   std::span<const std::string> inputs) const override {
    return o == extreme ? inputs[source] : std::string();
  }

  std::span<double> retained() override { return state_; }

 private:
  bool takes_reset(graph::Step& step) {
    if (step.pulses(reset) == 0) return false;
    const double now_s = seconds_between(Instant{}, step.time());
    // Also where the clock was put back: that would be a way around it.
    if (available(last_reset_s_) && std::abs(now_s - last_reset_s_) < lockout_s_) {
      step.event(registers::priority::information, extreme, "reset ignored: too soon");
      return false;
    }
    last_reset_s_ = now_s;
    return true;
  }

  // About when the interval of a value began: whole cycles do not fill a second exactly.
  static Instant begin_of(Instant measured, const graph::Step& step) {
    constexpr double surely = 0.95;
    return measured.plus_s(-surely * step.duration_s());
  }

  bool beyond(double value) const {
    return !available(value_) || (kind_ == Kind::minimum ? value < value_ : value > value_);
  }
  // Of the extreme, or while there is none, of the last reset; whole seconds and the rest, since a
  // number holds no nanoseconds of this century.
  Instant time() const {
    if (!available(seconds_)) return {std::numeric_limits<std::int64_t>::min()};
    return {static_cast<std::int64_t>(seconds_) * ns_per_s +
            static_cast<std::int64_t>(nanoseconds_)};
  }
  void set_time(Instant time) {
    seconds_ = static_cast<double>(time.ns / ns_per_s);
    nanoseconds_ = static_cast<double>(time.ns % ns_per_s);
  }

  Kind kind_;
  registers::Index source_ = registers::no_register;
  double lockout_s_ = 0;
  std::array<double, 4> state_{not_available, not_available, 0, not_available};
  double& value_ = state_[0];
  double& seconds_ = state_[1];
  double& nanoseconds_ = state_[2];
  double& last_reset_s_ = state_[3];
};

}  // namespace

const graph::ModuleDescriptor& minimum_descriptor() {
  static const graph::ModuleDescriptor d = describe_extreme(Kind::minimum);
  return d;
}

const graph::ModuleDescriptor& maximum_descriptor() {
  static const graph::ModuleDescriptor d = describe_extreme(Kind::maximum);
  return d;
}

std::unique_ptr<graph::Module> create_minimum() { return std::make_unique<Extreme>(Kind::minimum); }
std::unique_ptr<graph::Module> create_maximum() { return std::make_unique<Extreme>(Kind::maximum); }

}  // namespace polyphase::modules::extreme
