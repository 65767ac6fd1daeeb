#include "metering/chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "dsp/denormals.hpp"

namespace polyphase::metering {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double edge_narrow_below_hz = 2'000;
constexpr double slew_max = 0.1;  // a half cycle differs at most this from the frequency followed
constexpr std::int64_t fit_points = 16;  // four cycles
constexpr double look_ahead = 0.9;       // of a half cycle: points up to here decide on its end
constexpr double expected = 0.98;        // of a half cycle: it is not looked for before
constexpr std::int64_t window_lag =
    5;                           // half cycles behind a window's end, when its phase is aligned
constexpr double ring_s = 0.75;  // lock-in; or a window of 12 cycles at 42.5 Hz and its lag
constexpr std::size_t piece_frames = 256;  // scaled at a time

dsp::EdgeWeights::Kind edge_for(double sample_rate_hz) {
  return sample_rate_hz < edge_narrow_below_hz ? dsp::EdgeWeights::Kind::b_spline_4
                                               : dsp::EdgeWeights::Kind::kaiser_12;
}

std::size_t half_cycle_samples_max(double sample_rate_hz) {
  return static_cast<std::size_t>(sample_rate_hz / 40) + 32;
}

}  // namespace

Result<std::unique_ptr<Chain>> Chain::create(const ChainConfig& config) {
  if (!(config.sample_rate_hz >= sample_rate_min_hz && config.sample_rate_hz <= sample_rate_max_hz))
    return fail(ErrorCode::invalid_config,
                fmt::format("{} samples a second cannot be measured with: {} to {} are needed",
                            config.sample_rate_hz, sample_rate_min_hz, sample_rate_max_hz));
  return std::unique_ptr<Chain>(new Chain(config));
}

Chain::Chain(const ChainConfig& config)
    : config_(config),
      tracker_({config.sample_rate_hz, config.frequency_nominal_hz,
                static_cast<ChannelMask>(config.present | config.derived)},
               *config.kernels),
      sums_(edge_for(config.sample_rate_hz), config.connection,
            half_cycle_samples_max(config.sample_rate_hz), *config.kernels),
      spectrum_(config.sample_rate_hz, config.frequency_nominal_hz == 60 ? 12 : 10,
                *config.kernels),
      ring_(static_cast<std::size_t>(config.sample_rate_hz * ring_s) + 2 * spectrum_.reach(),
            std::max({sums_.samples_max(), 2 * spectrum_.reach(), tracker_.contiguous()})) {
  for (std::size_t c = 0; c < channel_count; ++c)
    limit_[c] =
        config.full_scale[c] > 0 ? config.full_scale[c] : std::numeric_limits<float>::infinity();
}

void Chain::restart() noexcept {
  origin_ = ring_.end();
  tracker_.restart(origin_);
  running_ = finished_ = false;
  window_open_ = false;
  resynchronise_from_ = no_boundary;
  before_valid_ = false;
  smooth_ = false;
  smooth_at_ = long_ago;
  own_ = {};
}

std::int64_t Chain::oldest_needed() const {
  if (!running_) return origin_;
  const double half = (boundary_ - boundary_before_) * 2 + sums_.reach() + 2;
  double oldest = boundary_before_ - half;
  if (window_open_)
    oldest =
        std::min(oldest, placed(window_first_) - static_cast<double>(spectrum_.reach()) - half);
  return std::min(static_cast<std::int64_t>(oldest), tracker_.needed_from());
}

std::size_t Chain::push(std::span<const Frame> frames, Quality common) noexcept {
  const std::int64_t room =
      oldest_needed() + static_cast<std::int64_t>(ring_.capacity()) - ring_.end();
  const std::size_t taken =
      std::min(frames.size(), static_cast<std::size_t>(std::max<std::int64_t>(room, 0)));
  for (frames = frames.first(taken); !frames.empty();) {
    const std::span<dsp::LaneFrame> scaled = ring_.room(std::min(frames.size(), piece_frames));
    scale(frames.first(scaled.size()), scaled, common);
    frames = frames.subspan(scaled.size());
  }
  return taken;
}

void Chain::scale(std::span<const Frame> frames, std::span<dsp::LaneFrame> scaled, Quality common) {
  const std::int64_t first = ring_.end();
  const bool doubtful =
      config_.kernels->sums->scale(frames.front().value.data(), frames.size(), config_.scale.data(),
                                   limit_.data(), scaled.front().data());
  PerChannel<bool> derived{};
  for (std::size_t c = 0; c < channel_count; ++c)
    derived[c] = (static_cast<unsigned>(config_.derived) >> c & 1) != 0;
  std::array<std::uint16_t, piece_frames> flags;
  if (doubtful)
    for (std::size_t n = 0; n < frames.size(); ++n)
      flags[n] = examined(frames[n], scaled[n], common);
  if (config_.derived != 0)
    for (dsp::LaneFrame& x : scaled)
      for (const std::size_t group : {std::size_t{0}, std::size_t{4}})
        for (std::size_t c = 0; c < 3; ++c)
          if (derived[group + c]) x[group + c] = -(x[group + (c + 1) % 3] + x[group + (c + 2) % 3]);
  ring_.commit(scaled.size(), common.bits & 0xffu);
  if (doubtful)
    for (std::size_t n = 0; n < frames.size(); ++n)
      ring_.set_flags(first + static_cast<std::int64_t>(n), flags[n]);
}

// A frame in which something is not finite or clipped: what exactly, and a zero for what is no
// number.
std::uint16_t Chain::examined(const Frame& frame, dsp::LaneFrame& scaled, Quality common) const {
  unsigned clipped = 0;
  for (std::size_t c = 0; c < channel_count; ++c) {
    if (!std::isfinite(frame.value[c])) {
      scaled[c] = 0;
      common.add(Quality::bridged);
    } else if (std::abs(frame.value[c]) >= limit_[c]) {
      clipped |= 1u << c;
    }
  }
  for (const unsigned group : {0x07u, 0x70u})  // what is derived of a clipped value is no better
    if ((clipped & group) != 0) clipped |= config_.derived & group;
  return static_cast<std::uint16_t>((common.bits & 0xffu) | clipped << 8);
}

Chain::Ready Chain::next() noexcept {
  const dsp::DenormalsAreZero quick;
  if (!running_ && !begin_boundaries()) return Ready::none;
  if (window_open_ && due_window()) return Ready::window;
  return due_half_cycle() ? Ready::half_cycle : Ready::none;
}

// Once the phase is known the boundaries are placed backward to the first sample: locking in delays
// what is told and loses nothing.
bool Chain::begin_boundaries() {
  // One point at a time, so that the samples at hand do not decide where measuring begins.
  while (!tracker_.locked())
    if (!tracker_.advance_one(ring_)) return false;
  const std::int64_t points = std::min(fit_points, tracker_.points_end() - tracker_.first_point());
  const double slope = tracker_.frequency_hz() * 2 / config_.sample_rate_hz;
  // The line through the middle of the first points, with the frequency they agree on.
  double phase = 0, position = 0;
  for (std::int64_t p = 0; p < points; ++p) {
    phase += tracker_.half_cycles(tracker_.first_point() + p);
    position += tracker_.position(tracker_.first_point() + p);
  }
  phase /= static_cast<double>(points);
  position /= static_cast<double>(points);
  const double fitted = tracker_.slope(tracker_.first_point(), points);
  const double step = std::abs(fitted / slope - 1) < slew_max ? fitted : slope;
  const double first_usable = static_cast<double>(origin_) + sums_.reach() + 1 + 1 / step;
  const auto earliest =
      static_cast<std::int64_t>(std::ceil(phase + (first_usable - position) * step));
  // Behind a gap numbers go on, and at least one is left out.
  const std::int64_t cycles_on =
      first_run_ ? 0 : (number_ + 2 - earliest + (earliest < number_ + 2 ? 1 : 0)) / 2;
  first_run_ = false;
  tracker_.renumber(2 * cycles_on);
  phase += static_cast<double>(2 * cycles_on);
  number_ = earliest + 2 * cycles_on;
  boundary_ = position + (static_cast<double>(number_) - phase) / step;
  boundary_before_ = boundary_ - 1 / step;
  first_number_ = number_;
  running_ = true;
  const double reach = static_cast<double>(spectrum_.reach()) + 1;
  window_first_ = number_ + (number_ % 2 != 0 ? 1 : 0);
  while (boundary_ + static_cast<double>(window_first_ - number_) / step <
         static_cast<double>(origin_) + reach)
    window_first_ += 2;
  window_open_ = window_first_ == number_;
  placed(number_) = boundary_;
  return true;
}

// The line through the phases of the last four cycles, run ahead.
double Chain::predict(std::int64_t number) const {
  const std::int64_t points = std::min(fit_points, tracker_.points_end() - tracker_.first_point());
  const std::int64_t first = tracker_.points_end() - points;
  double phase = 0, position = 0;
  for (std::int64_t p = first; p < tracker_.points_end(); ++p) {
    phase += tracker_.half_cycles(p);
    position += tracker_.position(p);
  }
  phase /= static_cast<double>(points);
  position /= static_cast<double>(points);
  const double slope = tracker_.slope(first, points);
  const double usual = config_.sample_rate_hz / (2 * tracker_.steady_frequency_hz());
  const double next =
      slope > 0 ? position + (static_cast<double>(number) - phase) / slope : boundary_ + usual;
  return std::clamp(next, boundary_ + usual * (1 - slew_max), boundary_ + usual * (1 + slew_max));
}

std::size_t Chain::samples_wanted() const {
  return running_ && needed_ > ring_.end() ? static_cast<std::size_t>(needed_ - ring_.end()) : 1;
}

bool Chain::due_half_cycle() noexcept {
  const double usual = config_.sample_rate_hz / (2 * tracker_.steady_frequency_hz());
  const auto reach = static_cast<std::int64_t>(std::floor(boundary_ + look_ahead * usual));
  needed_ = static_cast<std::int64_t>(std::floor(boundary_ + expected * usual + sums_.reach())) + 1;
  if (ring_.end() < reach) return false;
  tracker_.advance(ring_, reach);
  const double begin = boundary_;
  const double end = predict(number_ + 1);
  needed_ = static_cast<std::int64_t>(std::floor(end + sums_.reach())) + 1;
  if (ring_.end() < needed_) return false;

  half_cycle_.number = number_ + 1;
  half_cycle_.begin = begin;
  half_cycle_.end = end;
  sums_.half_cycle(ring_, begin, end, number_, half_cycle_);
  half_cycle_.frequency_hz = tracker_.frequency_hz();
  if (tracker_.held()) half_cycle_.common.add(Quality::frequency_held);

  half_cycle_.cycle_complete = false;
  half_cycle_.power = {};
  if (before_valid_) {
    Sums cycle = before_;
    cycle += half_cycle_.sums;
    half_cycle_.cycle_complete = half_cycle_.number % 2 == 0;
    if (half_cycle_.cycle_complete) half_cycle_.power = power_of_cycle(cycle, config_.connection);
  }
  boundary_before_ = begin;
  boundary_ = end;
  ++number_;
  measure_own_crossings(begin);
  before_ = half_cycle_.sums;
  before_valid_ = true;
  placed(number_) = boundary_;
  window_open_ = window_open_ || number_ == window_first_;
  return true;
}

// One half cycle further, to a crossing of the phase's own voltage.
void Chain::measure_to(OwnCrossings& own, double crossing) {
  own.half_before = own.half;
  own.half = sums_.squares(ring_, own.newest, crossing);
  own.newest = crossing;
  own.halves = std::min(own.halves + 1, 2);
}

// A parabola through the phases of the last four cycles, u in points from their middle:
//   phase = mean + slope u + bend (u^2 - variance)
void Chain::fit_phase() {
  constexpr double rough_beyond = 2e-4;  // half cycles, 0.036 degrees
  constexpr double count = fit_points, variance = (count * count - 1) / 12;
  constexpr double sum_2 = count * variance;
  constexpr double sum_4 = sum_2 * (3 * count * count - 7) / 20 - count * variance * variance;
  smooth_ = false;
  const std::int64_t first = tracker_.points_end() - fit_points;
  if (first < tracker_.first_point()) return;
  const auto from_middle = [](std::int64_t p) { return static_cast<double>(p) - (count - 1) / 2; };
  double mean = 0, slope = 0, bend = 0, rough = 0;
  for (std::int64_t p = 0; p < fit_points; ++p) {
    const double u = from_middle(p), phase = tracker_.half_cycles(first + p);
    mean += phase / count;
    slope += u * phase / sum_2;
    bend += (u * u - variance) * phase / sum_4;
  }
  for (std::int64_t p = 0; p < fit_points; ++p) {
    const double u = from_middle(p);
    const double off =
        tracker_.half_cycles(first + p) - mean - slope * u - bend * (u * u - variance);
    rough += off * off / count;
  }
  if (!(rough < rough_beyond * rough_beyond)) return;
  smooth_ = true;
  const double hop = tracker_.position(1);
  slope_ = slope / hop;
  bend_ = bend / (hop * hop);
  middle_ = tracker_.position(first) + hop * (count - 1) / 2;
  smooth_at_ = number_;
  smooth_cycle_ = cycle_at(boundary_);
}

// Samples of a cycle at a position. Where the phases lie on no parabola because they have jumped,
// as before they did; where that lasts, as in noise, by the steady frequency.
double Chain::cycle_at(double position) const {
  constexpr std::int64_t remembered = 25;  // half cycles
  if (smooth_) return 2 / (slope_ + 2 * bend_ * (position - middle_));
  return number_ - smooth_at_ <= remembered
             ? smooth_cycle_
             : config_.sample_rate_hz / tracker_.steady_frequency_hz();
}

// The squares of the cycle that ends at a crossing. `halves` are those between crossings, which is
// the same unless a phase that jumped has drawn these together or apart: a cycle of the length that
// the network's has then keeps the rms right.
IntervalSums::Squares Chain::cycle_before(double end, const IntervalSums::Squares& halves) {
  constexpr double drawn_beyond = 2e-4;
  const double cycle = cycle_at(end - halves.length / 2);
  const double begin = end - cycle;
  constexpr double hz_min = Tracker::frequency_min_hz - 1, hz_max = Tracker::frequency_max_hz + 1;
  const bool there = begin - sums_.reach() - 1 >= static_cast<double>(origin_) &&
                     cycle * hz_min <= config_.sample_rate_hz &&
                     cycle * hz_max >= config_.sample_rate_hz;
  const bool drawn = std::abs(halves.length - cycle) > drawn_beyond * cycle;
  return drawn && there ? sums_.squares(ring_, begin, end) : halves;
}

void Chain::tell_rms(std::array<std::size_t, 2> channels, double end,
                     const IntervalSums::Squares& half, const IntervalSums::Squares& half_before) {
  IntervalSums::Squares cycle = half;
  for (const std::size_t c : channels) cycle.square[c] += half_before.square[c];
  cycle.length += half_before.length;
  cycle = cycle_before(end, cycle);
  for (const std::size_t c : channels) {
    half_cycle_.rms[c] = std::sqrt(std::max(cycle.square[c], 0.0) / cycle.length);
    half_cycle_.rms_begin[c] = end - cycle.length;
  }
}

void Chain::measure_own_crossings(double begin) {
  constexpr double wrap_beyond = 0.1;  // near the wrap the side it was on is kept
  const double length = boundary_ - begin;
  half_cycle_.rms.fill(not_a_number);
  half_cycle_.rms_begin.fill(not_a_number);
  fit_phase();
  const unsigned there = static_cast<unsigned>(config_.present) | config_.derived;
  for (std::size_t p = 0; p < own_.size(); ++p) {
    OwnCrossings& own = own_[p];
    // Where its voltage crosses zero, seen from the reference's boundary: up to a half cycle
    // earlier.
    double offset = -tracker_.offset_half_cycles(p);
    offset -= std::ceil(offset);
    if (own.begun && own.offset - offset > 0.5 && offset < -1 + wrap_beyond) offset += 1;
    if (own.begun && offset - own.offset > 0.5 && offset > -wrap_beyond) offset -= 1;
    own.offset = offset;
    const double crossing = boundary_ + std::min(offset, 0.0) * length;
    if (!own.begun) {
      // The first half cycle must not reach before the first sample.
      own.begun = crossing - sums_.reach() >= static_cast<double>(origin_);
      own.newest = crossing;
      continue;
    }
    if (crossing - own.newest > 1.5 * length) measure_to(own, crossing - length);
    if (crossing - own.newest < 0.5 * length) continue;  // it stepped back: this one has been
    measure_to(own, crossing);
    if (own.halves < 2) continue;
    tell_rms({p, 4 + p}, crossing, own.half, own.half_before);
  }
  if (before_valid_)
    tell_rms({3, 7}, boundary_, {half_cycle_.sums.square, half_cycle_.sums.length_samples},
             {before_.square, before_.length_samples});
  for (std::size_t c = 0; c < channel_count; ++c)
    if ((there >> c & 1) == 0) half_cycle_.rms[c] = not_a_number;
}

bool Chain::due_window() noexcept {
  const std::int64_t last = window_first_ + 2 * static_cast<std::int64_t>(spectrum_.cycles());
  if (number_ < last + (finished_ ? 0 : window_lag)) return false;
  const double begin = placed(window_first_), end = placed(last);
  if (finished_) {
    // The samples end too soon behind the window to measure it: it is not told.
    if (end + static_cast<double>(spectrum_.reach()) + 1 > static_cast<double>(ring_.end()))
      return false;
    tracker_.advance(ring_, ring_.end());
  }
  spectrum_.measure(ring_, tracker_, window_first_, begin, end, window_);
  const std::int64_t first = std::exchange(window_first_, last);
  if (resynchronise_from_ <= last) {
    if (resynchronise_from_ > first) window_first_ = resynchronise_from_;
    resynchronise_from_ = no_boundary;
  }
  return true;
}

}  // namespace polyphase::metering
