#include "sources/simulator/simulator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace polyphase::sources::simulator {
namespace {

using std::numbers::pi;
using Complex = std::complex<double>;

// A hash of counters (splitmix64): noise and chance that depend on seed and place alone.
std::uint64_t hashed(std::uint64_t a, std::uint64_t b) {
  std::uint64_t z = a * 0x9e3779b97f4a7c15ull + b + 0x632be59bd9b4e019ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}
double uniform(std::uint64_t a, std::uint64_t b) { return static_cast<double>(hashed(a, b) >> 11) * 0x1p-53; }

// The share of an event that is on at a time: 0 outside, 1 inside, ramps at both ends.
double presence(const TimedEvent& e, double t) {
  constexpr double instant_s = 1e-9;  // so that a sample at the very edge is on the side it should be
  double since = t - e.start_s + instant_s;
  if (since < 0) return 0;
  if (e.repeat_s > 0) since -= std::floor(since / e.repeat_s) * e.repeat_s;
  if (since >= e.duration_s) return 0;
  if (e.ramp_s <= 0) return 1;
  return std::min({1.0, since / e.ramp_s, (e.duration_s - since) / e.ramp_s});
}

double since_start(const TimedEvent& e, double t) {
  const double since = t - e.start_s;
  return e.repeat_s > 0 ? since - std::floor(since / e.repeat_s) * e.repeat_s : since;
}

bool lasts(EventKind kind) { return kind == EventKind::phase_jump || kind == EventKind::load_step; }

constexpr double chunk_s = 0.01;  // slow quantities are drawn so often, and held

}  // namespace

Simulator::Simulator(Scenario scenario, std::size_t block_frames) : scenario_(std::move(scenario)), frames_(block_frames) {
  info_.sample_rate_hz = scenario_.sample_rate_hz;
  info_.line_frequency_hz = scenario_.nominal_frequency_hz;
  info_.description = scenario_.name.empty() ? "simulator" : scenario_.name;
  unsigned present = 0;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (scenario_.channels[c].rms > 0 || scenario_.channels[c].dc != 0) present |= 1u << c;
  info_.channels_present = static_cast<ChannelMask>(present);
  total_ = static_cast<std::uint64_t>(std::llround(scenario_.duration_s * scenario_.sample_rate_hz));
}

// Cycles since the start: the integral of the piecewise linear frequency.
double Simulator::turns(double t) const {
  const auto& points = scenario_.frequency;
  double sum = 0, at = 0, hz = points.front().hz;
  for (const FrequencyPoint& p : points) {
    if (p.at_s >= t) {
      const double slope = p.at_s > at ? (p.hz - hz) / (p.at_s - at) : 0;
      return sum + hz * (t - at) + slope * (t - at) * (t - at) / 2;
    }
    sum += (hz + p.hz) / 2 * (p.at_s - at);
    at = p.at_s;
    hz = p.hz;
  }
  return sum + hz * (t - at);
}

// Smooth noise between -1 and 1: values drawn every period, joined by a cosine.
double Simulator::wander(double t, double period_s, std::uint64_t stream) const {
  const double at = t / period_s;
  const auto slot = static_cast<std::uint64_t>(std::max(at, 0.0));
  const double mix = (1 - std::cos(pi * (at - static_cast<double>(slot)))) / 2;
  const double a = 2 * uniform(scenario_.seed * 64 + stream, slot) - 1, b = 2 * uniform(scenario_.seed * 64 + stream, slot + 1) - 1;
  return a + (b - a) * mix;
}

// One event in each slot of time, somewhere in its middle; the first slots are short, so that there is
// something to see soon.
void Simulator::add_life_events(std::uint64_t slot) {
  life_events_.clear();
  const double opening_s = scenario_.life.first_events_within_s;
  constexpr std::uint64_t opening_slots = 4;
  const double length = slot < opening_slots ? opening_s / opening_slots : scenario_.life.events_every_s;
  const double begin = slot < opening_slots ? static_cast<double>(slot) * length : opening_s + static_cast<double>(slot - opening_slots) * length;
  const auto chance = [&](std::uint64_t n) { return uniform(scenario_.seed * 1'000'003 + n, slot); };
  TimedEvent e;
  e.start_s = begin + length * (0.3 + 0.4 * chance(1));
  constexpr EventKind opening[] = {EventKind::load_step, EventKind::sag, EventKind::transient, EventKind::swell};
  constexpr EventKind later[] = {EventKind::sag, EventKind::sag, EventKind::transient, EventKind::swell, EventKind::rvc, EventKind::load_step};
  e.kind = slot < opening_slots ? opening[slot] : later[static_cast<std::size_t>(chance(2) * 6) % 6];
  const double which = chance(3);
  if (which < 0.5) {
    e.phases = {false, false, false};
    e.phases[static_cast<std::size_t>(which * 6) % 3] = true;
  }
  switch (e.kind) {
    case EventKind::sag:
      e.percent = 45 + 40 * chance(4);
      e.duration_s = 0.05 + 0.35 * chance(5);
      break;
    case EventKind::swell:
      e.percent = 112 + 8 * chance(4);
      e.duration_s = 0.05 + 0.2 * chance(5);
      break;
    case EventKind::rvc:
      e.percent = -4 - chance(4);
      e.duration_s = 2 + 5 * chance(5);
      break;
    case EventKind::load_step:
      e.percent = 130 + 50 * chance(4);
      e.duration_s = 5 + 10 * chance(5);
      e.phases = {true, true, true};
      break;
    default:
      e.percent = 40 + 40 * chance(4);
      e.frequency_hz = 700 + 800 * chance(6);
      e.duration_s = 0.01;
  }
  life_events_.push_back(e);
}

void Simulator::live(double t) {
  if (!scenario_.life.on) return;
  const double opening_s = scenario_.life.first_events_within_s;
  const std::uint64_t slot = t < opening_s ? static_cast<std::uint64_t>(t / (opening_s / 4))
                                           : 4 + static_cast<std::uint64_t>((t - opening_s) / scenario_.life.events_every_s);
  if (slot != life_slot_) {
    life_slot_ = slot;
    add_life_events(slot);
  }
  // Load by the time of day, UTC: low at night, a morning and an evening peak; less at weekends.
  constexpr double day_s = 86'400;
  const double clock_s = static_cast<double>(scenario_.start.ns / 1'000'000'000) + t;
  const double hour = std::fmod(clock_s, day_s) / 3600;
  const auto bump = [&](double at, double width) { return std::exp(-(hour - at) * (hour - at) / (2 * width * width)); };
  const bool weekend = static_cast<std::uint64_t>(clock_s / day_s + 4) % 7 % 6 == 0;
  double load = 0.35 + 0.45 * bump(8.5, 2) + 0.3 * bump(13, 3) + 0.6 * bump(19, 2.2);
  load *= (weekend ? 0.7 : 1) * (1 + 0.08 * wander(t, 45, 1) + 0.03 * wander(t, 4, 2));
  now_.load_factor = load;
  now_.voltage_factor = 1 - 0.02 * (load - 0.5) + 0.006 * wander(t, 120, 3) + 0.0015 * wander(t, 7, 4);
  now_.harmonic_factor = 0.7 + 0.5 * load + 0.15 * wander(t, 60, 5);
}

void Simulator::refresh(double from_s, double to_s) {
  now_ = {};
  live(from_s);
  const auto add = [&](const TimedEvent& e) {
    const bool repeats = e.repeat_s > 0;
    const double end = repeats || (lasts(e.kind) && e.duration_s == 0) ? 1e300 : e.start_s + e.duration_s;
    if (e.start_s < to_s && end >= from_s) now_.active.push_back(&e);
  };
  for (const TimedEvent& e : scenario_.events) add(e);
  for (const TimedEvent& e : life_events_) add(e);
}

void Simulator::frame_at(std::uint64_t index, double t, Frame& frame) const {
  double cycles = turns(t);
  // A living network's frequency wanders by some 20 mHz: as a bounded phase, so that no sum is needed.
  if (scenario_.life.on) cycles += 0.15 * std::sin(2 * pi * t / 47) + 0.05 * std::sin(2 * pi * t / 19);
  std::array<double, channel_count> gain{}, added{};
  std::array<double, 3> jump{}, flat{1, 1, 1};
  gain.fill(1);
  for (std::size_t c = 0; c < channel_count; ++c) gain[c] = c < 4 ? now_.voltage_factor : now_.load_factor;
  if (scenario_.flicker.percent > 0) {
    const double s = std::sin(2 * pi * scenario_.flicker.frequency_hz * t);
    const double m = 1 + scenario_.flicker.percent / 200 * (scenario_.flicker.rectangular ? (s >= 0 ? 1.0 : -1.0) : s);
    for (std::size_t p = 0; p < 3; ++p) gain[p] *= m;
  }
  cycles -= std::floor(cycles);
  const double theta = 2 * pi * cycles;
  for (const TimedEvent* e : now_.active) {
    const double on = lasts(e->kind) && e->duration_s == 0 ? (t >= e->start_s ? 1.0 : 0.0) : presence(*e, t);
    if (on == 0) continue;
    const double since = since_start(*e, t);
    for (std::size_t p = 0; p < 3; ++p) {
      if (!e->phases[p]) continue;
      const ChannelState& v = scenario_.channels[p];
      switch (e->kind) {
        case EventKind::sag:
        case EventKind::swell: gain[p] *= 1 + (e->percent / 100 - 1) * on; break;
        case EventKind::interruption: gain[p] *= 1 + (e->percent / 100 - 1) * on; gain[4 + p] *= 1 - on; break;
        case EventKind::rvc: gain[p] *= 1 + e->percent / 100 * on; break;
        case EventKind::load_step: gain[4 + p] *= 1 + (e->percent / 100 - 1) * on; break;
        case EventKind::phase_jump: jump[p] += e->angle_deg / 360 * on; break;
        case EventKind::mains_signal:
          added[p] += std::numbers::sqrt2 * v.rms * e->percent / 100 * on * std::cos(2 * pi * e->frequency_hz * since); break;
        case EventKind::transient:  // rings out within its duration
          added[p] += std::numbers::sqrt2 * v.rms * e->percent / 100 * std::exp(-5 * since / e->duration_s) * std::sin(2 * pi * e->frequency_hz * since); break;
        case EventKind::notch: {  // `percent` of the voltage is missing for 1/20 of each half cycle
          const double place = 2 * (cycles + v.angle_deg / 360 + e->angle_deg / 360);
          if (place - std::floor(place) < 0.05) flat[p] = 1 - e->percent / 100;
          break;
        }
        case EventKind::gap: break;
      }
    }
  }
  for (std::size_t c = 0; c < channel_count; ++c) {
    const ChannelState& s = scenario_.channels[c];
    if (s.rms == 0 && s.dc == 0) {
      frame.value[c] = 0;
      continue;
    }
    const std::size_t phase = c % 4;
    const double own = theta + s.angle_deg * pi / 180 + (phase < 3 ? 2 * pi * jump[phase] : 0.0);
    double x = std::cos(own);
    const double tones = c < 4 ? 1 : now_.harmonic_factor;
    for (const Tone& tone : s.tones) {
      // Whole orders turn with the fundamental; others need the cycles that theta has lost.
      const double angle = tone.order == std::floor(tone.order) ? tone.order * own
                                                                : tone.order * (2 * pi * turns(t) + s.angle_deg * pi / 180);
      x += tones * tone.percent / 100 * std::cos(angle + tone.angle_deg * pi / 180);
    }
    x *= std::numbers::sqrt2 * s.rms * gain[c] * (c < 3 ? flat[c] : 1.0);
    if (c < 3) x += added[c];
    if (s.noise_percent > 0) {
      // The sum of four uniforms has variance 1/3: near enough to a bell.
      double sum = -2;
      for (std::uint64_t n = 0; n < 4; ++n) sum += uniform(scenario_.seed * 8191 + c * 4 + n, index);
      x += s.rms * s.noise_percent / 100 * sum * std::numbers::sqrt3;
    }
    frame.value[c] = static_cast<float>(x + s.dc);
  }
}

Result<bool> Simulator::next(SampleBlock& block) {
  if (next_ >= total_) return false;
  const double rate = scenario_.sample_rate_hz;
  const auto chunk_of = [&](std::uint64_t n) { return std::floor(static_cast<double>(n) / rate / chunk_s); };
  const std::uint64_t first = next_;
  const std::uint64_t end = std::min<std::uint64_t>(total_, first + frames_.size());
  const auto in_gap = [&](std::uint64_t n) {
    for (const TimedEvent& e : scenario_.events)
      if (e.kind == EventKind::gap && presence(e, static_cast<double>(n) / rate) > 0) return true;
    return false;
  };
  const bool gap = !scenario_.events.empty() && in_gap(first);
  double chunk = -1;
  for (; next_ < end; ++next_) {
    const double here = chunk_of(next_);
    if (here != chunk) {
      if (!scenario_.events.empty() && next_ != first && in_gap(next_) != gap) break;
      refresh(here * chunk_s, (here + 1) * chunk_s);
      chunk = here;
    }
    if (gap) frames_[next_ - first] = {};
    else frame_at(next_, static_cast<double>(next_) / rate, frames_[next_ - first]);
  }
  block.frames = std::span<const Frame>(frames_).first(next_ - first);
  block.time_first = scenario_.start.plus_s(static_cast<double>(first) / rate);
  block.bridged = gap;
  block.clock_synchronised = true;
  block.after_gap = false;
  return true;
}

}  // namespace polyphase::sources::simulator
