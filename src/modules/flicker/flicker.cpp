#include "modules/flicker/flicker.hpp"

#include <array>
#include <cmath>
#include <optional>

#include "graph/describe.hpp"
#include "metering/datasets.hpp"
#include "metering/readings.hpp"
#include "pq/flicker_filter.hpp"
#include "pq/flicker_severity.hpp"

namespace polyphase::modules::flicker {
namespace {

using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { half_cycle, nominal_frequency, volts_mode, disturbance, enable };
enum Setting : std::size_t { lamp };
enum Output : std::size_t { pinst, pst, plt, outputs_a_phase, pst_ready = 9, plt_ready };
enum LampChoice : std::size_t { automatic, lamp_230v, lamp_120v };

constexpr std::size_t phases = 3;
constexpr std::int64_t short_ns = 600'000'000'000;
constexpr std::size_t short_in_long = 12;
constexpr double short_s = 600;
constexpr double bridged_max = 0.1;              // of a half cycle
constexpr double missing_s_max = 0.5;            // of a whole interval
constexpr double counted_s_min = 0.9 * short_s;  // for a Pst at all

graph::ModuleDescriptor describe_flicker() {
  graph::ModuleDescriptor d;
  d.type = "Flicker";
  d.number = 61;
  d.help =
      "Instantaneous flicker sensation, severity of ten minutes (Pst) and of two hours (Plt) of "
      "three voltages.";
  d.inputs = {
      describe::dataset("Half Cycle", "half cycle", "the samples of the half cycle just ended"),
      describe::setup_link("NomFreq", RegisterType::numeric, "50 or 60 Hz; not linked: 50"),
      describe::setup_link("Volts Mode", RegisterType::enumerated,
                           "of the Power Meter: SINGLE has no V3"),
      describe::optional("Disturbed", RegisterType::boolean,
                         "1 during a sag, swell or interruption, which its interval then shows"),
      describe::enable("all outputs N/A; then everything begins anew"),
  };
  d.inputs[half_cycle].mandatory = true;
  d.setups = {describe::choice("Lamp", {"AUTO", "230V", "120V"}, automatic,
                               "whose flicker is judged; AUTO: 230 V at 50 Hz, 120 V at 60 Hz")};
  for (const char* phase : {"V1", "V2", "V3"}) {
    const std::string name = phase;
    d.outputs.push_back(describe::output(name + " Pinst", RegisterType::numeric, "",
                                         "instantaneous flicker sensation, highest of the interval",
                                         graph::Aggregation::maximum));
    d.outputs.push_back(describe::output(name + " Pst", RegisterType::numeric, "",
                                         "short-term flicker severity, of ten minutes"));
    d.outputs.back().interval_s = short_s;
    d.outputs.push_back(describe::output(name + " Plt", RegisterType::numeric, "",
                                         "long-term flicker severity, of two hours"));
    d.outputs.back().interval_s = short_s * short_in_long;
  }
  d.outputs.push_back(
      describe::output("Pst Ready", RegisterType::pulse, "", "Pst was told, every ten minutes"));
  d.outputs.push_back(
      describe::output("Plt Ready", RegisterType::pulse, "", "Plt was told, every two hours"));
  d.events = {describe::setup_event()};
  return d;
}

std::size_t place_of(Instant tick) {
  constexpr auto places = static_cast<std::int64_t>(short_in_long);
  return static_cast<std::size_t>(((tick.ns / short_ns) % places + places) % places);
}

/// What the open intervals of one voltage hold.
struct Phase {
  pq::FlickerLevels levels;
  Quality quality;                          ///< of the ten minutes
  std::array<double, short_in_long> pst{};  ///< of the two hours, by place_of(); N/A: none
  Quality long_quality;
  double highest = not_available;  ///< Pinst of this half cycle
};

class Flicker final : public graph::Module {
 public:
  Flicker() { forget_all(); }

  Result<void> configure(const graph::Setup& setup) override {
    lamp_ = static_cast<LampChoice>(setup.choice(lamp));
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const auto* data = step.dataset<metering::HalfCycleData>(half_cycle);
    if (data == nullptr || data->samples == nullptr) return;
    const double nominal_hz = step.linked(nominal_frequency) ? step.in(nominal_frequency) : 50;
    const bool single = step.linked(volts_mode) &&
                        step.in(volts_mode) == static_cast<double>(metering::VoltsMode::single);
    if (!step.enabled(enable)) return switch_off(step);
    present_ = static_cast<ChannelMask>(data->present & (single ? 0x3u : 0x7u));
    follow(*data, nominal_hz == 60 ? 60 : 50);
    gather_quality(step, *data->half_cycle);
    count_to(data->half_cycle->end, *data->samples);
    for (std::size_t p = 0; p < phases; ++p)
      step.out(p * outputs_a_phase + pinst, here(p) ? phase_[p].highest : not_available,
               data->half_cycle->quality[p]);
    follow_clock(step, data->end, 2 * (data->end.ns - data->begin.ns));
  }

 private:
  bool here(std::size_t p) const { return (present_ >> p & 1) != 0; }

  void switch_off(graph::Step& step) {
    for (std::size_t o = 0; o < pst_ready; ++o) step.out(o, not_available);
    filter_.reset();
    open_ = false;
    forget_all();
  }

  void forget_all() {
    for (Phase& phase : phase_) {
      phase.levels.clear();
      phase.quality = phase.long_quality = {};
      phase.pst.fill(not_available);
    }
  }

  // Begins anew where these samples do not follow those before, or are to be judged otherwise.
  void follow(const metering::HalfCycleData& data, double frequency_hz) {
    const metering::HalfCycle& half = *data.half_cycle;
    const bool of_120v = lamp_ == lamp_120v || (lamp_ == automatic && frequency_hz == 60);
    const pq::Lamp judged = of_120v ? pq::Lamp::v120 : pq::Lamp::v230;
    if (!filter_ || config_.sample_rate_hz != data.sample_rate_hz ||
        config_.frequency_nominal_hz != frequency_hz || config_.lamp != judged) {
      config_.sample_rate_hz = data.sample_rate_hz;
      config_.frequency_nominal_hz = frequency_hz;
      config_.lamp = judged;
      filter_.emplace(config_);
      forget_all();
      begin_at(half.begin);
    } else if (half.begin != end_ || half.number != number_ + 1) {
      filter_->restart();
      begin_at(half.begin);
    } else if (static_cast<double>(half.bridged_samples) > bridged_max * (half.end - half.begin)) {
      // What stands in for lost samples is a step of the voltage that nobody saw.
      filter_->restart();
      begin_at(half.end);
    }
    end_ = half.end;
    number_ = half.number;
  }

  void begin_at(double position) {
    settling_ = std::ceil(pq::FlickerFilter::settling_s / filter_->period_s());
    next_ = static_cast<std::int64_t>(std::ceil(position));
  }

  void gather_quality(graph::Step& step, const metering::HalfCycle& half) {
    Quality common = step.quality();
    if (step.linked(disturbance) && step.value_of(disturbance).number == 1)
      common.add(Quality::disturbed);
    for (std::size_t p = 0; p < phases; ++p) {
      phase_[p].quality |= common;
      phase_[p].quality |= half.quality[p];
    }
  }

  void count_to(double end, const metering::SampleRing& samples) {
    for (Phase& phase : phase_) phase.highest = not_available;
    const auto frames = static_cast<std::int64_t>(filter_->frames());
    for (; static_cast<double>(next_ + frames) <= end; next_ += frames) {
      const auto sensation = filter_->next(samples.from(next_));
      if (settling_ > 0) {
        --settling_;
        continue;
      }
      for (std::size_t p = 0; p < phases; ++p) {
        phase_[p].highest = std::fmax(phase_[p].highest, sensation[p]);
        phase_[p].levels.add(sensation[p]);
      }
    }
  }

  void follow_clock(graph::Step& step, Instant end, std::int64_t cycle_ns) {
    const Instant tick{(interval_of(end.plus_ns(cycle_ns), short_ns) + 1) * short_ns};
    if (!open_) interval_end_ = tick;
    open_ = true;
    const std::int64_t ahead_ns = tick.ns - interval_end_.ns;
    if (ahead_ns > 0) tell(step);
    if (ahead_ns > short_ns || ahead_ns < -short_ns) forget_all();  // a gap; the clock was put back
    if (ahead_ns > 0 || ahead_ns < -short_ns) interval_end_ = tick;
  }

  void tell(graph::Step& step) {
    const bool long_too = place_of(interval_end_) == 0;
    for (std::size_t p = 0; p < phases; ++p) {
      tell_short(step, p);
      if (long_too) tell_long(step, p);
    }
    step.pulse_at(pst_ready, interval_end_);
    if (long_too) step.pulse_at(plt_ready, interval_end_);
  }

  void tell_short(graph::Step& step, std::size_t p) {
    Phase& phase = phase_[p];
    const double counted_s = phase.levels.count() * filter_->period_s();
    if (std::abs(counted_s - short_s) > missing_s_max) phase.quality.add(Quality::partial);
    const bool enough = here(p) && counted_s >= counted_s_min;
    const double value = enough ? phase.levels.pst() : not_available;
    step.out_at(p * outputs_a_phase + pst, value, interval_end_, phase.quality);
    phase.pst[place_of(interval_end_)] = value;
    phase.long_quality |= phase.quality;
    phase.levels.clear();
    phase.quality = {};
  }

  void tell_long(graph::Step& step, std::size_t p) {
    Phase& phase = phase_[p];  // one N/A makes it N/A
    step.out_at(p * outputs_a_phase + plt, pq::long_term_flicker(phase.pst), interval_end_,
                phase.long_quality);
    phase.pst.fill(not_available);
    phase.long_quality = {};
  }

  LampChoice lamp_ = automatic;
  pq::FlickerConfig config_;
  std::optional<pq::FlickerFilter> filter_;
  ChannelMask present_ = 0;
  double end_ = 0;  ///< of the last half cycle
  std::int64_t number_ = 0;
  std::int64_t next_ = 0;  ///< sample
  double settling_ = 0;    ///< values yet to come that are not counted
  bool open_ = false;
  Instant interval_end_;
  std::array<Phase, phases> phase_;
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_flicker();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Flicker>(); }

}  // namespace polyphase::modules::flicker
