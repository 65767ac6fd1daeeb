#include "modules/sag_swell/sag_swell.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "metering/datasets.hpp"
#include "modules/sag_swell/event_edges.hpp"
#include "modules/sag_swell/registers.hpp"
#include "pq/disturbance_direction.hpp"
#include "pq/disturbance_profile.hpp"
#include "pq/rapid_voltage_change.hpp"
#include "pq/voltage_events.hpp"

namespace polyphase::modules::sag_swell {
namespace {

using graph::available;
using graph::not_available;
using pq::VoltageEventKind;

constexpr std::size_t first_current = static_cast<std::size_t>(Channel::i1);
constexpr double volts_mode_single = 3;  // choice of the Power Meter's Volts Mode
constexpr ChannelMask voltages = 0x07, single_voltages = 0x03, currents = 0x70;

constexpr std::array all_kinds{VoltageEventKind::sag, VoltageEventKind::swell,
                               VoltageEventKind::interruption};

std::size_t index(VoltageEventKind kind) { return static_cast<std::size_t>(kind); }

const char* word(VoltageEventKind kind) {
  switch (kind) {
    case VoltageEventKind::sag:
      return "sag";
    case VoltageEventKind::swell:
      return "swell";
    case VoltageEventKind::interruption:
      return "interruption";
  }
  return "";
}

/// The newest rms windows of some channels.
struct Windows {
  std::array<pq::RmsWindow, phase_count> window{};
  std::array<std::size_t, phase_count> channel{};  ///< which they are
  std::size_t count = 0;
  std::span<const pq::RmsWindow> span() const { return std::span(window).first(count); }
  bool of_same_channels(const Windows& other) const {
    return count == other.count && channel == other.channel;
  }
};

bool same(double a, double b) { return a == b || (!available(a) && !available(b)); }

// What hardly anything was measured of shows no event: it counts as missing.
Windows windows_of(const metering::HalfCycleData& data, ChannelMask wanted) {
  constexpr double bridged_max = 0.1;
  Windows windows;
  for (std::size_t c = 0; c < channel_count; ++c) {
    if ((data.present & wanted & (1u << c)) == 0) continue;
    const bool measured = data.window_bridged[c] <= bridged_max;
    windows.window[windows.count] = {measured ? data.half_cycle->rms[c] : not_available,
                                     data.window_begin[c], data.window_quality[c]};
    windows.channel[windows.count++] = c;
  }
  return windows;
}

registers::Disturbance disturbance_of(const pq::EventRecord& record, const Windows& windows,
                                      const char* type, double nominal_value,
                                      std::uint8_t event_priority) {
  registers::Disturbance told;
  told.type = type;
  told.time = record.time;
  told.end = record.end;
  told.duration_s = record.duration_s;
  told.nominal = nominal_value;
  told.extreme = record.extreme;
  told.quality = record.quality;
  told.priority = event_priority;
  for (std::size_t w = 0; w < windows.count; ++w) {
    const auto& channel = record.per_channel[w];
    if (channel.affected)
      told.per_channel[windows.channel[w]] = {true, channel.extreme, channel.duration_s};
  }
  return told;
}

class SagSwell final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    const double rvc = setup.number(rvc_limit), rvc_back = setup.number(rvc_hysteresis);
    if (rvc > 0 && rvc_back >= rvc)
      return fail(ErrorCode::invalid_config,
                  "RVC Hysteresis must be less than RVC Lim; 0 takes half of it");
    const auto limit = [&](std::size_t s) {
      return setup.number(s) > 0 ? setup.number(s) : not_available;
    };
    percent_ = {limit(sag_limit), limit(swell_limit), limit(interruption_limit),
                setup.number(hysteresis)};
    rvc_percent_ = {rvc, rvc_back > 0 ? rvc_back : rvc / 2, 0};
    change_critical_ = setup.number(change_critical);
    const double sag_in = limit(i_sag_pickup), swell_in = limit(i_swell_pickup);
    const double swell_out = limit(i_swell_dropout);
    current_percent_ = {
        pq::Threshold{pq::Threshold::Side::below, sag_in,
                      std::max(sag_in, setup.number(i_sag_dropout))},
        pq::Threshold{pq::Threshold::Side::above, swell_in,
                      available(swell_out) ? std::min(swell_in, swell_out) : swell_in}};
    priority_ = static_cast<std::uint8_t>(setup.number(priority));
    current_priority_ = static_cast<std::uint8_t>(setup.number(current_priority));
    sliding_ = setup.choice(reference) == 1;
    scaled_ = currents_scaled_ = false;
    return {};
  }

  void run(graph::Step& step) noexcept override {
    if (step.pulses(reset) > 0) {
      count_ = 0;
      step.out(dist_count, count_);
      step.event(registers::priority::reset, dist_count, "reset");
    }
    const auto* data = step.dataset<metering::HalfCycleData>(half_cycle);
    if (data == nullptr || data->half_cycle == nullptr) return;
    if (std::exchange(restarts_, data->restarts) != data->restarts) lose(*data, step);
    newest_ = data->end;
    const bool on = step.enabled(enable);
    const auto nominal_of = [&](std::size_t i) {
      const double value = on ? step.in(i) : not_available;
      return value > 0 ? value : not_available;
    };
    direct_ = step.linked(direction_detection) && step.in(direction_detection) == 1.0;
    if (direct_) direction_.update(*data);
    const bool single = step.linked(volts_mode) && step.in(volts_mode) == volts_mode_single;
    take(windows_of(*data, single ? single_voltages : voltages), windows_of(*data, currents));
    scale_voltages(nominal_of(nominal), step, *data);
    scale_currents(nominal_of(nominal_current));
    watch_voltages(watched_, *data, step);
    watch_currents(watched_currents_, step);
  }

  bool disturbed(Instant begin, Instant end) const noexcept override {
    if (disturbed_ && began_ < end) return true;
    return std::any_of(recent_.begin(), recent_.end(),
                       [&](const Past& past) { return past.begin < end && past.end > begin; });
  }

  // Of one that still runs at the end of the interval what is known by then decides.
  bool briefly_disturbed(Instant begin, Instant end) const noexcept override {
    if (disturbed_ && began_ < end && brief_until(newest_)) return true;
    if (events_.active(VoltageEventKind::interruption) &&
        events_.machine(VoltageEventKind::interruption).record(newest_).time < end)
      return true;
    return std::any_of(recent_.begin(), recent_.end(), [&](const Past& past) {
      return past.begin < end && past.end > begin && past.brief;
    });
  }

  void finish(graph::Step& step) noexcept override {
    const auto* data = step.dataset<metering::HalfCycleData>(half_cycle);
    if (data == nullptr || data->half_cycle == nullptr) return;
    tell_all_open(step.time(), *data, step);
  }

 private:
  void tell_all_open(Instant now, const metering::HalfCycleData& data, graph::Step& step) {
    edges_.finish(data, step);
    for (const auto& open : events_.open(now)) {
      auto told = voltage_disturbance(open, watched_);
      told.edge_start = edges_.begin_of(open.kind);
      tell_open(told, step);
    }
    const auto change = rvc_.open(now);
    if (change && step.enabled(rvc_enable)) tell_open(rvc_disturbance(*change, watched_), step);
    for (std::size_t m = 0; m < current_events_.size(); ++m)
      if (current_events_[m].active())
        tell_open(disturbance_of(current_events_[m].record(now), watched_currents_, current_word(m),
                                 nominal_current_, current_priority_),
                  step);
  }

  // Nobody knows what was in a gap: what ran at its begin stays open, and behind it all begins
  // anew.
  void lose(const metering::HalfCycleData& data, graph::Step& step) {
    tell_all_open(newest_, data, step);
    if (events_.active(VoltageEventKind::interruption))
      remember({events_.machine(VoltageEventKind::interruption).record(newest_).time, newest_, true});
    if (std::exchange(disturbed_, false)) {
      remember({began_, newest_, brief_until(newest_)});
      end_disturbance(newest_, watched_, step);
    }
    events_ = {};
    current_events_ = {};
    rvc_ = {};
    scaled_ = currents_scaled_ = false;
  }

  // Other channels than before: measured from scratch.
  void take(const Windows& voltage, const Windows& current) {
    if (!voltage.of_same_channels(watched_)) {
      events_ = {};
      rvc_ = {};
      disturbed_ = scaled_ = false;
    }
    if (!current.of_same_channels(watched_currents_)) {
      current_events_ = {};
      currents_scaled_ = false;
    }
    watched_ = voltage;
    watched_currents_ = current;
  }

  // ---- voltages

  void scale_voltages(double nominal_v, graph::Step& step, const metering::HalfCycleData& data) {
    const double measured_hz = data.half_cycle->frequency_hz;
    const double hz = step.linked(nominal_frequency) ? step.in(nominal_frequency) : measured_hz;
    const unsigned half_cycles = hz > 55 ? 120 : 100;
    const double factor = nominal_v / 100;
    const double sliding_v =
        sliding_ && available(nominal_v) ? step.in(sliding_reference) : not_available;
    refer_to(available(sliding_v) ? sliding_v : nominal_v, factor);
    if (scaled_ && same(nominal_v, nominal_) && half_cycles == rvc_percent_.half_cycles) return;
    rvc_percent_.half_cycles = half_cycles;
    rvc_.configure({available(nominal_v) ? rvc_percent_.threshold * factor : 0.0,
                    rvc_percent_.hysteresis * factor, half_cycles});
    nominal_ = nominal_v;
    scaled_ = true;
  }

  // Sags and swells are judged against the reference, which may slide; interruptions never.
  void refer_to(double reference_v, double nominal_factor) {
    if (scaled_ && same(reference_v, reference_)) return;
    const double factor = reference_v / 100;
    events_.configure({percent_.sag * factor, percent_.swell * factor,
                       percent_.interruption * nominal_factor, percent_.hysteresis * factor});
    reference_ = reference_v;
  }

  void watch_voltages(const Windows& windows, const metering::HalfCycleData& data,
                      graph::Step& step) {
    const bool before = disturbed_;
    std::array<bool, all_kinds.size()> was_active{};
    for (const auto kind : all_kinds) was_active[index(kind)] = events_.active(kind);
    const auto ended = events_.update(windows.span());
    follow_disturbance(windows, step);
    for (const auto kind : all_kinds)
      if (events_.active(kind) && !was_active[index(kind)])
        edges_.started(kind, begun(kind, windows, step));
    for (const auto& event : ended) {
      if (event.kind == VoltageEventKind::interruption)
        remember({event.record.time, event.record.end, true});
      put_kind(event, windows, step);
      const auto told = voltage_disturbance(event, windows);
      if (told.priority != 0) edges_.ended(event.kind, told, data, step);
    }
    edges_.update(data, step);
    const auto change = rvc_.update(windows.span(), before || disturbed_);
    if (change && step.enabled(rvc_enable)) tell_rvc(*change, windows, step);
    step.out(dist_state, available(nominal_) ? static_cast<double>(disturbed_) : not_available);
    step.out(dist_count, available(nominal_) ? count_ : not_available);
  }

  registers::Disturbance voltage_disturbance(const pq::VoltageEvents::Ended& event,
                                             const Windows& windows) {
    auto told = disturbance_of(event.record, windows, word(event.kind), reference_of(event.kind),
                               priority_);
    if (direct_) told.direction = direction_.finish();
    return told;
  }

  registers::Disturbance begun(VoltageEventKind kind, const Windows& windows,
                               graph::Step& step) const {
    return disturbance_of(events_.machine(kind).record(step.time()), windows, word(kind),
                          reference_of(kind), priority_);
  }

  double reference_of(VoltageEventKind kind) const {
    return kind == VoltageEventKind::interruption ? nominal_ : reference_;
  }

  // From the first machine that starts to the last that ends.
  void follow_disturbance(const Windows& windows, graph::Step& step) {
    const bool was = std::exchange(disturbed_, events_.any_active());
    if (disturbed_ && !was) {
      began_ = Instant{std::numeric_limits<std::int64_t>::max()};
      for (const auto kind : all_kinds)
        if (events_.active(kind))
          began_ = std::min(began_, events_.machine(kind).record(step.time()).time);
      begin_disturbance(step);
    }
    if (disturbed_) gather(windows, step);
    if (was && !disturbed_) {
      Instant end = began_;
      for (const auto kind : all_kinds)
        end = std::max(end, events_.machine(kind).record(step.time()).end);
      remember({began_, end, brief_until(end)});
      end_disturbance(end, windows, step);
    }
  }

  void begin_disturbance(graph::Step& step) {
    count_ += 1;
    if (direct_) direction_.start();
    for (auto& profile : profiles_) profile.start();
    profile_quality_ = {};
    step.out(dist_state, true);
    step.pulse_at(dist_start, began_);
    if (priority_ != 0) step.event(priority_, dist_state, "disturbance start");
  }

  void end_disturbance(Instant end, const Windows& windows, graph::Step& step) {
    step.out(dist_state, false);
    Quality quality;
    for (const Quality channel : profile_quality_) quality |= channel;
    step.out(dist_duration, seconds_between(began_, end), quality);
    step.out(dist_nominal, reference_);
    for (std::size_t w = 0; w < windows.count; ++w) {
      profiles_[w].finish();
      tell_sub(w, step);
      put_profile(dist_profile + windows.channel[w] * profile_outputs, profiles_[w].whole(),
                  profile_quality_[w], step);
    }
    step.pulse_at(dist_end, end, quality);
    if (priority_ != 0) step.event(priority_, dist_state, "disturbance end");
  }

  void gather(const Windows& windows, graph::Step& step) {
    for (std::size_t w = 0; w < windows.count; ++w) {
      if (!available(windows.window[w].rms)) continue;
      profile_quality_[w] |= windows.window[w].quality;
      const double percent = 100 * windows.window[w].rms / reference_;
      if (profiles_[w].add(percent, step.duration_s(), change_critical_)) tell_sub(w, step);
    }
  }

  void tell_sub(std::size_t w, graph::Step& step) {
    const std::size_t first = sub_profile + watched_.channel[w] * sub_outputs;
    const pq::DisturbanceProfile piece = profiles_[w].piece();
    step.out(first + 1, piece.duration_s, profile_quality_[w]);
    put_profile(first + 2, piece, profile_quality_[w], step);
    step.pulse(first);
  }

  static void put_profile(std::size_t first, const pq::DisturbanceProfile& profile, Quality quality,
                          graph::Step& step) {
    step.out(first, profile.minimum, quality);
    step.out(first + 1, profile.maximum, quality);
    step.out(first + 2, profile.average, quality);
    step.out(first + 3, profile.energy, quality);
  }

  void put_kind(const pq::VoltageEvents::Ended& event, const Windows& windows,
                graph::Step& step) const {
    const std::size_t first = first_kind + kind_outputs * index(event.kind);
    const pq::EventRecord& record = event.record;
    step.out(first + 1, record.duration_s, record.quality);
    step.out(first + 2, 100 * record.extreme / reference_of(event.kind), record.quality);
    for (std::size_t o = first + 3; o < first + kind_outputs; ++o) step.out(o, not_available);
    for (std::size_t w = 0; w < windows.count; ++w) {
      const auto& channel = record.per_channel[w];
      if (!channel.affected) continue;
      const std::size_t at = first + 3 + 2 * windows.channel[w];
      step.out(at, channel.duration_s, channel.quality);
      step.out(at + 1, 100 * channel.extreme / reference_of(event.kind), channel.quality);
    }
    step.pulse_at(first, record.end, record.quality);
  }

  void tell_rvc(const pq::RapidVoltageChangeRecord& change, const Windows& windows,
                graph::Step& step) {
    step.out(delta_umax, change.delta_max, change.quality);
    step.out(delta_uss, change.delta_ss, change.quality);
    step.out(rvc_duration, seconds_between(change.time, change.end), change.quality);
    step.pulse_at(rvc_trigger, change.end, change.quality);
    if (priority_ != 0) step.event(priority_, delta_umax, "rapid voltage change");
    tell(rvc_disturbance(change, windows), step);
  }

  registers::Disturbance rvc_disturbance(const pq::RapidVoltageChangeRecord& change,
                                         const Windows& windows) const {
    registers::Disturbance told;
    told.type = "rvc";
    told.time = change.time;
    told.end = change.end;
    told.nominal = nominal_;
    told.delta_max = change.delta_max;
    told.delta_ss = change.delta_ss;
    told.quality = change.quality;
    told.priority = priority_;
    for (std::size_t w = 0; w < windows.count; ++w)
      told.per_channel[windows.channel[w]].affected = change.affected[w];
    return told;
  }

  // ---- currents

  static const char* current_word(std::size_t machine) {
    return machine == 0 ? "current-sag" : "current-swell";
  }

  void scale_currents(double nominal_a) {
    if (currents_scaled_ && same(nominal_a, nominal_current_)) return;
    for (std::size_t m = 0; m < current_events_.size(); ++m) {
      pq::Threshold threshold = current_percent_[m];
      threshold.enter *= nominal_a / 100;  // N/A: off
      threshold.leave *= nominal_a / 100;
      current_events_[m].configure(threshold);
    }
    nominal_current_ = nominal_a;
    currents_scaled_ = true;
  }

  void watch_currents(const Windows& windows, graph::Step& step) {
    constexpr std::array starts{"current sag start", "current swell start"},
        ends{"current sag end", "current swell end"};
    for (std::size_t m = 0; m < current_events_.size(); ++m) {
      const std::size_t first_state = m == 0 ? i_sag_state : i_swell_state;
      const auto change = current_events_[m].update(windows.span());
      const bool watched = available(nominal_current_) && available(current_percent_[m].enter);
      for (std::size_t w = 0; w < windows.count; ++w)
        step.out(first_state + windows.channel[w] - first_current,
                 watched ? static_cast<double>(current_events_[m].out(w)) : not_available);
      const auto& percent = current_percent_[m];
      step.out(m == 0 ? i_sag_hysteresis : i_swell_hysteresis,
               std::abs(percent.leave - percent.enter));
      if (change == pq::ThresholdEvent::Change::none) continue;
      const bool started = change == pq::ThresholdEvent::Change::started;
      if (current_priority_ != 0)
        step.event(current_priority_, first_state, started ? starts[m] : ends[m]);
      if (!started)
        tell(disturbance_of(current_events_[m].record({}), windows, current_word(m),
                            nominal_current_, current_priority_),
             step);
    }
  }

  // ---- telling

  static void tell(const registers::Disturbance& disturbance, graph::Step& step) {
    if (disturbance.priority != 0) step.disturbance(disturbance);
  }
  static void tell_open(registers::Disturbance disturbance, graph::Step& step) {
    disturbance.open = true;
    tell(disturbance, step);
  }

  // Setup, in percent.
  pq::VoltageLimits percent_;
  pq::RapidVoltageChangeConfig rvc_percent_;
  std::array<pq::Threshold, 2> current_percent_{};  ///< sag, swell
  double change_critical_ = 0;
  std::uint8_t priority_ = 0, current_priority_ = 0;

  bool sliding_ = false;
  double reference_ = not_available;  ///< of sags and swells, in volts
  double nominal_ = not_available, nominal_current_ = not_available;
  bool scaled_ = false, currents_scaled_ = false;  ///< the limits, to these
  Windows watched_, watched_currents_;
  pq::VoltageEvents events_;
  pq::RapidVoltageChange rvc_;
  std::array<pq::ThresholdEvent, 2> current_events_{};  ///< sag, swell
  std::array<pq::ProfileGatherer, phase_count> profiles_{};
  std::array<Quality, phase_count> profile_quality_{};
  EventEdges edges_;
  unsigned restarts_ = 0;
  Instant newest_;       ///< end of the half cycle before
  bool direct_ = false;  ///< the direction is looked for
  pq::DisturbanceDirection direction_;
  bool disturbed_ = false;
  Instant began_;
  struct Past {
    Instant begin, end;
    bool brief = false;  ///< an interruption, or a sag or swell that is not the supply's voltage
  };
  bool brief_until(Instant end) const {
    return seconds_between(began_, end) - events_.interrupted_s() <= pq::brief_s_max;
  }
  void remember(const Past& past) { recent_[next_recent_++ % recent_.size()] = past; }
  // Windows and seconds are told a few cycles late: no more disturbances fit into one of them. Of a
  // longer interval with more of them the last ones are brief, too.
  std::array<Past, 64> recent_{};
  std::size_t next_recent_ = 0;
  double count_ = 0;
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_sag_swell();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<SagSwell>(); }

}  // namespace polyphase::modules::sag_swell
