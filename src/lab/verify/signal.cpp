// v(t) = sqrt(2) V [cos(a + w t) + sum p_n cos(n (a + w t) + b_n)], and i(t) likewise
// V = V1 sqrt(1 + sum p^2)      P = sum V_n I_n cos(phi_n)      Q = V1 I1 sin(phi_1)
// phi_n: angle of the voltage of order n less that of the current
#include "lab/verify/signal.hpp"

#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <map>
#include <numbers>

namespace polyphase::lab::verify {
namespace {

using Phasor = std::complex<double>;

Phasor phasor(double rms, double angle_deg) {
  return std::polar(rms, angle_deg * std::numbers::pi / 180);
}

using Spectrum = std::map<double, Phasor>;  ///< by order

Spectrum spectrum(const Input& input) {
  Spectrum of;
  of[1] = phasor(input.rms, input.angle_deg);
  for (const Tone& tone : input.tones)
    of[tone.order] +=
        phasor(input.rms * tone.percent / 100, tone.order * input.angle_deg + tone.angle_deg);
  return of;
}

double rms(const Spectrum& of) {
  double sum = 0;
  for (const auto& [order, x] : of) sum += std::norm(x);
  return std::sqrt(sum);
}

std::string channel(std::string_view name, const Input& input) {
  std::string out = fmt::format("[channel.{}]\nrms = {:.12g}\nangle_deg = {:.12g}\n", name,
                                input.rms, input.angle_deg);
  if (input.rms == 0) out += "dc = 1e-30\n";  // wired, though nothing is on it
  if (input.tones.empty()) return out;
  out += "tones = [";
  for (const Tone& tone : input.tones)
    out += fmt::format("{}{{order = {:.12g}, percent = {:.12g}, angle_deg = {:.12g}}}",
                       &tone == &input.tones.front() ? "" : ", ", tone.order, tone.percent,
                       std::remainder(tone.angle_deg, 360));
  return out + "]\n";
}

}  // namespace

Signal balanced(double volts, double amperes, double lag_deg) {
  Signal signal;
  for (std::size_t p = 0; p < 3; ++p) {
    const double angle = angle_v1_deg - 120.0 * static_cast<double>(p);
    signal.v[p] = {volts, angle, {}};
    signal.i[p] = {amperes, angle - lag_deg, {}};
  }
  return signal;
}

void add_tones(std::array<Input, 3>& inputs, const std::vector<Tone>& tones) {
  for (Input& input : inputs) input.tones.insert(input.tones.end(), tones.begin(), tones.end());
}

std::string scenario_text(const Signal& s) {
  std::string out = fmt::format(
      "[scenario]\nsample_rate_hz = {:.12g}\nduration_s = {:.12g}\nstart = \"{}\"\n"
      "nominal_frequency_hz = {}\n[frequency]\nhz = {:.12g}\n",
      s.rate_hz, s.duration_s, s.start, s.nominal_hz, s.hz);
  for (std::size_t p = 0; p < 3; ++p) out += channel(fmt::format("V{}", p + 1), s.v[p]);
  for (std::size_t p = 0; p < 3; ++p) out += channel(fmt::format("I{}", p + 1), s.i[p]);
  return out + s.more;
}

double rms(const Input& input) { return rms(spectrum(input)); }

double rms_of_sum(std::span<const Input> inputs) {
  Spectrum sum;
  for (const Input& input : inputs)
    for (const auto& [order, x] : spectrum(input)) sum[order] += x;
  return rms(sum);
}

double rms_of_difference(const Input& a, const Input& b) {
  Spectrum sum = spectrum(a);
  for (const auto& [order, x] : spectrum(b)) sum[order] -= x;
  return rms(sum);
}

double active(const Input& v, const Input& i) {
  const Spectrum currents = spectrum(i);
  double sum = 0;
  for (const auto& [order, x] : spectrum(v))
    if (const auto it = currents.find(order); it != currents.end())
      sum += (x * std::conj(it->second)).real();
  return sum;
}

double reactive_fundamental(const Input& v, const Input& i) {
  return (phasor(v.rms, v.angle_deg) * std::conj(phasor(i.rms, i.angle_deg))).imag();
}

double thd_percent(const Input& input) {
  double sum = 0;
  for (const Tone& tone : input.tones)
    if (tone.order >= 2 && tone.order <= 50 && tone.order == std::floor(tone.order))
      sum += tone.percent * tone.percent;
  return std::sqrt(sum);
}

Unbalance unbalance(const std::array<Input, 3>& inputs) {
  const Phasor a = phasor(1, 120);
  std::array<Phasor, 3> x;
  for (std::size_t p = 0; p < 3; ++p) x[p] = phasor(inputs[p].rms, inputs[p].angle_deg);
  const double positive = std::abs(x[0] + a * x[1] + a * a * x[2]);
  return {100 * std::abs(x[0] + a * a * x[1] + a * x[2]) / positive,
          100 * std::abs(x[0] + x[1] + x[2]) / positive};
}

Totals totals(const Signal& signal) {
  Totals all;
  double nonactive = 0;
  for (std::size_t p = 0; p < 3; ++p) {
    const double power = active(signal.v[p], signal.i[p]);
    const double q = reactive_fundamental(signal.v[p], signal.i[p]);
    const double s = rms(signal.v[p]) * rms(signal.i[p]);
    all.p_w += power;
    all.q_var += q;
    nonactive += std::copysign(std::sqrt(std::max(0.0, s * s - power * power)), q);
  }
  all.s_va = std::hypot(all.p_w, nonactive);
  return all;
}

}  // namespace polyphase::lab::verify
