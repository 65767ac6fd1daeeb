#include "dsp/resampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/contract.hpp"
#include "dsp/kaiser.hpp"

namespace polyphase::dsp {
namespace {

constexpr std::size_t response_points = 1024;

}  // namespace

// Tap t of phase p lies at u = t - (taps/2 - 1) - p/phases from the position between two samples.
Resampler::Resampler(const Design& design, const Kernels& kernels)
    : kernels_(kernels.spectra), taps_(design.taps * design.widening), scratch_(taps_ * 8) {
  EXPECTS(taps_ % 4 == 0);
  const auto half = static_cast<double>(taps_ / 2);
  const auto widening = static_cast<double>(design.widening);
  table_.resize((phases + 1) * taps_);
  std::vector<double> exact(taps_), offsets, weights;
  for (std::size_t p = 0; p <= phases; ++p) {
    double sum = 0;
    for (std::size_t t = 0; t < taps_; ++t) {
      const double u = static_cast<double>(t) - (half - 1) - static_cast<double>(p) / phases;
      exact[t] = sinc(u / widening) * kaiser(u, half, design.beta);
      sum += exact[t];
    }
    for (std::size_t t = 0; t < taps_; ++t) {
      table_[p * taps_ + t] = static_cast<float>(exact[t] / sum);
      if (p == phases) continue;  // the same kernel points as phase 0, one tap further
      offsets.push_back(static_cast<double>(t) - (half - 1) - static_cast<double>(p) / phases);
      weights.push_back(exact[t] / sum);
    }
  }
  // H(f) = mean over the phases of sum h(u) cos(2 pi f u), by rotation from one f to the next.
  response_.assign(response_points + 1, 0);
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const double step = std::numbers::pi * offsets[i] / response_points;
    const double c = std::cos(step), s = std::sin(step);
    double x = weights[i] / phases, y = 0;
    for (double& value : response_) {
      value += x;
      const double next = x * c - y * s;
      y = x * s + y * c;
      x = next;
    }
  }
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
      taps[n] = {ring[frame & mask].data(), &table_[phase * taps_],
                 static_cast<float>(at - static_cast<double>(phase))};
    }
    kernels_->resample(taps.data(), here, taps_, scratch_.data(), out[first].data());
  }
}

double Resampler::response(double cycles_per_sample) const noexcept {
  const double at = std::clamp(cycles_per_sample * 2, 0.0, 1.0) * response_points;
  const auto i = std::min(static_cast<std::size_t>(at), response_points - 1);
  return response_[i] + (response_[i + 1] - response_[i]) * (at - static_cast<double>(i));
}

}  // namespace polyphase::dsp
