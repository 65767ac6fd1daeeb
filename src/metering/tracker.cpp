// Thinned sample m is the triangle-weighted mean of the samples around m D; what lies at multiples
// of fs / D, and would fold onto the fundamental, it takes away: (f / (fs / D))^2 of it remains.
// Point j lies at sample c = j hop. With w the window and f0 the frequency tuned to,
//   X = sum_i w(i) x(c + i D) e^(-j 2 pi f0 i D / fs),   i = -L .. L
// arg X is the phase of the cosine at c: the window is symmetric, so its centre is exact.
#include "metering/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

namespace polyphase::metering {
namespace {

using std::numbers::pi;

constexpr double window_cycles = 4;
constexpr double points_a_cycle = 4;
constexpr double thinned_rate_min_hz = 2'500;
constexpr double bank_first_hz = 40, bank_step_hz = 2.5;
constexpr std::size_t bank_size = 14;     // to 72.5 Hz
constexpr double retune_beyond_hz = 1.6;  // more than half a step: no flutter between two tunings
constexpr double alive_share = 0.1;       // of what the channel used to be
constexpr double noise_share = 1e-4;      // of the largest it ever was: not worth following
constexpr double usual_decay_points = 200 * 30;   // half a minute
constexpr double calm_change_max = 0.002;         // of the usual amplitude, from point to point
constexpr std::int64_t restless_points_max = 48;  // twelve cycles: what lasts longer is followed
constexpr double steady_smoothing = 0.05;
constexpr double offset_smoothing = 0.125;
constexpr int lock_points = 6;
constexpr double lock_agreement_hz = 2;
constexpr double force_lock_after_s = 0.35;  // nothing to follow: run at the nominal frequency

// Four-term Blackman-Harris window, -92 dB.
double blackman_harris(double x) {  // x from -1 to 1
  const double a = pi * (x + 1);
  return 0.35875 - 0.48829 * std::cos(a) + 0.14128 * std::cos(2 * a) - 0.01168 * std::cos(3 * a);
}

double wrapped(double half_cycles) { return half_cycles - 2 * std::round(half_cycles / 2); }

// Neither too large nor too small for squares, so std::abs would take care for nothing.
double magnitude(std::complex<double> z) { return std::sqrt(std::norm(z)); }

}  // namespace

Tracker::Tracker(const TrackerConfig& config, const dsp::Kernels& kernels)
    : config_(config),
      kernels_(kernels.sums),
      step_(std::max<std::int64_t>(
          1, static_cast<std::int64_t>(config.sample_rate_hz / thinned_rate_min_hz))),
      hop_(step_ *
           std::max<std::int64_t>(1, std::llround(config.sample_rate_hz /
                                                  (points_a_cycle * config.frequency_nominal_hz *
                                                   static_cast<double>(step_))))),
      thinned_(0, 0),
      phases_(ring_size, std::numeric_limits<double>::quiet_NaN()),
      frequency_hz_(config.frequency_nominal_hz),
      steady_hz_(config.frequency_nominal_hz) {
  const auto d = static_cast<double>(step_);
  for (std::int64_t i = 1 - step_; i < step_; ++i)
    thinning_.push_back(static_cast<float>((1 - std::abs(static_cast<double>(i)) / d) / d));
  for (std::size_t b = 0; b < bank_size; ++b) {
    bank_.push_back(
        tuned_to(bank_first_hz + static_cast<double>(b) * bank_step_hz, config.sample_rate_hz / d));
    if (std::abs(bank_[b].frequency_hz - config.frequency_nominal_hz) < bank_step_hz / 2)
      nominal_tuning_ = b;
  }
  const auto longest = static_cast<std::size_t>(2 * bank_.front().half_length + 1);
  thinned_ = SampleRing(2 * longest, longest);
  restart(0);
}

Tracker::Tuning Tracker::tuned_to(double frequency_hz, double thinned_rate_hz) {
  const double half = window_cycles / 2 * thinned_rate_hz / frequency_hz;
  Tuning tuning{frequency_hz, 2 * static_cast<std::int64_t>(std::ceil(half / 2)), {}, {}};
  const auto window = [&](std::int64_t i) {
    return static_cast<double>(i) > half ? 0 : blackman_harris(static_cast<double>(i) / half);
  };
  double sum = window(0);
  for (std::int64_t i = 1; i <= tuning.half_length; ++i) sum += 2 * window(i);
  for (std::int64_t i = 0; i <= tuning.half_length; ++i) {
    const double angle = 2 * pi * frequency_hz * static_cast<double>(i) / thinned_rate_hz;
    const double scale = std::numbers::sqrt2 * window(i) / sum;  // an rms phasor
    tuning.even.push_back(static_cast<float>(scale * std::cos(angle)));
    tuning.odd.push_back(static_cast<float>(-scale * std::sin(angle)));
  }
  return tuning;
}

void Tracker::restart(std::int64_t position) {
  tuning_ = nominal_tuning_;
  frequency_hz_ = steady_hz_ = config_.frequency_nominal_hz;
  calm_points_ = 0;
  restless_points_ = {};
  amplitude_ = {};
  // The widest window must not reach before `position`.
  const std::int64_t first_thinned = (position + 2 * (step_ - 1)) / step_;
  thinned_.skip_to(first_thinned);
  const std::int64_t hop_thinned = hop_ / step_;
  first_ = next_ = (first_thinned + bank_.front().half_length + hop_thinned - 1) / hop_thinned;
  locked_ = held_ = false;
  consistent_ = 0;
  usual_ = largest_ = {};
  offset_known_ = {};
  reference_ = 0;
}

void Tracker::renumber(std::int64_t half_cycles) {
  for (std::int64_t p = first_; p < next_; ++p)
    phases_[static_cast<std::size_t>(p) & ring_mask] += static_cast<double>(half_cycles);
}

std::int64_t Tracker::needed_from() const { return (thinned_.end() - 1) * step_ + 1; }

void Tracker::advance(const SampleRing& ring, std::int64_t end) {
  while (advance_one(ring, std::min(end, ring.end()))) {
  }
}

bool Tracker::advance_one(const SampleRing& ring, std::int64_t end) {
  if (!thin(ring, end, next_ * hop_ / step_ + bank_[tuning_].half_length + 1)) return false;
  PerChannel<std::complex<double>> phasors;
  transform(phasors);
  follow(phasors);
  return true;
}

// Makes thinned samples up to `thinned_end`; false when the samples do not suffice.
bool Tracker::thin(const SampleRing& ring, std::int64_t samples_end, std::int64_t thinned_end) {
  const auto taps = static_cast<std::int64_t>(thinning_.size());
  while (thinned_.end() < thinned_end) {
    const std::int64_t first = (thinned_.end() - 1) * step_ + 1;
    if (first + taps > samples_end) return false;
    const std::int64_t at_hand = (samples_end - taps - first) / step_ + 1;
    const std::int64_t wanted =
        std::min({thinned_end - thinned_.end(), at_hand, std::int64_t{thinned_at_once}});
    const auto out = thinned_.room(static_cast<std::size_t>(wanted));
    kernels_->filter(ring.from(first)->data(), thinning_.data(), thinning_.size(),
                     static_cast<std::size_t>(step_), out.size(), out[0].data());
    thinned_.commit(out.size(), 0);
  }
  return true;
}

double Tracker::slope(std::int64_t first, std::int64_t count) const {
  const double middle = static_cast<double>(count - 1) / 2;
  double xy = 0, xx = 0;
  for (std::int64_t p = 0; p < count; ++p) {
    const double x = static_cast<double>(p) - middle;
    xy += x * half_cycles(first + p);
    xx += x * x;
  }
  return xx > 0 ? xy / (xx * static_cast<double>(hop_)) : 0;
}

void Tracker::transform(PerChannel<std::complex<double>>& out) const {
  const Tuning& tuning = bank_[tuning_];
  const auto half = static_cast<std::size_t>(tuning.half_length);
  const dsp::LaneFrame* first = thinned_.from(next_ * hop_ / step_ - tuning.half_length);
  dsp::LaneFrame re, im;
  kernels_->correlate(first[half].data(), tuning.even.data(), tuning.odd.data(), half, re.data(),
                      im.data());
  for (std::size_t l = 0; l < dsp::lanes; ++l)
    out[l] = {static_cast<double>(re[l]), static_cast<double>(im[l])};
}

bool Tracker::alive(std::size_t channel) const {
  return (static_cast<unsigned>(config_.present) >> channel & 1u) != 0 && amplitude_[channel] > 0 &&
         amplitude_[channel] >= alive_share * usual_[channel] &&
         amplitude_[channel] >= noise_share * largest_[channel];
}

void Tracker::choose_reference() {
  // Phase voltages; without any the phase currents; neutral inputs, which are small and wild, last.
  constexpr std::array<std::size_t, channel_count> order{0, 1, 2, 4, 5, 6, 3, 7};
  const bool any_voltage = *std::max_element(largest_.begin(), largest_.begin() + 3) > 0;
  const auto end = order.begin() + (any_voltage ? 3 : channel_count);
  const auto usable = [&](std::size_t c) { return alive(c) && offset_known_[c]; };
  const auto choose = [&](const auto& good) {
    if (std::find(order.begin(), end, reference_) != end && good(reference_)) return true;
    const auto found = std::find_if(order.begin(), end, good);
    if (found != end) reference_ = *found;
    return found != end;
  };
  // One that a dip does not touch; else one that is there at all; else one that is new.
  if (!choose([&](std::size_t c) { return usable(c) && calm(c); }) && !choose(usable))
    choose([&](std::size_t c) { return alive(c); });
}

void Tracker::observe(const PerChannel<std::complex<double>>& phasors) {
  for (std::size_t c = 0; c < channel_count; ++c) {
    const double before = amplitude_[c];
    amplitude_[c] = magnitude(phasors[c]);
    largest_[c] = std::max(largest_[c], amplitude_[c]);
    usual_[c] =
        std::max({amplitude_[c], usual_[c] * (1 - 1 / usual_decay_points), 0.01 * largest_[c]});
    const bool quiet = std::abs(amplitude_[c] - before) <= calm_change_max * usual_[c];
    restless_points_[c] = quiet ? 0 : restless_points_[c] + 1;
  }
}

bool Tracker::out_of_range() const { return implausible_points_ > restless_points_max; }

bool Tracker::calm(std::size_t channel) const {
  return restless_points_[channel] == 0 || restless_points_[channel] > restless_points_max;
}

void Tracker::follow(const PerChannel<std::complex<double>>& phasors) {
  observe(phasors);
  choose_reference();
  const bool measured = alive(reference_);
  const bool trusted = measured && (calm(reference_) || !locked_);
  const double frequency = trusted ? frequency_hz_ : steady_hz_;
  const double advance = 2 * frequency * static_cast<double>(hop_) / config_.sample_rate_hz;
  double phase = next_ > first_ ? half_cycles(next_ - 1) + advance : 0;
  if (trusted) {
    // The sine's phase: zero where it crosses upwards.
    const double raw = std::arg(phasors[reference_]) / pi + 0.5;
    if (!offset_known_[reference_]) adopt_reference(raw, phase);
    const double to_reference = raw - std::arg(offset_[reference_]) / pi;
    phase = next_ > first_ ? phase + wrapped(to_reference - phase) : wrapped(to_reference);
  }
  phases_[static_cast<std::size_t>(next_) & ring_mask] = phase;
  ++next_;
  calm_points_ = trusted ? calm_points_ + 1 : 0;
  if (trusted) {
    estimate_frequency();
    learn_offsets(phasors);
    retune();
  } else {
    consistent_ = 0;
    frequency_hz_ = steady_hz_;
  }
  held_ = !measured || out_of_range();
  judge_lock(measured);
}

// The first reference defines phase zero; one that was never seen beside another takes over its
// phase.
void Tracker::adopt_reference(double raw, double phase) {
  const bool first = std::none_of(offset_known_.begin(), offset_known_.end(), std::identity{});
  offset_[reference_] = first ? 1 : std::polar(1.0, pi * (raw - phase));
  offset_known_[reference_] = true;
}

void Tracker::estimate_frequency() {
  const auto back = std::min<std::int64_t>({4, next_ - 1 - first_, calm_points_ - 1});
  if (back <= 0) return;
  const double turned = half_cycles(next_ - 1) - half_cycles(next_ - 1 - back);
  const double estimate = turned / 2 * config_.sample_rate_hz / static_cast<double>(back * hop_);
  // Beyond the range it is a disturbance, not the network's frequency.
  const bool plausible = estimate > bank_first_hz && estimate < 72.5;
  implausible_points_ = plausible ? 0 : implausible_points_ + 1;
  consistent_ =
      plausible && std::abs(estimate - frequency_hz_) < lock_agreement_hz ? consistent_ + 1 : 0;
  if (!plausible) return;
  frequency_hz_ = std::clamp(estimate, frequency_min_hz - 1, frequency_max_hz + 1);
  steady_hz_ =
      locked_ ? steady_hz_ + steady_smoothing * (frequency_hz_ - steady_hz_) : frequency_hz_;
}

void Tracker::learn_offsets(const PerChannel<std::complex<double>>& phasors) {
  const std::complex<double> reference = phasors[reference_] * std::conj(offset_[reference_]);
  for (std::size_t c = 0; c < channel_count; ++c) {
    if (c == reference_ || !alive(c) || (offset_known_[c] && !calm(c))) continue;
    std::complex<double> angle = phasors[c] * std::conj(reference);
    angle /= magnitude(angle);
    if (!offset_known_[c])
      offset_[c] = angle;
    else
      offset_[c] += offset_smoothing * (angle - offset_[c]);
    offset_[c] /= magnitude(offset_[c]);
    offset_known_[c] = true;
  }
}

void Tracker::judge_lock(bool measured) {
  if (locked_) return;
  const double waited_s = static_cast<double>((next_ - first_) * hop_) / config_.sample_rate_hz;
  if (measured && consistent_ >= lock_points)
    locked_ = true;
  else if (waited_s > force_lock_after_s) {
    locked_ = true;
    if (!measured) frequency_hz_ = steady_hz_ = config_.frequency_nominal_hz;
  }
}

void Tracker::retune() {
  if (std::abs(bank_[tuning_].frequency_hz - frequency_hz_) < retune_beyond_hz) return;
  const double nearest = std::round((frequency_hz_ - bank_first_hz) / bank_step_hz);
  tuning_ = static_cast<std::size_t>(std::clamp(nearest, 0.0, static_cast<double>(bank_size - 1)));
}

double Tracker::known_until() const {
  return next_ > first_ ? position(next_ - 1) : std::numeric_limits<double>::quiet_NaN();
}

double Tracker::half_cycles_at(double position) const {
  const double at = position / static_cast<double>(hop_);
  auto point = static_cast<std::int64_t>(std::floor(at));
  // Half a hop before the first point and behind the newest one the line is continued.
  point =
      std::clamp(point, std::max(first_, next_ - static_cast<std::int64_t>(ring_size)), next_ - 2);
  const double fraction = at - static_cast<double>(point);
  if (next_ - first_ < 2 || fraction < -16 || fraction > 2)
    return std::numeric_limits<double>::quiet_NaN();
  const double low = half_cycles(point);
  return low + (half_cycles(point + 1) - low) * fraction;
}

double Tracker::offset_half_cycles(std::size_t channel) const {
  if (!offset_known_[channel]) return 0;
  return std::arg(offset_[channel]) / pi;
}

}  // namespace polyphase::metering
