// under = (Udin - sqrt(sum min(U, Udin)^2 / n)) / Udin     over = (sqrt(sum max(U, Udin)^2 / n) -
// Udin) / Udin
#include "modules/power_quality_aggregator/power_quality_aggregator.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "graph/describe.hpp"
#include "metering/datasets.hpp"
#include "pq/distortion.hpp"
#include "pq/sliding_reference.hpp"
#include "pq/spectrum_aggregate.hpp"
#include "pq/square_means.hpp"
#include "pq/window_intervals.hpp"

namespace polyphase::modules::power_quality_aggregator {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t {
  window,
  interval,
  nominal,
  frequency,
  v_u2,
  v_u0,
  i_u2,
  i_u0,
  enable,
  reset,
};

constexpr std::size_t phases = 3;
constexpr unsigned thd_order_max = 50;

// What is aggregated, as root of the mean of squares.
enum Quantity : std::size_t {
  rms,                                    // V1.. V4, I1.. I4
  bounded_under = rms + channel_count,    // min(U, Udin) of V1.. V3
  bounded_over = bounded_under + phases,  // max(U, Udin)
  unbalance = bounded_over + phases,      // u2, u0 of voltage, of current
  thd = unbalance + 4,                    // V1.. I4
  tohd = thd + channel_count,
  tehd = tohd + channel_count,
};
constexpr std::size_t quantity_count = tehd + channel_count;

// Intervals.
constexpr std::size_t three_seconds = 0, ten_minutes = 1, two_hours = 2, interval_count = 3;
constexpr std::array<const char*, interval_count> suffix{"3s", "10m", "2hr"};

enum Output : std::size_t {
  values,  // the quantities at 3s, at 10m, at 2hr
  frequency_10s = values + interval_count * quantity_count,
  frequency_10m,
  frequency_2hr,
  flag,  // 3s, 10m, 2hr
  flag_10s = flag + interval_count,
  ready,  // 3s, 10m, 2hr
  ready_10s = ready + interval_count,
  sliding,                          // V1.. V3, their mean
  spectrum = sliding + phases + 1,  // 3s, 10m, 2hr
  valid = spectrum + interval_count,
  valid_10s = valid + interval_count,
};

using Means = pq::SquareMeans<quantity_count>;

void describe_values(graph::ModuleDescriptor& d, const std::string& of) {
  const auto add = [&](const std::string& name, const char* unit, const std::string& help) {
    d.outputs.push_back(describe::output(name + " " + of, RegisterType::numeric, unit, help));
  };
  for (std::size_t c = 0; c < channel_count; ++c) add(channel_names[c], c < 4 ? "V" : "A", "rms");
  for (std::size_t p = 0; p < phases; ++p)
    add(std::string(channel_names[p]) + " UnderDev", "%",
        "under-deviation from the nominal voltage");
  for (std::size_t p = 0; p < phases; ++p)
    add(std::string(channel_names[p]) + " OverDev", "%", "over-deviation from the nominal voltage");
  for (const char* name : {"Vunbal u2", "Vunbal u0", "IUnbal u2", "IUnbal u0"})
    add(name, "%", "negative or zero over positive sequence");
  for (const auto& [name, help] : {std::pair{" THD", "total harmonic distortion to order 50"},
                                   {" TOHD", "distortion by odd harmonics"},
                                   {" TEHD", "distortion by even harmonics"}})
    for (std::size_t c = 0; c < channel_count; ++c)
      add(std::string(channel_names[c]) + name, "%", help);
}

graph::ModuleDescriptor describe_aggregator() {
  graph::ModuleDescriptor d;
  d.type = "Power Quality Aggregator";
  d.number = 60;
  d.core = true;
  d.instances_max = 1;
  d.help =
      "Windows of 10 or 12 cycles put together to 150 or 180 cycles, 10 minutes and 2 hours as IEC "
      "61000-4-30 asks; its pulses trigger all that evaluates them.";
  d.inputs = {
      describe::dataset("Window", "window", "the spectrum of all channels"),
      describe::dataset("Interval", "interval", "means over the same cycles"),
      describe::setup_link("Nominal", RegisterType::numeric,
                           "voltage that deviations are related to"),
      describe::optional("Frequency 10s", RegisterType::numeric, "of Data Acquisition"),
      describe::optional("V u2", RegisterType::numeric, "unbalance of the voltages"),
      describe::optional("V u0", RegisterType::numeric, "the same, zero sequence"),
      describe::optional("I u2", RegisterType::numeric, "unbalance of the currents"),
      describe::optional("I u0", RegisterType::numeric, "the same, zero sequence"),
      describe::setup_link("Enable", RegisterType::boolean,
                           "unlinked: on. Off: nothing is gathered, all outputs are N/A"),
      describe::optional("Reset", RegisterType::pulse, "drops what is gathered"),
  };
  d.inputs[window].mandatory = d.inputs[interval].mandatory = true;
  for (const char* of : suffix) describe_values(d, of);
  d.outputs.push_back(
      describe::output("Power Freq 10s", RegisterType::numeric, "Hz", "whole cycles of 10 s"));
  for (const char* of : {"10m", "2hr"})
    d.outputs.push_back(describe::output(std::string("Power Freq ") + of, RegisterType::numeric,
                                         "Hz", "mean of the 10 s values"));
  for (const char* of : {"3s", "10m", "2hr", "10s"})
    d.outputs.push_back(describe::output(std::string("PqFlag ") + of, RegisterType::boolean, "",
                                         "a dip, swell or interruption lay in the interval"));
  for (const char* of : {"3s", "10m", "2hr", "10s"})
    d.outputs.push_back(describe::output(std::string(of) + " Ready", RegisterType::pulse, "",
                                         "the values of the interval stand"));
  for (std::size_t p = 0; p < phases; ++p)
    d.outputs.push_back(describe::output(std::string(channel_names[p]) + " Sliding Ref Voltage",
                                         RegisterType::numeric, "V", "voltage of the last minute"));
  d.outputs.push_back(describe::output("Vavg Sliding Ref Voltage", RegisterType::numeric, "V",
                                       "mean of the sliding references"));
  for (const char* of : suffix) {
    auto& data = d.outputs.emplace_back(
        describe::output(std::string("Spectrum ") + of, RegisterType::dataset, "",
                         "harmonics and interharmonics of the interval"));
    data.dataset = "spectrum aggregate";
  }
  for (const char* of : {"3s", "10m", "2hr", "10s"})
    d.outputs.push_back(describe::output(std::string("Valid ") + of, RegisterType::boolean, "",
                                         "the interval is whole, and no interruption and no dip or "
                                         "swell of a minute or less lay in it"));
  d.events = {describe::reset_event(), describe::setup_event()};
  return d;
}

/// What is gathered towards one interval.
struct Gathered {
  Means means;
  pq::SpectrumSum spectrum;
  bool lost = false;  ///< a window of it, to samples that are not there

  void lose(Instant begin, Quality quality) {
    if (means.added == 0) means.begin = begin;
    means.quality |= quality;
    lost = true;
  }
};

class Aggregator final : public graph::Module {
 public:
  void run(graph::Step& step) noexcept override {
    if (step.pulses(reset) > 0) {
      forget();
      step.event(registers::priority::reset, values, "reset");
    }
    if (!step.enabled(enable)) return switch_off(step);
    off_ = false;
    const auto* spectra = step.dataset<metering::WindowData>(window);
    const auto* means = step.dataset<metering::IntervalData>(interval);
    if (spectra == nullptr || spectra->window == nullptr || means == nullptr) return;
    tell_frequency(step);
    const double declared = step.linked(nominal) ? step.in(nominal) : not_available;
    if (declared != declared_) set_declared(declared);
    const auto quantities = quantities_of(step, *spectra, *means);
    follow_sliding(step, *means);

    const auto place = places_.add(means->begin, means->end);
    if (place.after_gap) running_ = pending_ = {};
    if (place.begins_interval) pending_ = std::exchange(running_, {});
    if (gathers_ten_minutes_ && place.ten_minutes != ten_minutes_number_) close_ten_minutes(step);
    gathers_ten_minutes_ = true;
    ten_minutes_number_ = place.ten_minutes;

    const auto add = [&](Gathered& to) {
      if (means->bridged > bridged_max) return to.lose(means->begin, step.quality());
      to.means.add(quantities, means->begin, step.duration_s(), step.quality());
      to.spectrum.add(spectra->window->subgroup, spectra->window->interharmonic,
                      spectra->window->order_max, spectra->present);
    };
    if (place.in_pending) add(pending_);
    add(running_);
    add(ten_minutes_);
    if (place.pending_complete) close_three_seconds(step, pending_, means->end);
    if (place.complete) close_three_seconds(step, running_, means->end);
    if (place.ends_ten_minutes) close_ten_minutes(step);
  }

  // Where the samples end with a tick, no window comes behind it.
  void finish(graph::Step& step) noexcept override {
    if (off_) return;
    tell_frequency(step);
    const Instant tick{(ten_minutes_number_ + 1) * pq::ten_minutes_ns};
    if (gathers_ten_minutes_ && step.time() >= tick) close_ten_minutes(step);
  }

  const void* dataset(std::size_t o) const override {
    return o >= spectrum && o < spectrum + interval_count ? &spectra_[o - spectrum] : nullptr;
  }

 private:
  // What of an interval may be missing: its windows begin and end at zero crossings.
  static constexpr double uncovered_s_max = 0.5;
  // Of a window's samples, a straight line standing in for them: with more it says nothing.
  static constexpr double bridged_max = 0.01;

  std::array<double, quantity_count> quantities_of(graph::Step& step,
                                                   const metering::WindowData& spectra,
                                                   const metering::IntervalData& means) const {
    std::array<double, quantity_count> q;
    q.fill(not_available);
    for (std::size_t c = 0; c < channel_count; ++c) {
      if ((means.present >> c & 1u) == 0) continue;
      q[rms + c] = means.means.rms[c];
      const pq::Distortion distortion = distortion_of(*spectra.window, c);
      q[thd + c] = distortion.total;
      q[tohd + c] = distortion.odd;
      q[tehd + c] = distortion.even;
    }
    for (std::size_t p = 0; p < phases; ++p)
      if (available(q[rms + p]) && available(declared_)) {
        q[bounded_under + p] = std::min(q[rms + p], declared_);
        q[bounded_over + p] = std::max(q[rms + p], declared_);
      }
    for (std::size_t u = 0; u < 4; ++u) q[unbalance + u] = step.in(v_u2 + u);
    return q;
  }

  static pq::Distortion distortion_of(const metering::Window& spectrum_of_all,
                                      std::size_t channel) {
    std::array<double, thd_order_max + 1> magnitudes{};
    const unsigned top = std::min(thd_order_max, spectrum_of_all.order_max);
    for (unsigned h = 1; h <= top; ++h)
      magnitudes[h] = static_cast<double>(spectrum_of_all.subgroup[h][channel]);
    return pq::distortion_of(std::span(magnitudes).first(top + 1));
  }

  void set_declared(double declared) {
    declared_ = declared > 0 ? declared : not_available;
    for (auto& reference : sliding_) reference.start(declared_);
  }

  void follow_sliding(graph::Step& step, const metering::IntervalData& means) {
    double sum = 0;
    unsigned count = 0;
    for (std::size_t p = 0; p < phases; ++p) {
      const bool there = (means.present >> p & 1u) != 0 && available(declared_);
      if (there) sliding_[p].add(means.means.rms[p], step.quality().has(Quality::disturbed));
      step.out(sliding + p, there ? sliding_[p].value() : not_available);
      if (there) sum += sliding_[p].value(), ++count;
    }
    step.out(sliding + phases, count > 0 ? sum / count : not_available);
  }

  // A new value has a new time.
  void tell_frequency(graph::Step& step) {
    if (!step.linked(frequency)) return;
    const registers::Value& value = step.value_of(frequency);
    if (value.time == frequency_time_) return;
    frequency_time_ = value.time;
    if (available(value.number)) {
      frequency_sum_[0] += value.number;
      ++frequency_count_[0];
    }
    step.out_at(frequency_10s, value.number, value.time, value.quality);
    step.out_at(flag_10s, value.quality.has(Quality::disturbed), value.time, value.quality);
    tell_validity(step, valid_10s, value.time.plus_s(-10), value.time, value.quality);
    step.pulse_at(ready_10s, value.time, value.quality);
  }

  // What is only doubtful because the voltage was low or high for long is valid.
  static void tell_validity(graph::Step& step, std::size_t o, Instant begin, Instant end,
                            Quality quality) {
    const bool brief = quality.has(Quality::disturbed) && step.briefly_disturbed(begin, end);
    step.out_at(o, !brief && !quality.has(Quality::partial), end);
  }

  void close_three_seconds(graph::Step& step, Gathered& gathered, Instant end) {
    Quality quality;
    if (gathered.lost) quality.add(Quality::partial);
    tell(step, three_seconds, std::exchange(gathered, {}), end, quality);
  }

  void close_ten_minutes(graph::Step& step) {
    Gathered gathered = std::exchange(ten_minutes_, {});
    const Instant tick{(ten_minutes_number_ + 1) * pq::ten_minutes_ns};
    Quality quality;
    if (gathered.means.covered_s < pq::ten_minutes_ns / 1e9 - uncovered_s_max)
      quality.add(Quality::partial);
    const std::int64_t number = interval_of(tick.plus_ns(-1), pq::two_hours_ns);
    if (gathers_two_hours_ && number != two_hours_number_) close_two_hours(step);
    gathers_two_hours_ = true;
    two_hours_number_ = number;
    Quality all = gathered.means.quality;
    all |= quality;
    two_hours_.means.add(gathered.means.values(), gathered.means.begin, gathered.means.covered_s,
                         all);
    tell_mean_frequency(step, frequency_10m, 0, tick, quality);
    tell(step, ten_minutes, gathered, tick, quality);
    const pq::SpectrumAggregate& told = spectra_[ten_minutes];
    two_hours_.spectrum.add(told.subgroup, told.interharmonic, told.order_max, told.present);
    gathers_ten_minutes_ = false;
    if (interval_of(tick, pq::two_hours_ns) != number) close_two_hours(step);
  }

  void close_two_hours(graph::Step& step) {
    constexpr unsigned parts = 12;
    const Instant tick{(two_hours_number_ + 1) * pq::two_hours_ns};
    Quality quality;
    if (two_hours_.means.added < parts) quality.add(Quality::partial);
    tell_mean_frequency(step, frequency_2hr, 1, tick, quality);
    tell(step, two_hours, std::exchange(two_hours_, {}), tick, quality);
    gathers_two_hours_ = false;
  }

  // Of 10 s values over 10 minutes, and of all of them over 2 hours.
  void tell_mean_frequency(graph::Step& step, std::size_t o, std::size_t level, Instant time,
                           Quality quality) {
    if (level == 0) {
      frequency_sum_[1] += frequency_sum_[0];
      frequency_count_[1] += frequency_count_[0];
    }
    const double sum = std::exchange(frequency_sum_[level], 0.0);
    const unsigned count = std::exchange(frequency_count_[level], 0u);
    step.out_at(o, count > 0 ? sum / count : not_available, time, quality);
  }

  void tell(graph::Step& step, std::size_t of, const Gathered& gathered, Instant end,
            Quality more) {
    const Means& means = gathered.means;
    Quality quality = means.quality;
    quality |= more;
    const auto put = [&](std::size_t quantity, double value) {
      step.out_at(values + of * quantity_count + quantity, value, end, quality);
    };
    for (std::size_t q = 0; q < quantity_count; ++q) put(q, means.value(q));
    for (std::size_t p = 0; p < phases; ++p) {
      put(bounded_under + p, 100 * (declared_ - means.value(bounded_under + p)) / declared_);
      put(bounded_over + p, 100 * (means.value(bounded_over + p) - declared_) / declared_);
    }
    pq::SpectrumAggregate& told = spectra_[of];
    gathered.spectrum.mean(told);
    told.begin = means.begin;
    told.end = end;
    told.quality = quality;
    step.out_at(flag + of, quality.has(Quality::disturbed), end, quality);
    tell_validity(step, valid + of, means.begin, end, quality);
    step.pulse_at(ready + of, end, quality);
  }

  void forget() {
    running_ = pending_ = ten_minutes_ = two_hours_ = {};
    gathers_ten_minutes_ = gathers_two_hours_ = false;
    frequency_sum_ = {};
    frequency_count_ = {};
    places_ = {};
  }

  void switch_off(graph::Step& step) {
    if (std::exchange(off_, true)) return;
    forget();
    for (std::size_t o = 0; o < flag; ++o) step.out(o, not_available);
    for (std::size_t o = flag; o <= flag_10s; ++o) step.out(o, not_available);
    for (std::size_t o = sliding; o < spectrum; ++o) step.out(o, not_available);
    for (std::size_t o = valid; o <= valid_10s; ++o) step.out(o, not_available);
  }

  bool off_ = false;
  double declared_ = not_available;
  pq::WindowIntervals places_;
  Gathered running_, pending_, ten_minutes_, two_hours_;
  bool gathers_ten_minutes_ = false, gathers_two_hours_ = false;
  std::int64_t ten_minutes_number_ = 0, two_hours_number_ = 0;
  std::array<pq::SlidingReference, phases> sliding_{};
  Instant frequency_time_;
  std::array<double, 2> frequency_sum_{};  ///< towards 10 minutes, towards 2 hours
  std::array<unsigned, 2> frequency_count_{};
  std::array<pq::SpectrumAggregate, interval_count> spectra_{};
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_aggregator();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Aggregator>(); }

}  // namespace polyphase::modules::power_quality_aggregator
