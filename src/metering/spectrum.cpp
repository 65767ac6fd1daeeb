// C_k = sqrt(2) X_k / N is the rms of bin k (C_0 = X_0 / N); harmonic h stands at bin h M, M
// cycles.
//   subgroup        Ysg,h^2  = sum_{i=-1..1} C^2(h M + i)
//   interharmonic   Yisg,h^2 = sum_{i=2..M-2} C^2(h M + i)
//   group           Yg,h^2   = C^2(h M - M/2) / 2 + sum_{|i|<M/2} C^2(h M + i) + C^2(h M + M/2) / 2
//   interharmonic   Yig,h^2  = sum_{i=1..M-1} C^2(h M + i)
#include "metering/spectrum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/contract.hpp"

namespace polyphase::metering {
namespace {

constexpr double narrow_below_hz = 5'000;  // the kernel's band reaches closer to half the rate

// Samples a cycle on the grid: the fewest of lengths that transform well with which no image that
// the kernel lets through (below 0.614 of the rate) can alias onto the 63rd order, from 46 Hz on.
constexpr double image_share = 0.614, image_free_from_hz = 46;
constexpr std::array<std::size_t, 5> grids{128, 160, 200, 240, 256};

double image_free_rate_hz(std::size_t grid) {
  return image_free_from_hz * static_cast<double>(grid - harmonic_order_max) / image_share;
}

std::size_t grid_for(double sample_rate_hz) {
  if (sample_rate_hz < narrow_below_hz) return grids.front();
  for (const std::size_t grid : grids)
    if (sample_rate_hz <= image_free_rate_hz(grid)) return grid;
  return grids.back();
}

// The kernel is as wide as its band needs, and from the rate on that the largest grid is good for
// wider, so that what lies above half of that rate is taken away: see docs/measurement.md.
dsp::Resampler::Design design_for(double sample_rate_hz) {
  if (sample_rate_hz >= 2'000 && sample_rate_hz < narrow_below_hz) return {64, 8, 1};
  return {24, 8, std::max(1.0, sample_rate_hz / image_free_rate_hz(grids.back()))};
}

constexpr double usable_share =
    0.47;  // of the sample rate: above, the kernel has taken too much away

}  // namespace

Spectrum::Spectrum(double sample_rate_hz, unsigned cycles, const dsp::Kernels& kernels)
    : sample_rate_hz_(sample_rate_hz),
      cycles_(cycles),
      grid_(grid_for(sample_rate_hz)),
      resampler_(design_for(sample_rate_hz), kernels),
      fft_(grid_ * cycles, kernels),
      positions_(grid_ * cycles),
      grid_samples_(grid_ * cycles),
      bins_(std::min<std::size_t>((harmonic_order_max + 1) * cycles, grid_ * cycles / 2)),
      factors_(bins_.size()),
      kernels_(kernels.spectra) {}

// Least squares of t = s0 + s1 u + s2 u^2 over the points of the window and one to either side, u
// from -1 at its first boundary to 1 at its last.
Spectrum::Parabola Spectrum::fit(const Tracker& tracker, std::int64_t first_boundary, double begin,
                                 double end) const {
  const double hop = tracker.position(1);
  const auto first =
      std::max(tracker.first_point(), static_cast<std::int64_t>(std::floor(begin / hop)));
  const auto last =
      std::min(tracker.points_end() - 1, static_cast<std::int64_t>(std::ceil(end / hop)));
  const double origin = (begin + end) / 2;
  double n = 0, u1 = 0, u2 = 0, u3 = 0, u4 = 0, t0 = 0, t1 = 0, t2 = 0;
  for (std::int64_t p = first; p <= last; ++p) {
    const double u = (tracker.half_cycles(p) - static_cast<double>(first_boundary)) / cycles_ - 1;
    const double t = tracker.position(p) - origin;
    n += 1;
    u1 += u;
    u2 += u * u;
    u3 += u * u * u;
    u4 += u * u * u * u;
    t0 += t;
    t1 += t * u;
    t2 += t * u * u;
  }
  const double det = n * (u2 * u4 - u3 * u3) - u1 * (u1 * u4 - u2 * u3) + u2 * (u1 * u3 - u2 * u2);
  if (n < 4 || !(std::abs(det) > 1e-9)) return {origin, (end - begin) / 2, 0};
  Parabola p;
  p.s0 = origin +
         (t0 * (u2 * u4 - u3 * u3) - u1 * (t1 * u4 - t2 * u3) + u2 * (t1 * u3 - t2 * u2)) / det;
  p.s1 = (n * (t1 * u4 - t2 * u3) - t0 * (u1 * u4 - u2 * u3) + u2 * (u1 * t2 - u2 * t1)) / det;
  p.s2 = (n * (u2 * t2 - u3 * t1) - u1 * (u1 * t2 - u2 * t1) + t0 * (u1 * u3 - u2 * u2)) / det;
  // A phase torn by a disturbance may bend the curve out of all reason: then the boundaries decide.
  const double half = (end - begin) / 2;
  constexpr double bend_max = 0.05;
  const bool sane = std::abs(p.s1 / half - 1) < bend_max && std::abs(p.s2) < bend_max * half &&
                    std::abs(p.s0 - origin) < bend_max * half;
  return sane ? p : Parabola{origin, half, 0};
}

void Spectrum::measure(const SampleRing& ring, const Tracker& tracker, std::int64_t first_boundary,
                       double begin_hint, double end_hint, Window& out) {
  const Parabola time = fit(tracker, first_boundary, begin_hint, end_hint);
  out.first_boundary = first_boundary;
  out.cycles = cycles_;
  out.begin = time.at(-1);
  out.end = time.at(1);
  out.frequency_hz = cycles_ * sample_rate_hz_ / (out.end - out.begin);
  // What lies before the first or behind the newest sample is not there: the ring is kept wide
  // enough, but a disturbed phase may point beyond it.
  const auto margin = static_cast<double>(reach());
  const double low = std::max(
      margin, static_cast<double>(ring.end()) - static_cast<double>(ring.capacity()) + margin + 1);
  const double high = static_cast<double>(ring.end()) - margin - 1;
  const double step = 2 / static_cast<double>(positions_.size());
  for (std::size_t m = 0; m < positions_.size(); ++m)
    positions_[m] = std::clamp(time.at(static_cast<double>(m) * step - 1), low, high);
  resampler_.resample(ring.data(), ring.mask(), positions_, grid_samples_);
  fft_.transform(grid_samples_, bins_);
  // At a frequency that cannot be followed there is no fundamental to relate anything to.
  constexpr double margin_hz = 2, slip_max_cycles = 0.75;
  const double turned = (tracker.half_cycles_at(out.end) - tracker.half_cycles_at(out.begin)) / 2;
  const bool followed = !tracker.out_of_range() &&
                        out.frequency_hz > Tracker::frequency_min_hz - margin_hz &&
                        out.frequency_hz < Tracker::frequency_max_hz + margin_hz &&
                        !(std::abs(turned - cycles_) > slip_max_cycles);
  const double carried =
      !followed ? 0 : std::floor(usable_share * sample_rate_hz_ / out.frequency_hz);
  const double resolved = std::floor(static_cast<double>(bins_.size()) / cycles_) - 1;
  out.order_max = static_cast<unsigned>(
      std::clamp(std::min(carried, resolved), 0.0, static_cast<double>(harmonic_order_max)));
  find_factors(out.frequency_hz / cycles_ / sample_rate_hz_);
  group(out);
  out.grouped = groups_;
  if (groups_) group_all_bins(out);
  out.common = {};
  const unsigned flags =
      ring.flags(static_cast<std::int64_t>(out.begin), static_cast<std::int64_t>(out.end));
  out.common.bits = static_cast<std::uint16_t>(flags & 0xff);
  if (tracker.held()) out.common.add(Quality::frequency_held);
}

void Spectrum::find_factors(double cycles_per_sample_per_bin) {
  const double scale = std::numbers::sqrt2 / static_cast<double>(grid_samples_.size());
  for (std::size_t bin = 0; bin < factors_.size(); ++bin)
    factors_[bin] = static_cast<float>(
        scale * resampler_.correction(static_cast<double>(bin) * cycles_per_sample_per_bin));
}

PerChannel<float> Spectrum::bin_rms(std::size_t bin) const {
  PerChannel<float> rms{};
  if (bin > 0 && bin < bins_.size())
    kernels_->group(bins_[bin].re.data(), &factors_[bin], 1, rms.data());
  return rms;
}

void Spectrum::group(Window& out) const {
  out.phasor = {};
  out.subgroup = {};
  out.interharmonic = {};
  const auto group_of = [&](std::size_t first, std::size_t last, PerChannel<float>& rms) {
    kernels_->group(bins_[first].re.data(), &factors_[first],
                    std::min(last + 1, bins_.size()) - first, rms.data());
  };
  for (std::size_t l = 0; l < dsp::lanes; ++l)
    out.phasor[0][l] = bins_[0].re[l] / static_cast<float>(grid_samples_.size());
  for (unsigned h = 0; h <= out.order_max; ++h) {
    const std::size_t centre = h * cycles_;
    if (h > 0) {
      for (std::size_t l = 0; l < dsp::lanes; ++l)
        out.phasor[h][l] = {factors_[centre] * bins_[centre].re[l],
                            factors_[centre] * bins_[centre].im[l]};
      group_of(centre - 1, centre + 1, out.subgroup[h]);
    }
    group_of(centre + 2, centre + cycles_ - 2, out.interharmonic[h]);
  }
}

void Spectrum::group_all_bins(Window& out) const {
  out.harmonic_group = {};
  out.interharmonic_group = {};
  constexpr std::size_t cycles_max = 12;
  EXPECTS(cycles_ <= cycles_max && cycles_ % 2 == 0);
  std::array<float, cycles_max + 1> factors;
  for (unsigned h = 0; h <= out.order_max; ++h) {
    const std::size_t centre = h * cycles_;
    if (h > 0) {
      const std::size_t first = centre - cycles_ / 2;
      std::copy_n(&factors_[first], cycles_ + 1, factors.begin());
      factors[0] *= std::numbers::sqrt2_v<float> / 2;
      factors[cycles_] *= std::numbers::sqrt2_v<float> / 2;
      kernels_->group(bins_[first].re.data(), factors.data(), cycles_ + 1,
                      out.harmonic_group[h].data());
    }
    kernels_->group(bins_[centre + 1].re.data(), &factors_[centre + 1], cycles_ - 1,
                    out.interharmonic_group[h].data());
  }
}

}  // namespace polyphase::metering
