// V0, I0, P0 are of the cycle before the disturbance, V(k), I(k), P(k) of the cycle that ends with
// its half cycle k, all in the frame of the cycle before: a half cycle n that begins at b is turned
// by pi (n - n0) - pi (b - b0) / h, h: length of a half cycle before.
//
// A fault current's decaying offset, of mean M over a cycle and M' over that half a cycle earlier,
// leaks sqrt(2) M / (1 + j w tau) into the phasor, w tau = -pi / ln(M / M'); it is taken off.
//
//   dV = V(k) - V0    dI = I(k) - I0    Z = sum dV dI* / sum |dI|^2    (least squares)
//   c  = |sum dV dI*|^2 / (sum |dV|^2 sum |dI|^2)    1: all cycles have this Z
//   r  = (|dI| / |I0|) / (|dV| / |V0|)  how much more than a fixed impedance the current yields
//   y  = 1 / u, 1 to 2.5                what a load of constant power makes of it; u: lowest V / V0
//
// By superposition a cause downstream gives Z = -Zs, the source's impedance: third quadrant, and
// small: r >> y. A cause upstream gives the impedance of what lies downstream: a passive load, a
// motor or a generator has Re Z > 0; a load of constant power gives exactly r = 1 / u, Re Z < 0.
//
// What rings when a capacitor is switched, up to the voltage itself, leaks some percent into a
// phasor over one cycle and may turn a small dV by tens of degrees: from -Zs of a large X/R, which
// lies near -90 degrees, into the fourth quadrant. It leaks into each cycle otherwise, so that they
// do not agree on a Z. What they leave unexplained is sqrt(1 - c) of dV; it turns Z by up to
// d = arc cos sqrt(c).
//
// Votes, downstream positive:
//   impedance   of the positive sequence (weight 2), of the negative (2), of the phase that changed
//               most (1; without three phases 3):
//               |dV| < 2 %, or a sequence that moves less than a tenth of the other: none.
//               r < 0.1: -3/4.  2 d above half a quadrant: none.  Z in the third quadrant: +1
//               where r > 2 y, -1/4 where r < 1.1 y, none between.  Outside by less than 2 d:
//               none.  Re Z > 0: -1.  Else -1/2
//   power       P of the deepest cycle is more than both P0 and that of a fixed impedance,
//               sum P0 u^2 over the phases: +1; less than both: -1. Each only by more than 10 % of
//               |V0 I0|, and where the energy over all cycles, sum (P(k) - P0), has the same sign
//   real current  against the one before: now towards the source: -1, now away from it: +1
//   current     without a swell: |I| of the phase that rose most above 1.5 y |I0|: +1/2; below
//               0.95, and the impedance of the phase votes upstream: -1/2. Where a capacitor
//               downstream is switched off, the current may fall, too
//
// high: the sum is 3 or more, an impedance votes in full, none votes against it, and of the rest at
// most half a vote does. medium: 1.5 or more and three quarters of all that voted. low: 0.5 or
// more. Doubtful half cycles (bridged, clipped), a cycle before that moves, and voltages that ring
// by more than twice (rms) what their fundamental changes, cost a step: near an odd order the leak
// is alike in all cycles, which then agree on a Z that is 15 degrees wrong.
#include "pq/disturbance_direction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "pq/symmetrical_components.hpp"

namespace polyphase::pq {
namespace {

using Complex = std::complex<double>;
constexpr std::size_t first_current = static_cast<std::size_t>(Channel::i1);
constexpr unsigned all_phases = 0x07;
constexpr std::size_t phase_count = 3;
constexpr double yield_max = 2.5;  ///< converters limit their current
constexpr double alive = 0.1;      ///< of the highest voltage: less is no phase
constexpr double moved = 0.02;     ///< of the voltage before: less says nothing
constexpr double moving = 0.02;    ///< from one cycle to the next: not a state to compare with
constexpr double swelling = 1.05;

class Votes {
 public:
  void impedance(double vote, double weight) {
    impedance_ += vote * weight;
    strongest_ = std::max(strongest_, std::abs(vote));
    if (vote > 0) ++source_like_;
    if (vote < 0) ++load_like_;
    add(vote * weight);
  }
  void add(double vote) { (vote > 0 ? downstream_ : upstream_) += std::abs(vote); }

  DirectionFinding result(bool doubtful) const {
    const double sum = downstream_ - upstream_, size = std::abs(sum);
    const double against = std::min(downstream_, upstream_);
    const bool split = source_like_ > 0 && load_like_ > 0;
    const bool impedance_agrees = !split && impedance_ * sum > 0;
    auto confidence = Confidence::undetermined;
    if (size >= 3 && strongest_ == 1 && impedance_agrees && against <= 0.5)
      confidence = Confidence::high;
    else if (size >= 1.5 && size >= 0.75 * (downstream_ + upstream_))
      confidence = Confidence::medium;
    else if (size >= 0.5)
      confidence = Confidence::low;
    if (doubtful && confidence != Confidence::undetermined)
      confidence = static_cast<Confidence>(static_cast<int>(confidence) - 1);
    if (confidence == Confidence::undetermined) return {};
    return {sum > 0 ? Direction::downstream : Direction::upstream, confidence};
  }

 private:
  double downstream_ = 0, upstream_ = 0, impedance_ = 0;
  double strongest_ = 0;
  int source_like_ = 0, load_like_ = 0;
};

struct Powers {
  double now = 0, before = 0, apparent = 0;
  double of_impedance = 0;  ///< what would be drawn now if the load were a fixed impedance

  double vote(double energy) const {
    const double margin = 0.1 * apparent;
    if (now > std::max(before, of_impedance) + margin && energy > 0) return 1;
    if (now < std::min(before, of_impedance) - margin && energy < 0) return -1;
    return 0;
  }
  double real_current_vote() const {
    const double margin = 0.05 * apparent;
    if (before > margin && now < -margin) return -1;
    if (before < -margin && now > margin) return 1;
    return 0;
  }
};

}  // namespace

double ImpedanceFit::vote(double yield, double least) const {
  if (!(largest() > least)) return 0;
  const double ratio =
      std::sqrt(current_square_ / voltage_square_) * voltage_before_ / current_before_;
  if (ratio < 0.1) return -0.75;
  const double agreement = std::norm(product_) / (voltage_square_ * current_square_);
  constexpr double degree = std::numbers::pi / 180;
  const double unsure = 2 * std::acos(std::sqrt(std::min(agreement, 1.0))) / degree;
  if (unsure > 45) return 0;
  const double degrees = std::arg(product_) / degree;
  const double from_source = std::abs(std::remainder(degrees + 130, 360.0));
  if (from_source < 45) {
    if (ratio > 2 * yield) return 1;
    return ratio < 1.1 * yield ? -0.25 : 0;
  }
  if (from_source < 45 + unsure) return 0;
  return std::abs(degrees) < 85 ? -1 : -0.5;
}

void DisturbanceDirection::update(const metering::HalfCycleData& data) noexcept {
  const metering::HalfCycle& measured = *data.half_cycle;
  if (count_ > 0 && measured.number != at(0).number + 1) {
    count_ = 0;
    running_ = false;
    finding_ = {};
  }
  HalfCycle& half = ring_[count_++ % kept];
  half = {};
  half.number = measured.number;
  half.begin = measured.begin;
  half.length = measured.sums.length_samples;
  half.doubtful = measured.common.has(Quality::bridged);
  const auto& x = measured.sums.fundamental;
  const bool delta = data.connection == metering::Connection::delta;
  for (std::size_t p = 0; p < half.voltage.size(); ++p) {
    const std::size_t other = (p + 2) % 3;
    half.voltage[p] = delta ? (x[p] - x[other]) / 3.0 : x[p];
    half.current[p] = x[first_current + p];
    half.energy[p] = measured.sums.product[p];
    // The squares of line voltages sum up to three times those of the phases.
    half.voltage_square[p] = measured.sums.square[p] / (delta ? 3 : 1);
    half.current_sum[p] = measured.sums.value[first_current + p];
    const unsigned needed = (1u << p) | (1u << (first_current + p)) | (delta ? 1u << other : 0u);
    if ((data.present & needed) != needed) continue;
    half.phases |= 1u << p;
    for (const std::size_t c : {p, first_current + p})
      half.doubtful = half.doubtful || measured.quality[c].has(Quality::clipped);
  }
  if (running_ && ++since_ >= judged_after) finish();
}

void DisturbanceDirection::start() noexcept {
  if (running_) return;
  running_ = true;
  since_ = 0;
  finding_ = {};
}

DirectionFinding DisturbanceDirection::finish() noexcept {
  if (running_) finding_ = judge();
  running_ = false;
  return finding_;
}

DisturbanceDirection::Cycle DisturbanceDirection::cycle(std::size_t back) const {
  const HalfCycle& reference = at(since_ + edge_reach + calm_before);
  const double length = at(back).length + at(back + 1).length;
  Cycle cycle;
  for (const std::size_t b : {back + 1, back}) {
    const HalfCycle& half = at(b);
    const double late = (half.begin - reference.begin) / half_length_ -
                        static_cast<double>(half.number - reference.number);
    const Complex turn = std::polar(std::numbers::sqrt2 / length, -std::numbers::pi * late);
    for (std::size_t p = 0; p < half.voltage.size(); ++p) {
      cycle.voltage[p] += turn * half.voltage[p];
      cycle.current[p] += turn * half.current[p];
      cycle.power[p] += half.energy[p] / length;
      cycle.current_mean[p] += half.current_sum[p] / length;
      cycle.distortion[p] += half.voltage_square[p] / length;
    }
  }
  for (std::size_t p = 0; p < phase_count; ++p) cycle.distortion[p] -= std::norm(cycle.voltage[p]);
  return cycle;
}

// With the frame of the cycles before; false: too little is known of them.
bool DisturbanceDirection::look_before(Before& before) {
  const std::size_t last = since_ + edge_reach + 1;  // back from the newest
  if (count_ < last + 4) return false;
  const std::size_t oldest = std::min(count_, kept) - 1;
  half_length_ = (at(last).begin + at(last).length - at(oldest).begin) /
                 static_cast<double>(oldest - last + 1);
  before.cycle = cycle(last);
  const Cycle earlier = cycle(last + 2);
  double scale = 0;
  for (const Complex v : before.cycle.voltage) scale = std::max(scale, std::abs(v));
  for (std::size_t b = 0; b <= last + 1; ++b) {
    before.phases &= at(b).phases;
    before.doubtful = before.doubtful || at(b).doubtful;
  }
  for (std::size_t p = 0; p < phase_count; ++p) {
    const Complex v = before.cycle.voltage[p];
    if (!(std::abs(v) > alive * scale)) before.phases &= ~(1u << p);
    before.doubtful = before.doubtful || std::abs(v - earlier.voltage[p]) > moving * scale;
  }
  return before.phases != 0;
}

// What a decaying offset of one ampere's mean adds to a current; 0 where none is seen.
DisturbanceDirection::PerPhase<Complex> DisturbanceDirection::offset_leak(
    const Cycle& before) const {
  PerPhase<Complex> leak{};
  const Cycle newest = cycle(0), previous = cycle(1);
  for (std::size_t p = 0; p < phase_count; ++p) {
    const double decay = (newest.current_mean[p] - before.current_mean[p]) /
                         (previous.current_mean[p] - before.current_mean[p]);
    if (decay > 0.02 && decay < 0.98)
      leak[p] = std::numbers::sqrt2 / Complex(1, -std::numbers::pi / std::log(decay));
  }
  return leak;
}

DisturbanceDirection::Comparison DisturbanceDirection::compare(const Before& before) const {
  const Cycle& calm = before.cycle;
  Comparison seen;
  auto calm_voltage = symmetrical_components(calm.voltage);
  const bool reversed = std::abs(calm_voltage.negative) > std::abs(calm_voltage.positive);
  calm_voltage = symmetrical_components(calm.voltage, reversed);
  const auto calm_current = symmetrical_components(calm.current, reversed);
  seen.positive.start(calm_voltage.positive, calm_current.positive);
  seen.negative.start(calm_voltage.positive, calm_current.positive);
  for (std::size_t p = 0; p < phase_count; ++p)
    seen.by_phase[p].start(calm.voltage[p], calm.current[p]);

  // Cycles that may hold the edge only where there are no others: the offset is not known there.
  const bool settled = since_ >= judged_after;
  const PerPhase<Complex> leak = settled ? offset_leak(calm) : PerPhase<Complex>{};
  double deepest_square = -1;
  for (std::size_t b = settled ? judged_after - 1 : since_ + edge_reach; b-- > 0;) {
    Cycle now = cycle(b);
    const double sign = at(b + 1).number % 2 == 0 ? -1 : 1;  // of the phase where the cycle begins
    double square = 0;
    for (std::size_t p = 0; p < phase_count; ++p) {
      now.current[p] -= sign * leak[p] * (now.current_mean[p] - calm.current_mean[p]);
      if (!before.uses(p)) continue;
      const Complex dv = now.voltage[p] - calm.voltage[p];
      seen.by_phase[p].add(dv, now.current[p] - calm.current[p]);
      square += std::norm(dv);
      seen.energy += now.power[p] - calm.power[p];
      if (settled) seen.ringing += now.distortion[p] - calm.distortion[p];
    }
    const auto v = symmetrical_components(now.voltage, reversed);
    const auto i = symmetrical_components(now.current, reversed);
    seen.positive.add(v.positive - calm_voltage.positive, i.positive - calm_current.positive);
    seen.negative.add(v.negative - calm_voltage.negative, i.negative - calm_current.negative);
    seen.change += square;
    if (square <= deepest_square) continue;
    deepest_square = square;
    seen.deepest = now;
  }
  return seen;
}

DirectionFinding DisturbanceDirection::judge() {
  Before before;
  if (!look_before(before)) return {};
  const Comparison seen = compare(before);
  const Cycle &calm = before.cycle, &deepest = seen.deepest;

  double lowest = std::numeric_limits<double>::infinity(), highest = 0, rise = 0, current_max = 0;
  Powers power;
  std::size_t worst = phase_count;
  for (std::size_t p = 0; p < phase_count; ++p) {
    if (!before.uses(p)) continue;
    const double voltage = std::abs(calm.voltage[p]), current = std::abs(calm.current[p]);
    const double level = std::abs(deepest.voltage[p]) / voltage;
    lowest = std::min(lowest, level);
    highest = std::max(highest, level);
    power.apparent += voltage * current;
    power.before += calm.power[p];
    power.of_impedance += calm.power[p] * level * level;
    power.now += deepest.power[p];
    current_max = std::max({current_max, current, std::abs(deepest.current[p])});
    rise = std::max(rise, std::abs(deepest.current[p]) / current);
    if (worst == phase_count || seen.by_phase[p].change() > seen.by_phase[worst].change())
      worst = p;
  }
  if (!(current_max > 0)) return {};  // an unloaded feeder, or inputs that are not connected

  const double yield = std::clamp(1 / lowest, 1.0, yield_max);
  const bool three = before.phases == all_phases;
  Votes votes;
  if (three) {
    const double larger = std::max(seen.positive.largest(), seen.negative.largest());
    // An earth fault where no neutral is earthed moves neither.
    if (!(larger > moved)) return {};
    const double least = std::max(moved, 0.1 * larger);
    votes.impedance(seen.positive.vote(yield, least), 2);
    votes.impedance(seen.negative.vote(yield, least), 2);
  }
  const double of_phase = seen.by_phase[worst].vote(yield, moved);
  votes.impedance(of_phase, three ? 1 : 3);
  votes.add(power.vote(seen.energy));
  votes.add(power.real_current_vote());
  if (highest < swelling && rise > 1.5 * yield) votes.add(0.5);
  if (highest < swelling && rise < 0.95 && of_phase < 0) votes.add(-0.5);
  const bool rings = seen.ringing > 4 * seen.change;
  return votes.result(before.doubtful || rings);
}

}  // namespace polyphase::pq
