#include "metering/readings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace polyphase::metering {
namespace {

constexpr double not_available = std::numeric_limits<double>::quiet_NaN();
// Below this share of S a reactive power is noise: the load counts as resistive, neither leading
// nor lagging, so that a power factor of one does not change its sign at random.
constexpr double reactive_share_min = 2e-5;
constexpr std::size_t phases_max = 3;

struct Power {
  double active = not_available, reactive = not_available, apparent = not_available;
};

double magnitude(double x, double y) { return std::sqrt(x * x + y * y); }

class Calculation {
 public:
  Calculation(const IntervalData& interval, const ReadingOptions& options)
      : in_(interval), means_(interval.means), options_(options) {
    out_.fill(not_available);
    if (options.mode == VoltsMode::single) phases_ = has(1) || has(5) ? 2 : 1;
  }

  Readings run() {
    voltages();
    currents();
    powers();
    phasors();
    set(Reading::freq, means_.frequency_hz);
    phase_reversal();
    return out_;
  }

 private:
  void set(Reading reading, double value) { out_[static_cast<std::size_t>(reading)] = value; }
  void set(Reading first, std::size_t offset, double value) {
    out_[static_cast<std::size_t>(first) + offset] = value;
  }
  double get(Reading first, std::size_t offset) const {
    return out_[static_cast<std::size_t>(first) + offset];
  }
  bool has(std::size_t channel) const { return (in_.present >> channel & 1u) != 0; }
  bool delta() const { return in_.connection == Connection::delta; }

  double mean(Reading first, std::size_t count) const {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += get(first, i);
    return sum / static_cast<double>(count);  // N/A where one of them is
  }
  double unbalance(Reading first) const {
    const double average = mean(first, 3);
    double worst = 0;
    for (std::size_t i = 0; i < 3; ++i) worst = std::max(worst, std::abs(get(first, i) - average));
    return average > 0 ? 100.0 * worst / average : not_available;
  }

  void voltages() {
    const double ratio = options_.voltage_ratio;
    for (std::size_t p = 0; p < phases_; ++p) {
      if (!delta() && has(p)) set(Reading::vln_a, p, means_.rms[p] * ratio);
      const std::size_t next = (p + 1) % phases_max;
      const bool line = delta() ? has(p) : has(p) && has(next) && next < phases_;
      if (line) set(Reading::vll_ab, p, means_.line_rms[p] * ratio);
    }
    if (has(3)) set(Reading::v4, means_.rms[3] * ratio);
    set(Reading::vln_avg, mean(Reading::vln_a, phases_));
    set(Reading::vll_avg,
        options_.mode == VoltsMode::single ? get(Reading::vll_ab, 0) : mean(Reading::vll_ab, 3));
    if (phases_ == 3) set(Reading::v_unbal, unbalance(delta() ? Reading::vll_ab : Reading::vln_a));
  }

  void currents() {
    const double ratio = options_.current_ratio;
    for (std::size_t p = 0; p < phases_; ++p)
      if (has(4 + p)) set(Reading::i_a, p, means_.rms[4 + p] * ratio);
    if (has(7)) set(Reading::i4, means_.rms[7] * ratio);
    set(Reading::i_avg, mean(Reading::i_a, phases_));
    if (has(4) && has(5) && (phases_ == 2 || has(6)))
      set(Reading::i_residual, means_.residual_rms * ratio);
    if (phases_ == 3) set(Reading::i_unbal, unbalance(Reading::i_a));
  }

  // Mean square of a phase's voltage: measured, or against the virtual neutral. From
  // va = (vab - vca) / 3 and vab + vbc + vca = 0 follows va^2 = (2 vab^2 + 2 vca^2 - vbc^2) / 9.
  double phase_rms(std::size_t p) const {
    if (!delta()) return means_.rms[p];
    const auto square = [&](std::size_t line) {
      return means_.line_rms[line] * means_.line_rms[line];
    };
    const double sum = 2 * square(p) + 2 * square((p + 2) % 3) - square((p + 1) % 3);
    return std::sqrt(std::max(sum, 0.0) / 9.0);
  }

  void powers() {
    const double kilo = 1e-3 * options_.voltage_ratio * options_.current_ratio;
    Power total{0, 0, 0}, fundamental_total{0, 0, 0};
    double nonactive = 0, scalar = 0;
    for (std::size_t p = 0; p < phases_; ++p) {
      const bool voltage = delta() ? has(0) && has(1) && has(2) : has(p);
      Power power, fundamental;
      if (voltage && has(4 + p)) {
        power.active = means_.active_w[p] * kilo;
        power.reactive = means_.reactive_fundamental_var[p] * kilo;
        power.apparent = phase_rms(p) * means_.rms[4 + p] * kilo;
        fundamental.active = means_.active_fundamental_w[p] * kilo;
        fundamental.reactive = power.reactive;
        fundamental.apparent = magnitude(fundamental.active, fundamental.reactive);
      }
      const double square = power.apparent * power.apparent - power.active * power.active;
      const bool capacitive = power.reactive < -reactive_share_min * power.apparent;
      nonactive += (capacitive ? -1 : 1) * std::sqrt(square > 0 ? square : square * 0);
      scalar += power.apparent;
      total.active += power.active;
      total.reactive += power.reactive;
      fundamental_total.active += fundamental.active;
      if (!delta()) tell(p, power, fundamental);
    }
    total.apparent = options_.scalar_apparent ? scalar : magnitude(total.active, nonactive);
    fundamental_total.reactive = total.reactive;
    fundamental_total.apparent = magnitude(fundamental_total.active, fundamental_total.reactive);
    tell(3, total, fundamental_total);
  }

  void tell(std::size_t slot, const Power& power, const Power& fundamental) {
    set(Reading::kw_a, slot, power.active);
    set(Reading::kvar_a, slot, power.reactive);
    set(Reading::kva_a, slot, power.apparent);
    factors(slot, power, Reading::pf_sign_a, Reading::pf_lead_a, Reading::pf_lag_a);
    factors(slot, fundamental, Reading::dpf_sign_a, Reading::dpf_lead_a, Reading::dpf_lag_a);
  }

  void factors(std::size_t slot, const Power& power, Reading sign, Reading lead, Reading lag) {
    if (!(power.apparent > 0)) return;
    const double size = std::min(std::abs(power.active) / power.apparent, 1.0);
    const bool resistive = std::abs(power.reactive) <= reactive_share_min * power.apparent;
    const bool lagging = !resistive && (power.active < 0) != (power.reactive > 0);
    const bool negative = options_.iec_sign ? power.active < 0 : lagging;
    set(sign, slot, negative ? -size : size);
    set(lagging ? lag : lead, slot, size);
    if (resistive) set(lag, slot, size);
  }

  void phasors() {
    const std::complex<double> reference = means_.fundamental[0];
    const double zero = std::abs(reference) > 0 ? std::arg(reference) : 0.0;
    for (std::size_t c = 0; c < channel_count; ++c) {
      if (!has(c)) continue;
      const double ratio = c < 4 ? options_.voltage_ratio : options_.current_ratio;
      set(Reading::va_mag, 2 * c, std::abs(means_.fundamental[c]) * ratio);
      double angle = (std::arg(means_.fundamental[c]) - zero) * 180.0 / std::numbers::pi;
      if (angle > 180.0) angle -= 360.0;
      if (angle <= -180.0) angle += 360.0;
      if (std::abs(means_.fundamental[c]) > 0) set(Reading::va_mag, 2 * c + 1, angle);
    }
  }

  // The rotation is that of the larger of positive and negative sequence.
  void phase_reversal() {
    if (phases_ != 3 || !has(0) || !has(1) || !has(2)) return;
    const std::complex<double> a = std::polar(1.0, 2.0 * std::numbers::pi / 3.0);
    const auto& v = means_.fundamental;
    const double positive = std::abs(v[0] + a * v[1] + a * a * v[2]);
    const double negative = std::abs(v[0] + a * a * v[1] + a * v[2]);
    if (positive == 0 && negative == 0) return;
    set(Reading::phase_rev, (negative > positive) != options_.reversed_order ? 1.0 : 0.0);
  }

  const IntervalData& in_;
  const Means& means_;
  const ReadingOptions& options_;
  std::size_t phases_ = 3;
  Readings out_{};
};

}  // namespace

Readings readings_of(const IntervalData& interval, const ReadingOptions& options) {
  return Calculation(interval, options).run();
}

ChannelMask channels_of(Reading reading) {
  const auto r = static_cast<std::size_t>(reading);
  const auto within = [&](Reading first, std::size_t count) {
    return r >= static_cast<std::size_t>(first) && r < static_cast<std::size_t>(first) + count;
  };
  constexpr unsigned voltages = 0x07, all_currents = 0x70;
  const auto phase = [&](Reading first) {
    return static_cast<unsigned>(r - static_cast<std::size_t>(first)) % 4;
  };
  unsigned mask = voltages | all_currents;
  if (within(Reading::vln_a, 3))
    mask = 1u << phase(Reading::vln_a);
  else if (within(Reading::vln_avg, 5) || reading == Reading::v_unbal)
    mask = voltages;
  else if (reading == Reading::v4)
    mask = 0x08;
  else if (within(Reading::i_a, 3))
    mask = 0x10u << phase(Reading::i_a);
  else if (reading == Reading::i_avg || reading == Reading::i_residual ||
           reading == Reading::i_unbal)
    mask = all_currents;
  else if (reading == Reading::i4)
    mask = 0x80;
  else if (within(Reading::kw_a, 36) && phase(Reading::kw_a) < 3)
    mask = 0x11u << phase(Reading::kw_a);
  else if (reading == Reading::freq || reading == Reading::phase_rev)
    mask = voltages;
  else if (within(Reading::va_mag, 16))
    mask = 1u << ((r - static_cast<std::size_t>(Reading::va_mag)) / 2);
  return static_cast<ChannelMask>(mask);
}

}  // namespace polyphase::metering
