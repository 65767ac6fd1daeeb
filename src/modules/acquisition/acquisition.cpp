#include "modules/acquisition/acquisition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <utility>

#include "base/contract.hpp"
#include "graph/describe.hpp"
#include "metering/chain.hpp"
#include "metering/demo.hpp"
#include "metering/readings.hpp"
#include "modules/acquisition/intervals.hpp"
#include "modules/acquisition/sample_clock.hpp"
#include "modules/acquisition/ten_seconds.hpp"
#include "pq/window_intervals.hpp"

namespace polyphase::modules::acquisition {
namespace {

using graph::Cadence;
using graph::InputDescriptor;
using graph::ModuleDescriptor;
using graph::OutputDescriptor;
using graph::RegisterType;
using metering::VoltsMode;

enum Input : std::size_t {
  volts_mode, pt_prim, pt_sec, ct_prim, ct_sec, i4_ct_prim, i4_ct_sec, v4_pt_prim, v4_pt_sec,
  v1_polarity, nominal_frequency = v1_polarity + channel_count, input_count,
};

enum Setting : std::size_t { grouping };

enum Output : std::size_t {
  half_cycle_data, cycle_data, window_data, window_interval, second_data,
  sample_rate, samples, locked, reference_held, restarts, frequency_10s, clipped,
};

// The second is told this many half cycles after its last cycle: windows are 2.5 cycles late.
constexpr std::int64_t second_lag_half_cycles = 6;
// A first second that lacks more than this is told as partial.
constexpr double second_missing_s_max = 0.1;

OutputDescriptor dataset(const char* name, const char* kind, Cadence cadence, const char* help) {
  OutputDescriptor output;
  output.name = name;
  output.type = RegisterType::dataset;
  output.dataset = kind;
  output.cadence = cadence;
  output.help = help;
  return output;
}

OutputDescriptor number(const char* name, const char* unit, RegisterType type, const char* help) {
  OutputDescriptor output;
  output.name = name;
  output.type = type;
  output.unit = unit;
  output.help = help;
  return output;
}

ModuleDescriptor describe() {
  ModuleDescriptor d;
  d.type = "Data Acquisition";
  d.number = 1;
  d.core = true;
  d.instances_max = 1;
  d.cadence = Cadence::second;
  d.help = "Takes the samples, applies ratios, polarity and volts mode once, follows the frequency and "
           "measures half cycles, windows of 10 or 12 cycles and seconds.";
  const auto input = [&](std::string name, RegisterType type, const char* help) {
    InputDescriptor slot;
    slot.name = std::move(name);
    slot.type = type;
    slot.setup_link = true;
    slot.help = help;
    d.inputs.push_back(std::move(slot));
  };
  input("Volts Mode", RegisterType::enumerated, "of the Power Meter");
  for (const char* name : {"PT Prim", "PT Sec", "CT Prim", "CT Sec", "I4 CT Prim", "I4 CT Sec",
                           "V4 PT Prim", "V4 PT Sec"})
    input(name, RegisterType::numeric, "of the Power Meter; used where a source delivers secondary values");
  for (const char* channel : channel_names)
    input(std::string(channel) + " Polarity", RegisterType::enumerated, "of the Power Meter");
  input("Nominal Frequency", RegisterType::numeric, "of the Factory module: windows of 10 or 12 cycles");

  d.setups = {graph::describe::choice(
      "Grouping", {"SUBGROUPS", "GROUPS"}, 0,
      "what harmonics, interharmonics and THD of single windows are put together of, by IEC 61000-4-7; "
      "aggregates of IEC 61000-4-30 and what is judged by them are of subgroups")};
  d.outputs = {
      dataset("Half Cycle", "half cycle", Cadence::half_cycle, "the half cycle just ended"),
      dataset("Cycle", "interval", Cadence::half_cycle, "means over the last cycle"),
      dataset("Window", "window", Cadence::window, "the spectrum of 10 or 12 cycles"),
      dataset("Window Interval", "interval", Cadence::window, "means over 10 or 12 cycles"),
      dataset("Second", "interval", Cadence::second, "means over the whole cycles of a second"),
      number("Sample Rate", "Hz", RegisterType::numeric, "of the source"),
      number("Samples", "", RegisterType::numeric, "processed since start"),
      number("Locked", "", RegisterType::boolean, "1 once the frequency is followed"),
      number("Frequency Held", "", RegisterType::boolean, "1 while no voltage is there to follow"),
      number("Restarts", "", RegisterType::numeric, "gaps after which measuring began anew"),
      number("Frequency 10s", "Hz", RegisterType::numeric, "whole cycles within 10 s of the clock, over their duration"),
      number("Clipped", "", RegisterType::boolean, "1 while an input reaches its full scale"),
  };
  d.events = {{"Gap", registers::priority::warning, "samples missing for … s: measuring began anew"},
              {"Clipped", registers::priority::warning, "… at full scale: values are too low"},
              {"Frequency", registers::priority::warning, "… Hz is far from the nominal frequency"},
              graph::describe::setup_event()};
  return d;
}

class Acquisition final : public graph::SampleInput {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    groups_ = setup.choice(grouping) == 1;
    if (chain_ != nullptr) chain_->measure_groups(groups_);
    return {};
  }

  void configure_inputs(std::span<const double> inputs) override {
    inputs_.assign(inputs.begin(), inputs.end());
    inputs_changed_ = chain_ != nullptr;  // within a step: the chain is renewed when that is over
  }

  Result<void> start(const SourceInfo& source) override {
    source_ = source;
    clock_.start(source.sample_rate_hz);
    demo_.resize(push_frames_max);
    raw_.resize(std::bit_ceil(static_cast<std::size_t>(source.sample_rate_hz) + push_frames_max));
    auto chain = make_chain();
    if (!chain) return tl::unexpected(chain.error());
    chain_ = std::move(*chain);
    return {};
  }

  void process(const SampleBlock& block, graph::Steps& steps) noexcept override {
    const bool again = block.after_gap && samples_ != 0;
    const Instant before = clock_.at(static_cast<double>(samples_));
    if (again) restart(steps);
    clock_.observe(samples_, block.time_first, block.after_gap);
    if (again) gap_ = {before, seconds_between(before, clock_.at(static_cast<double>(samples_))), true};
    Quality common;
    if (block.bridged) common.add(Quality::bridged);
    if (block.clipped) common.add(Quality::clipped);
    if (!block.clock_synchronised) common.add(Quality::clock_unsynchronised);
    std::span<const Frame> frames = block.frames;
    while (!frames.empty()) {
      std::span<const Frame> input = frames.first(std::min(frames.size(), push_frames_max));
      frames = frames.subspan(input.size());
      if (mode() == VoltsMode::demo) input = demo_frames(input.size());
      keep_raw(input);
      push(input, common, steps);
      if (inputs_changed_) renew_chain(common, steps);
    }
  }

  void finish(graph::Steps& steps) noexcept override {
    chain_->finish();
    drain(steps);
    if (!due_.empty()) tell(due_, steps, true);
    if (!open_.empty()) tell(open_, steps, samples_reach(open_.end_of_second));
  }

  void run(graph::Step& step) noexcept override {
    step.out(sample_rate, source_.sample_rate_hz);
    step.out(samples, static_cast<double>(sample_position()));
    step.out(locked, chain_->locked());
    step.out(reference_held, half_.common.has(Quality::frequency_held));
    step.out(restarts, restarts_);
    if (std::exchange(gap_.untold, false)) tell_gap(step);
    watch_full_scale(step);
    watch_nominal(step);
    // The steps know whether the voltage was disturbed; ten of them end with the tick.
    frequency_.quality |= step.quality();
    if (frequency_.fresh) step.out_at(frequency_10s, frequency_.hertz, step.time(), std::exchange(frequency_.quality, {}));
    frequency_.fresh = false;
  }

  void step_clock(double seconds) noexcept override { clock_.step(seconds); }
  std::uint64_t sample_position() const override {
    return first_sample_ + static_cast<std::uint64_t>(std::max(half_.end, 0.0));
  }

  std::size_t frames_wanted() const override { return chain_->samples_wanted(); }

  graph::NewestSamples newest(std::span<Frame> frames) const override {
    const metering::SampleRing& ring = chain_->samples();
    const auto kept = std::min<std::int64_t>(ring.end(), static_cast<std::int64_t>(ring.capacity()));
    graph::NewestSamples result;
    result.count = std::min(frames.size(), static_cast<std::size_t>(kept));
    const std::int64_t first = ring.end() - static_cast<std::int64_t>(result.count);
    for (std::size_t i = 0; i < result.count; ++i)
      std::copy_n(ring.at(first + static_cast<std::int64_t>(i)).data(), channel_count,
                  frames[i].value.begin());
    result.time_first = instant(static_cast<double>(first));
    result.sample_rate_hz = rate();
    result.present = present_;
    return result;
  }

  const void* dataset(std::size_t o) const override {
    switch (o) {
      case half_cycle_data: return &half_cycle_;
      case cycle_data: return &cycle_interval_;
      case window_data: return &window_;
      case window_interval: return &window_interval_;
      case second_data: return &second_interval_;
      default: return nullptr;
    }
  }

 private:
  struct Second {
    Accumulation cycles;
    Instant end_of_second;
    bool whole_begin = true;
    bool empty() const { return cycles.cycles == 0; }
  };

  // Few at a time: what is pushed beyond a boundary must still be in raw_ when the setup changes there.
  static constexpr std::size_t push_frames_max = 512;

  void keep_raw(std::span<const Frame> frames) {
    const std::size_t at = samples_ & (raw_.size() - 1), before_end = std::min(frames.size(), raw_.size() - at);
    std::ranges::copy(frames.first(before_end), raw_.begin() + static_cast<std::ptrdiff_t>(at));
    std::ranges::copy(frames.subspan(before_end), raw_.begin());
    samples_ += frames.size();
  }

  double input_or(std::size_t i, double otherwise) const {
    return i < inputs_.size() && graph::available(inputs_[i]) ? inputs_[i] : otherwise;
  }
  VoltsMode mode() const { return static_cast<VoltsMode>(static_cast<int>(input_or(volts_mode, 0))); }
  double nominal_hz() const { return input_or(nominal_frequency, 50) == 60 ? 60 : 50; }
  double rate() const { return source_.sample_rate_hz; }

  Result<std::unique_ptr<metering::Chain>> make_chain() {
    metering::ChainConfig config;
    config.sample_rate_hz = rate();
    config.frequency_nominal_hz = nominal_hz();
    connection_ = mode() == VoltsMode::delta ? metering::Connection::delta : metering::Connection::wye;
    config.connection = connection_;
    const bool demo = mode() == VoltsMode::demo;
    const ChannelMask present = demo ? 0xff : source_.channels_present;
    const ChannelMask derived = demo ? 0 : derivable(present);
    config.present = present;
    config.derived = derived;
    present_ = static_cast<ChannelMask>(present | derived);
    const auto ratio = [&](std::size_t primary, std::size_t secondary) {
      return source_.secondary && !demo ? input_or(primary, 1) / input_or(secondary, 1) : 1.0;
    };
    for (std::size_t c = 0; c < channel_count; ++c) {
      const double scale = c < 3    ? ratio(pt_prim, pt_sec)
                           : c == 3 ? ratio(v4_pt_prim, v4_pt_sec)
                           : c < 7  ? ratio(ct_prim, ct_sec)
                                    : ratio(i4_ct_prim, i4_ct_sec);
      const bool inverted = !demo && input_or(v1_polarity + c, 0) == 1;
      config.scale[c] = static_cast<float>(inverted ? -scale : scale);
      config.full_scale[c] = demo ? 0.0f : source_.full_scale[c];
    }
    auto chain = metering::Chain::create(config);
    if (chain) (*chain)->measure_groups(groups_);
    return chain;
  }

  // In a three-wire system the third voltage and current follow from the two that are measured.
  ChannelMask derivable(ChannelMask present) const {
    if (mode() != VoltsMode::delta && mode() != VoltsMode::three_wire_wye) return 0;
    unsigned derived = 0;
    for (const unsigned group : {0x07u, 0x70u}) {
      const unsigned missing = group & ~static_cast<unsigned>(present);
      if (missing != 0 && (missing & (missing - 1)) == 0) derived |= missing;
    }
    return static_cast<ChannelMask>(derived);
  }

  std::span<const Frame> demo_frames(std::size_t wanted) {
    const std::span<Frame> frames = std::span(demo_).first(wanted);
    metering::demo_signal(frames, rate(), nominal_hz(), samples_);
    return frames;
  }

  void push(std::span<const Frame> frames, Quality common, graph::Steps& steps) noexcept {
    while (!frames.empty()) {
      const std::size_t taken = chain_->push(frames, common);
      frames = frames.subspan(taken);
      const bool told = drain(steps);
      EXPECTS(taken > 0 || told);
    }
  }

  // Measures on with the changed setup from the boundary at which it changed: the samples beyond it go
  // through the new chain again, so that the result does not depend on how they were cut into blocks.
  void renew_chain(Quality common, graph::Steps& steps) noexcept {
    inputs_changed_ = false;
    const std::uint64_t boundary = std::max(sample_position(), samples_ - std::min<std::uint64_t>(samples_, raw_.size()));
    if (!due_.empty()) tell(due_, steps, true);
    if (!open_.empty()) tell(open_, steps, false);
    auto chain = make_chain();
    if (!chain) return;  // the setup's bounds leave nothing that the chain refuses
    chain_ = std::move(*chain);
    forget_open_intervals();
    first_sample_ = boundary;
    for (std::uint64_t i = boundary; i < samples_; ++i)
      push({&raw_[i & (raw_.size() - 1)], 1}, common, steps);
  }

  Instant instant(double position) const { return clock_.at(static_cast<double>(first_sample_) + position); }

  bool drain(graph::Steps& steps) noexcept {
    for (bool told = false;; told = true) {
      const auto ready = inputs_changed_ ? metering::Chain::Ready::none : chain_->next();
      if (ready == metering::Chain::Ready::none) return told || inputs_changed_;
      if (ready == metering::Chain::Ready::half_cycle) on_half_cycle(steps);
      else on_window(steps);
    }
  }

  void on_half_cycle(graph::Steps& steps) noexcept {
    const metering::HalfCycle& half = chain_->half_cycle();
    if (!due_.empty() && half.number >= due_.cycles.last_number + second_lag_half_cycles)
      tell(due_, steps, true);
    const Accumulation before = half_;
    const bool follows = before.sums.length_samples > 0 && before.last_number + 1 == half.number;
    half_ = accumulation_of(half);

    half_cycle_.half_cycle = &half;
    half_cycle_.begin = instant(half.begin);
    half_cycle_.end = instant(half.end);
    half_cycle_.present = present_;
    half_cycle_.connection = connection_;
    half_cycle_.restarts = static_cast<unsigned>(restarts_);
    half_cycle_.samples = &chain_->samples();
    // Newer samples are there: what this half cycle waited for, and the rest of what was pushed with it.
    const std::size_t capacity = chain_->samples().capacity(), newer = std::min(2 * push_frames_max, capacity);
    half_cycle_.samples_first = std::max(static_cast<double>(chain_->first_sample()), half.end - static_cast<double>(capacity - newer));
    half_cycle_.sample_rate_hz = rate();
    recent_.add(half);
    const double cycle_samples = half.frequency_hz > 0 ? rate() / half.frequency_hz : 2 * (half.end - half.begin);
    for (std::size_t c = 0; c < channel_count; ++c) {
      const double window_end = half.rms_begin[c] + cycle_samples;
      half_cycle_.window_begin[c] = instant(half.rms_begin[c]);
      half_cycle_.window_quality[c] = recent_.between(c, half.rms_begin[c], window_end);
      half_cycle_.window_bridged[c] = static_cast<double>(recent_.bridged_between(half.rms_begin[c], window_end)) / cycle_samples;
      if (std::isnan(half.rms[c]) || !behind_gap_[c]) continue;
      behind_gap_[c] = false;
      half_cycle_.window_quality[c].add(Quality::partial);
    }
    Accumulation cycle = half_;
    if (follows) {
      cycle = before;
      cycle.add(half_);
      cycle.power = metering::power_of_cycle(cycle.sums, connection_);
      fill(cycle_interval_, cycle, half.frequency_hz);
      cycle_interval_.means.rms = half.rms;
    } else {
      cycle_interval_ = {};
      cycle_interval_.means.frequency_hz = graph::not_available;
    }
    resynchronise_windows(half_cycle_.end);
    frequency_.add(half, half_cycle_.end);
    steps.step(Cadence::half_cycle, half_cycle_.end, (half.end - half.begin) / rate(), half.common);
    if (half.cycle_complete && follows) {
      cycle.power = half_.power;
      cycle.cycles = 1;
      history_.add(cycle);
      add_to_second(cycle, steps);
    }
  }

  // The first windows of all are not behind a tick.
  void resynchronise_windows(Instant now) noexcept {
    const std::int64_t interval = pq::ten_minutes_of(now);
    if (ten_minutes_.value_or(interval) != interval) chain_->resynchronise();
    ten_minutes_ = interval;
  }

  void add_to_second(const Accumulation& cycle, graph::Steps& steps) noexcept {
    constexpr std::int64_t ns_per_s = 1'000'000'000;
    const Instant end = instant(cycle.end);
    // Cycles that end in (s - 1, s] belong to the second that ends at s.
    const std::int64_t floor = interval_of(end, ns_per_s);
    const Instant end_of_second{(floor + (floor * ns_per_s == end.ns ? 0 : 1)) * ns_per_s};
    if (!open_.empty() && open_.end_of_second != end_of_second) {
      if (!due_.empty()) tell(due_, steps, true);  // the clock was stepped
      due_ = open_;
      open_ = {};
    }
    if (open_.empty()) {
      open_.end_of_second = end_of_second;
      open_.whole_begin =
          seconds_between(end_of_second.plus_ns(-ns_per_s), instant(cycle.begin)) <= second_missing_s_max;
    }
    open_.cycles.add(cycle);
  }

  void tell(Second& second, graph::Steps& steps, bool whole_end) noexcept {
    const Accumulation& cycles = second.cycles;
    const double duration_s = cycles.sums.length_samples / rate();
    const double turned = chain_->phase_cycles_at(cycles.end) - chain_->phase_cycles_at(cycles.begin);
    const double counted = std::isnan(turned) ? static_cast<double>(cycles.cycles) : turned;
    fill(second_interval_, cycles, counted / duration_s);
    Quality common = cycles.common;
    if (!whole_end || !second.whole_begin) common.add(Quality::partial);
    const Instant end = whole_end ? second.end_of_second : instant(cycles.end);
    frequency_.finish(end, rate(), *chain_);
    steps.step(Cadence::second, end, duration_s, common);
    second = {};
  }

  void on_window(graph::Steps& steps) noexcept {
    const metering::Window& window = chain_->window();
    const Accumulation all = history_.between(
        window.first_boundary, window.first_boundary + 2 * static_cast<std::int64_t>(window.cycles));
    if (all.cycles != window.cycles) return;  // a gap lies in it
    window_.window = &window;
    window_.bins = &chain_->spectrum();
    window_.begin = instant(window.begin);
    window_.end = instant(window.end);
    window_.present = present_;
    window_.connection = connection_;
    fill(window_interval_, all, window.frequency_hz);
    Quality common = window.common;
    common |= all.common;
    steps.step(Cadence::window, window_interval_.end, all.sums.length_samples / rate(), common);
  }

  void fill(metering::IntervalData& interval, const Accumulation& cycles, double frequency_hz) const noexcept {
    interval.means = metering::means_of(cycles.sums, cycles.power, rate());
    interval.means.frequency_hz = cycles.followed ? frequency_hz : graph::not_available;
    for (std::size_t c = 0; c < channel_count; ++c)
      interval.means.peak[c] = static_cast<double>(cycles.peak[c]);
    interval.begin = instant(cycles.begin);
    interval.end = instant(cycles.end);
    interval.present = present_;
    interval.connection = connection_;
    interval.quality = cycles.quality;
    interval.bridged = static_cast<double>(cycles.bridged_samples) / cycles.sums.length_samples;
  }

  // A second counts as completed when the samples taken so far reach its end.
  bool samples_reach(Instant end_of_second) const {
    return clock_.at(static_cast<double>(samples_) + 0.5) >= end_of_second;
  }

  // Completes what lies before a gap, then locks in again.
  void restart(graph::Steps& steps) noexcept {
    chain_->finish();
    drain(steps);
    if (!due_.empty()) tell(due_, steps, true);
    if (!open_.empty()) tell(open_, steps, samples_reach(open_.end_of_second));
    chain_->restart();
    forget_open_intervals();
    behind_gap_.fill(true);
    restarts_ += 1;
  }

  void tell_gap(graph::Step& step) const {
    std::array<char, 80> text{};
    const auto end = fmt::format_to_n(text.data(), text.size(), "samples missing for {:.6g} s: measuring began anew",
                                      std::max(gap_.length_s, 0.0));
    step.event_at(gap_.begin, registers::priority::warning, restarts, {text.data(), std::min(end.size, text.size())});
  }

  void watch_full_scale(graph::Step& step) {
    ChannelMask now = 0;
    for (std::size_t c = 0; c < channel_count; ++c)
      if (second_interval_.quality[c].has(Quality::clipped)) now = static_cast<ChannelMask>(now | 1u << c);
    step.out(clipped, now != 0);
    constexpr unsigned calm_s = 60;  // then it is told anew
    seconds_unclipped_ = now != 0 ? 0 : seconds_unclipped_ + 1;
    if (seconds_unclipped_ >= calm_s) clipped_ = 0;
    const unsigned fresh = now & ~static_cast<unsigned>(clipped_);
    clipped_ = static_cast<ChannelMask>(clipped_ | now);
    if (fresh == 0) return;
    std::array<char, 80> text{};
    char* at = text.data();
    for (std::size_t c = 0; c < channel_count; ++c)
      if ((fresh >> c & 1u) != 0) at = fmt::format_to(at, "{}{}", at == text.data() ? "" : ", ", channel_names[c]);
    at = fmt::format_to(at, " at full scale: values are too low");
    step.event_at(second_interval_.begin, registers::priority::warning, clipped, {text.data(), at});
  }

  // Windows have 10 or 12 cycles by what is nominal.
  void watch_nominal(graph::Step& step) {
    constexpr double far_off = 0.15;
    const double hz = second_interval_.means.frequency_hz;
    if (!graph::available(hz)) return;
    const bool far = std::abs(hz / nominal_hz() - 1) > far_off;
    if (!std::exchange(far_off_nominal_, far) && far) {
      std::array<char, 100> text{};
      const auto end = fmt::format_to_n(text.data(), text.size(),
                                        "{:.2f} Hz is far from the nominal frequency of {} Hz", hz, nominal_hz());
      step.event_at(second_interval_.begin, registers::priority::warning, locked,
                    {text.data(), std::min(end.size, text.size())});
    }
  }

  void forget_open_intervals() {
    half_ = {};
    history_.clear();
    recent_.clear();
    frequency_.forget();
    ten_minutes_.reset();
    due_ = {};
    open_ = {};
  }

  std::vector<double> inputs_;
  SourceInfo source_;
  std::unique_ptr<metering::Chain> chain_;
  SampleClock clock_;
  std::vector<Frame> demo_, raw_;
  bool inputs_changed_ = false, far_off_nominal_ = false, groups_ = false;
  ChannelMask clipped_ = 0;  ///< told
  unsigned seconds_unclipped_ = 0;
  metering::Connection connection_ = metering::Connection::wye;
  ChannelMask present_ = 0;
  std::uint64_t samples_ = 0;       ///< taken since start
  std::uint64_t first_sample_ = 0;  ///< of the present chain
  double restarts_ = 0;
  struct {
    Instant begin;
    double length_s = 0;
    bool untold = false;
  } gap_;  ///< the last one

  Accumulation half_;  ///< the half cycle told last
  CycleHistory history_;
  RecentQuality recent_;
  metering::PerChannel<bool> behind_gap_{};  ///< until the first rms of that channel
  Second open_, due_;
  TenSeconds frequency_;
  std::optional<std::int64_t> ten_minutes_;  ///< that the half cycle told last ends in
  metering::HalfCycleData half_cycle_;
  metering::IntervalData cycle_interval_, window_interval_, second_interval_;
  metering::WindowData window_;
};

}  // namespace

const ModuleDescriptor& descriptor() {
  static const ModuleDescriptor d = describe();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Acquisition>(); }

}  // namespace polyphase::modules::acquisition
