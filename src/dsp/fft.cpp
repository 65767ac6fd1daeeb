// Stockham, decimation in time: a stage joins, for every j < after, `radix` transforms of length
// `before`
//   y[j + after (k + before q)] = sum_r e^(-j 2 pi r q / radix) w^(r k) x[j + after (r + radix k)]
// with w = e^(-j 2 pi / (before radix)), k < before, q < radix. After all of them the order is
// natural. All but the last keep the j modulo the last radix apart: each of these parts is taken
// through them by itself.
#include "dsp/fft.hpp"

#include <cmath>
#include <numbers>
#include <utility>

#include "base/contract.hpp"

namespace polyphase::dsp {

RealFft::RealFft(std::size_t length, const Kernels& kernels)
    : kernels_(kernels.spectra), half_(length / 2) {
  EXPECTS(length % 2 == 0 && length > 0);
  std::vector<std::size_t> radices;
  std::size_t rest = half_;
  for (const std::size_t radix : {4u, 2u, 3u, 5u})
    for (; rest % radix == 0; rest /= radix) radices.push_back(radix);
  EXPECTS(rest == 1);
  const std::size_t parts = radices.empty() ? 1 : radices.back(), part = half_ / parts;
  std::size_t before = 1;
  for (const std::size_t radix : radices) {
    const bool first = stages_.empty(), last = before == part;
    const std::size_t after = last ? 1 : part / before / radix;
    stages_.push_back({{radix, before, after, 1, after, radix * after}, twiddles_.size()});
    if (first) stages_.back().j_step = parts, stages_.back().r_step = parts * after;
    if (last) stages_.back().r_step = part, stages_.back().k_step = 1;
    for (std::size_t k = 0; k < before; ++k)
      for (std::size_t r = 0; r < radix; ++r) {
        const double angle = -2 * std::numbers::pi * static_cast<double>(k * r) /
                             static_cast<double>(before * radix);
        twiddles_.push_back(
            {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))});
      }
    before *= radix;
  }
  for (std::size_t k = 0; k <= half_; ++k) {
    const double angle = -std::numbers::pi * static_cast<double>(k) / static_cast<double>(half_);
    split_twiddles_.push_back(
        {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))});
  }
  parts_.resize(half_);
  whole_.resize(half_);
  a_.resize(part);
  b_.resize(part);
}

void RealFft::transform(std::span<const LaneFrame> x, std::span<LaneComplex> spectrum) noexcept {
  EXPECTS(x.size() == 2 * half_ && spectrum.size() <= half_);
  // Two frames that follow one another lie in memory like one complex frame.
  const float* joined = x.front().data();
  if (stages_.size() > 1) {
    for (std::size_t p = 0; p < half_ / a_.size(); ++p) transform_part(x, p);
    joined = parts_.front().re.data();
  }
  if (!stages_.empty()) {
    float* whole = whole_.front().re.data();
    kernels_->fft_stage(joined, whole, stages_.back(), twiddles_of(stages_.back()));
    joined = whole;
  }
  kernels_->fft_split(joined, half_, &split_twiddles_.front().re, spectrum.size(),
                      spectrum.front().re.data());
}

void RealFft::transform_part(std::span<const LaneFrame> x, std::size_t p) noexcept {
  const float* from = x[2 * p].data();
  float *to = a_.front().re.data(), *other = b_.front().re.data();
  const std::size_t count = stages_.size() - 1;
  for (std::size_t s = 0; s < count; ++s) {
    if (s + 1 == count) to = parts_[p * a_.size()].re.data();
    kernels_->fft_stage(from, to, stages_[s], twiddles_of(stages_[s]));
    from = std::exchange(to, std::exchange(other, to));
  }
}

}  // namespace polyphase::dsp
