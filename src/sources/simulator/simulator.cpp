#include "sources/simulator/simulator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sources/simulator/added.hpp"

namespace polyphase::sources::simulator {
namespace {

// Slow quantities run along a line within a chunk, so that no chunk may take longer.
constexpr double chunk_max_s = 0.008;
constexpr std::size_t chunk_frames_min = 8;

constexpr std::uint64_t voltage_wander_stream = 10, load_wander_stream = 20;
// The phases of a network mostly move together.
constexpr double own_share = 0.3;

std::size_t chunk_frames_at(double sample_rate_hz) {
  std::size_t frames = chunk_frames_max;
  while (frames > chunk_frames_min && static_cast<double>(frames) > sample_rate_hz * chunk_max_s)
    frames /= 2;
  return frames;
}

bool adds(EventKind kind) {
  return kind == EventKind::transient || kind == EventKind::impulse ||
         kind == EventKind::mains_signal;
}

/// Multiplies by 1 + (factor - 1) * presence.
void scale(Lane& lane, const ActiveEvent& active, double factor, std::span<const double> time_s) {
  if (factor == 1) return;
  const TimedEvent& event = *active.event;
  const auto at = [&](double t) { return 1 + (factor - 1) * presence(event, t - active.start_s); };
  const bool ramps = at(time_s.front()) != factor || at(time_s.back()) != factor;
  for (std::size_t k = 0; k < time_s.size(); ++k) lane[k] *= ramps ? at(time_s[k]) : factor;
}

void fill_line(Lane& lane, double first, double last, std::size_t count) {
  const double step = count > 1 ? (last - first) / static_cast<double>(count - 1) : 0;
  for (std::size_t k = 0; k < count; ++k) lane[k] = first + step * static_cast<double>(k);
}

}  // namespace

Simulator::Simulator(Scenario scenario, std::size_t block_frames)
    : scenario_(std::move(scenario)),
      block_(std::max<std::size_t>(block_frames, 1)),
      frequency_(scenario_),
      timeline_(scenario_, frequency_.corners()),
      orders_(orders_of(scenario_)),
      source_(Waveform::of_source(scenario_, orders_)),
      voltage_wander_{Wander(scenario_.seed, voltage_wander_stream),
                      Wander(scenario_.seed, voltage_wander_stream + 1),
                      Wander(scenario_.seed, voltage_wander_stream + 2),
                      Wander(scenario_.seed, voltage_wander_stream + 3)},
      chunk_frames_(chunk_frames_at(scenario_.sample_rate_hz)) {
  for (const Load& load : scenario_.loads)
    loads_.push_back({Waveform::of_load(scenario_, load, orders_), load.curve,
                      Wander(scenario_.seed, load_wander_stream + loads_.size()), SlowLine()});
  const double frames = scenario_.duration_s * scenario_.sample_rate_hz;
  total_ = scenario_.duration_s > 0 ? static_cast<std::uint64_t>(std::llround(frames))
                                    : std::numeric_limits<std::uint64_t>::max();
  describe();
}

void Simulator::describe() {
  info_.sample_rate_hz = scenario_.sample_rate_hz;
  info_.line_frequency_hz = scenario_.nominal_frequency_hz;
  info_.description = scenario_.name.empty() ? "simulator" : scenario_.name;
  std::array<double, channel_count> rms{};
  unsigned present = 0;
  for (std::size_t p = 0; p < 4; ++p) {
    const ChannelState& voltage = scenario_.voltages[p];
    rms[p] = voltage.rms;
    noise_rms_[p] = voltage.rms * voltage.noise_percent / 100;
    if (voltage.rms > 0 || voltage.dc != 0) present |= 1u << p;
    for (const Load& load : scenario_.loads) {
      rms[4 + p] += load.phases[p].rms;
      if (load.phases[p].rms > 0 || load.phases[p].dc != 0) present |= 1u << (4 + p);
    }
    noise_rms_[4 + p] = rms[4 + p] * scenario_.current_noise_percent / 100;
  }
  if (scenario_.wired == Wiring::delta && (present & 7u) != 0) present |= 7u;
  if (scenario_.neutral_is_sum && (present & 0x70u) != 0) {
    present |= 0x80u;
    noise_rms_[7] = noise_rms_[4];
  }
  info_.channels_present = static_cast<ChannelMask>(present);
  for (std::size_t c = 0; c < channel_count; ++c)
    info_.full_scale[c] =
        static_cast<float>(c < 4 ? scenario_.full_scale_v : scenario_.full_scale_a);
}

long double Simulator::time_of(std::uint64_t index) const {
  return static_cast<long double>(index) / static_cast<long double>(scenario_.sample_rate_hz);
}

Result<bool> Simulator::next(SampleBlock& block) {
  std::size_t filled = 0;
  std::uint64_t first = next_;
  const TimedEvent* gap = nullptr;
  while (filled < block_.size() && next_ < total_) {
    const std::uint64_t chunk_first = next_ - next_ % chunk_frames_;
    if (!chunk_ready_ || chunk_first != chunk_first_) {
      chunk_first_ = chunk_first;
      render_chunk();
    }
    const auto at = static_cast<std::size_t>(next_ - chunk_first_);
    const Part& part = *std::find_if(parts_.begin(), parts_.end(),
                                     [&](const Part& p) { return at < p.first + p.count; });
    std::size_t count = part.first + part.count - at;
    if (part.gap != nullptr && !part.gap->bridged) {
      if (filled > 0) break;
      next_ += count;
      first = next_;
      left_out_ = true;
      continue;
    }
    if (filled == 0) gap = part.gap;
    if (part.gap != gap) break;
    count = std::min(count, block_.size() - filled);
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, total_ - next_));
    std::copy_n(chunk_.begin() + static_cast<std::ptrdiff_t>(at), count,
                block_.begin() + static_cast<std::ptrdiff_t>(filled));
    filled += count;
    next_ += count;
  }
  if (filled == 0) return false;
  block.frames = std::span<const Frame>(block_).first(filled);
  block.time_first = scenario_.start.plus_ns(std::llround(time_of(first) * 1e9L));
  block.bridged = gap != nullptr;
  block.clock_synchronised = true;
  block.after_gap = left_out_;
  left_out_ = false;
  return true;
}

void Simulator::render_chunk() {
  parts_.clear();
  for (std::size_t at = 0; at < chunk_frames_;) {
    const Epoch& epoch = timeline_.at(static_cast<double>(time_of(chunk_first_ + at)));
    std::size_t count = 1;
    while (at + count < chunk_frames_ &&
           static_cast<double>(time_of(chunk_first_ + at + count)) + edge_tolerance_s < epoch.end_s)
      ++count;
    const auto gap = std::find_if(
        epoch.active.begin(), epoch.active.end(),
        [](const ActiveEvent& active) { return active.event->kind == EventKind::gap; });
    if (gap == epoch.active.end()) {
      render(chunk_first_ + at, count, epoch, chunk_.data() + at);
      last_frame_ = chunk_[at + count - 1];
    } else {
      // What a front end without the samples would do: hold the last.
      std::fill_n(chunk_.data() + at, count, last_frame_);
    }
    parts_.push_back({at, count, gap == epoch.active.end() ? nullptr : gap->event});
    at += count;
  }
  chunk_ready_ = true;
}

void Simulator::render(std::uint64_t first, std::size_t count, const Epoch& epoch, Frame* out) {
  for (std::size_t k = 0; k < count; ++k) time_s_[k] = static_cast<double>(time_of(first + k));
  span_s_ = {time_of(first), time_of(first + count - 1)};
  // The frequency is one line in between, but not up to the edges, which may be steps.
  const long double span = span_s_[1] - span_s_[0];
  const double early_hz = frequency_.hz(span_s_[0] + span / 4);
  const double late_hz = frequency_.hz(span_s_[1] - span / 4);
  Rotation rotation{frequency_.turns(span_s_[0]), early_hz, 0};
  if (span > 0) {
    rotation.slope_hz_s = (late_hz - early_hz) * 2 / static_cast<double>(span);
    rotation.hz -= rotation.slope_hz_s * static_cast<double>(span) / 4;
  }
  turn(epoch);
  fill_basis(orders_, rotation, 1 / scenario_.sample_rate_hz, count, basis_);
  for (Lane& lane : lanes_) lane.fill(0);
  shape_voltages(epoch, count);
  source_.add(basis_, envelope_, count, lanes_);
  shape_loads(epoch, count);
  add_events(epoch, rotation, count);
  finish(first, count, out);
}

/// Phase jumps turn the waveforms, with all that is in them.
void Simulator::turn(const Epoch& epoch) {
  std::array<double, 3> jump_deg{};
  for (const ActiveEvent& active : epoch.active) {
    const TimedEvent& event = *active.event;
    if (adds(event.kind) || event.kind == EventKind::notch) continue;
    for (std::size_t p = 0; p < 3; ++p)
      if (event.phases[p]) jump_deg[p] += event.angle_deg;
  }
  if (jump_deg == jump_deg_) return;
  jump_deg_ = jump_deg;
  source_.turn(jump_deg, orders_);
  for (LoadPart& load : loads_) load.waveform.turn(jump_deg, orders_);
}

/// Envelopes of the voltages, and of the currents as far as these follow.
void Simulator::shape_voltages(const Epoch& epoch, std::size_t count) {
  const Life& life = scenario_.life;
  const long double start_s = static_cast<long double>(scenario_.start.ns) / 1e9L;
  const auto level = [&](std::size_t phase, long double time_s) {
    return voltage_level_[phase].at(start_s + time_s, [&](long double clock_s) {
      return 1 + life.voltage_percent / 100 *
                     ((1 - own_share) * voltage_wander_[3].at(clock_s) +
                      own_share * voltage_wander_[phase].at(clock_s));
    });
  };
  const std::span<const double> times(time_s_.data(), count);
  const Flicker& flicker = scenario_.flicker;
  Lane swing;
  if (flicker.percent > 0)
    for (std::size_t k = 0; k < count; ++k) {
      const double turns = flicker.frequency_hz * times[k] + edge_tolerance_s;
      const double place = turns - std::floor(turns);
      const double s =
          flicker.rectangular ? (place < 0.5 ? 1.0 : -1.0) : std::sin(2 * std::numbers::pi * place);
      swing[k] = 1 + flicker.percent / 200 * s;
    }
  envelope_[3].fill(1);
  follows_[3].fill(1);
  for (std::size_t p = 0; p < 3; ++p) {
    Lane& envelope = envelope_[p];
    if (life.on && life.voltage_percent > 0)
      fill_line(envelope, level(p, span_s_[0]), level(p, span_s_[1]), count);
    else
      envelope.fill(1);
    if (flicker.percent > 0 && flicker.phases[p])
      for (std::size_t k = 0; k < count; ++k) envelope[k] *= swing[k];
    follows_[p] = envelope;
    for (const ActiveEvent& active : epoch.active) {
      scale(envelope, active, active.event->voltage_factor[p], times);
      scale(follows_[p], active, active.event->current_factor[p], times);
    }
  }
}

void Simulator::shape_loads(const Epoch& epoch, std::size_t count) {
  const Life& life = scenario_.life;
  const long double start_s = static_cast<long double>(scenario_.start.ns) / 1e9L;
  const std::span<const double> times(time_s_.data(), count);
  for (std::size_t n = 0; n < loads_.size(); ++n) {
    LoadPart& load = loads_[n];
    const auto level = [&](long double time_s) {
      return load.level.at(start_s + time_s, [&](long double clock_s) {
        return load_level(load.curve, clock_s + static_cast<long double>(life.utc_offset_s)) *
               (1 + life.load_percent / 100 * load.wander.at(clock_s));
      });
    };
    Lane line;
    if (life.on)
      fill_line(line, level(span_s_[0]), level(span_s_[1]), count);
    else
      line.fill(1);
    for (const ActiveEvent& active : epoch.active)
      if (active.event->load < 0 || active.event->load == static_cast<int>(n))
        scale(line, active, active.event->load_factor, times);
    std::array<Lane, 4> envelope = follows_;
    for (Lane& lane : envelope)
      for (std::size_t k = 0; k < count; ++k) lane[k] *= line[k];
    load.waveform.add(basis_, envelope, count, lanes_);
  }
}

void Simulator::add_events(const Epoch& epoch, const Rotation& rotation, std::size_t count) {
  for (const ActiveEvent& active : epoch.active) {
    const TimedEvent& event = *active.event;
    if (!adds(event.kind) && event.kind != EventKind::notch) continue;
    for (std::size_t k = 0; k < count; ++k) {
      const double u = static_cast<double>(k) / scenario_.sample_rate_hz;
      const double moved = (rotation.hz + rotation.slope_hz_s * u / 2) * u;
      const double since_s = std::max(time_s_[k] - active.start_s, 0.0);
      for (std::size_t p = 0; p < 3; ++p) {
        if (!event.phases[p]) continue;
        const ChannelState& phase = scenario_.voltages[p];
        if (event.kind == EventKind::notch) {
          const double whole =
              static_cast<double>(rotation.turns - std::floor(rotation.turns)) + moved;
          lanes_[p][k] *=
              notched(event, whole + (phase.angle_deg + jump_deg_[p]) / 360, rotation.hz);
        } else {
          const long double order = event.order > 0 ? static_cast<long double>(event.order) : 1;
          const long double turns = order * (rotation.turns + static_cast<long double>(moved));
          const double theta = static_cast<double>((turns - std::floor(turns)) / order);
          const double peak = std::numbers::sqrt2 * phase.rms * event.percent / 100;
          lanes_[p][k] += added(event, since_s, peak, theta);
        }
      }
    }
  }
}

void Simulator::finish(std::uint64_t first, std::size_t count, Frame* out) {
  for (std::size_t k = 0; k < count; ++k) {
    std::array<double, channel_count> value;
    for (std::size_t c = 0; c < channel_count; ++c) value[c] = lanes_[c][k];
    for (std::size_t p = 0; p < 4; ++p) {
      value[p] += scenario_.voltages[p].dc;
      for (const Load& load : scenario_.loads) value[4 + p] += load.phases[p].dc;
    }
    if (scenario_.neutral_is_sum) value[7] = value[4] + value[5] + value[6];
    if (scenario_.wired == Wiring::delta)
      value = {value[0] - value[1],
               value[1] - value[2],
               value[2] - value[0],
               value[3],
               value[4],
               value[5],
               value[6],
               value[7]};
    const auto time_ns = static_cast<std::int64_t>(std::llround(time_of(first + k) * 1e9L));
    for (std::size_t c = 0; c < channel_count; ++c) {
      if (noise_rms_[c] > 0) value[c] += noise_rms_[c] * noise(scenario_.seed, c, time_ns);
      if ((info_.channels_present >> c & 1) == 0) value[c] = 0;
      const auto limit = static_cast<double>(info_.full_scale[c]);
      if (limit > 0) value[c] = std::clamp(value[c], -limit, limit);
      out[k].value[c] = static_cast<float>(value[c]);
    }
  }
}

}  // namespace polyphase::sources::simulator
