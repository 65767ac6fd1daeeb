#include "dsp/resampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

#include "base/contract.hpp"
#include "dsp/kaiser.hpp"

namespace polyphase::dsp {
namespace {

constexpr std::size_t correction_points = 1024;

}  // namespace

struct Resampler::Tables {
  std::vector<float> taps;         ///< (phases + 1) x taps
  std::vector<double> correction;  ///< from 0 to 0.5 cycles per sample
  Tables(std::size_t taps_total, const Design& design);
};

std::size_t Resampler::Design::taps_total() const {
  return 8 * static_cast<std::size_t>(std::ceil(static_cast<double>(taps) * widening / 8));
}

// Designs are few; the tables of one that nobody uses any more are forgotten.
std::shared_ptr<const Resampler::Tables> Resampler::tables_of(const Design& design) {
  static std::mutex mutex;
  static std::map<Design, std::weak_ptr<const Tables>> known;
  const std::scoped_lock lock(mutex);
  std::weak_ptr<const Tables>& place = known[design];
  auto tables = place.lock();
  if (tables == nullptr) place = tables = std::make_shared<Tables>(design.taps_total(), design);
  return tables;
}

Resampler::Resampler(const Design& design, const Kernels& kernels)
    : kernels_(kernels.spectra),
      taps_(design.taps_total()),
      tables_(tables_of(design)),
      scratch_(taps_ * 8) {}

// Tap t of phase p lies at u = t - (taps/2 - 1) - p/phases from the position between two samples.
Resampler::Tables::Tables(std::size_t taps_total, const Design& design) {
  EXPECTS(taps_total % 8 == 0);
  const auto half = static_cast<double>(taps_total / 2);
  taps.resize((phases + 1) * taps_total);
  std::vector<double> exact(taps_total), offsets, weights;
  for (std::size_t p = 0; p <= phases; ++p) {
    double sum = 0;
    for (std::size_t t = 0; t < taps_total; ++t) {
      const double u = static_cast<double>(t) - (half - 1) - static_cast<double>(p) / phases;
      exact[t] = sinc(u / design.widening) * kaiser(u, half, design.beta);
      sum += exact[t];
    }
    for (std::size_t t = 0; t < taps_total; ++t) {
      taps[p * taps_total + t] = static_cast<float>(exact[t] / sum);
      if (p == phases) continue;  // the same kernel points as phase 0, one tap further
      offsets.push_back(static_cast<double>(t) - (half - 1) - static_cast<double>(p) / phases);
      weights.push_back(exact[t] / sum);
    }
  }
  // H(f) = mean over the phases of sum h(u) cos(2 pi f u), by rotation from one f to the next.
  correction.assign(correction_points + 1, 0);
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const double step = std::numbers::pi * offsets[i] / correction_points;
    const double c = std::cos(step), s = std::sin(step);
    double x = weights[i] / phases, y = 0;
    for (double& value : correction) {
      value += x;
      const double next = x * c - y * s;
      y = x * s + y * c;
      x = next;
    }
  }
  for (double& value : correction) value = 1 / value;
}

void Resampler::resample(const LaneFrame* ring, std::size_t mask, std::span<const double> positions,
                         std::span<LaneFrame> out) noexcept {
  EXPECTS(out.size() >= positions.size());
  std::array<Tap, 64> taps;
  for (std::size_t first = 0; first < positions.size(); first += taps.size()) {
    const std::size_t here = std::min(taps.size(), positions.size() - first);
    for (std::size_t n = 0; n < here; ++n) {
      const double position = positions[first + n];
      const auto before = static_cast<std::int64_t>(position);
      const double at = (position - static_cast<double>(before)) * phases;
      const auto phase = static_cast<std::size_t>(static_cast<int>(at));
      const std::size_t frame = static_cast<std::size_t>(before) + 1 - taps_ / 2;
      taps[n] = {ring[frame & mask].data(), &tables_->taps[phase * taps_],
                 static_cast<float>(at - static_cast<double>(phase))};
    }
    kernels_->resample(taps.data(), here, taps_, scratch_.data(), out[first].data());
  }
}

double Resampler::correction(double cycles_per_sample) const noexcept {
  const double at = std::clamp(cycles_per_sample * 2, 0.0, 1.0) * correction_points;
  const auto i = static_cast<std::size_t>(
      std::min(static_cast<int>(at), static_cast<int>(correction_points) - 1));
  const double* point = &tables_->correction[i];
  return point[0] + (point[1] - point[0]) * (at - static_cast<double>(i));
}

}  // namespace polyphase::dsp
