// Stockham, decimation in time: a stage joins, for every j < after, `radix` transforms of length
// `before`
//   y[j + after (k + before q)] = sum_r e^(-j 2 pi r q / radix) w^(r k) x[j + after (r + radix k)]
// with w = e^(-j 2 pi / (before radix)), k < before, q < radix. After all of them the order is
// natural.
#include "dsp/fft.hpp"

#include <cmath>
#include <numbers>

#include "base/contract.hpp"

namespace polyphase::dsp {

RealFft::RealFft(std::size_t length, const Kernels& kernels)
    : kernels_(kernels.spectra), half_(length / 2) {
  EXPECTS(length % 2 == 0 && length > 0);
  std::size_t rest = half_, before = 1;
  for (const std::size_t radix : {4u, 2u, 3u, 5u})
    while (rest % radix == 0) {
      rest /= radix;
      stages_.push_back({radix, before, rest, twiddles_.size()});
      for (std::size_t k = 0; k < before; ++k)
        for (std::size_t r = 0; r < radix; ++r) {
          const double angle = -2 * std::numbers::pi * static_cast<double>(k * r) /
                               static_cast<double>(before * radix);
          twiddles_.push_back(
              {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))});
        }
      before *= radix;
    }
  EXPECTS(rest == 1);
  for (std::size_t k = 0; k <= half_; ++k) {
    const double angle = -std::numbers::pi * static_cast<double>(k) / static_cast<double>(half_);
    split_twiddles_.push_back(
        {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))});
  }
  a_.resize(half_);
  b_.resize(half_);
}

void RealFft::transform(std::span<const LaneFrame> x, std::span<LaneComplex> spectrum) noexcept {
  EXPECTS(x.size() == 2 * half_ && spectrum.size() <= half_);
  // Two frames that follow one another lie in memory like one complex frame.
  const float* from = x.front().data();
  float* to = a_.front().re.data();
  float* other = b_.front().re.data();
  for (const Stage& stage : stages_) {
    kernels_->fft_stage(from, to, stage.radix, stage.before, stage.after,
                        &twiddles_[stage.first_twiddle].re);
    from = to;
    std::swap(to, other);
  }
  kernels_->fft_split(from, half_, &split_twiddles_.front().re, spectrum.size(),
                      spectrum.front().re.data());
}

}  // namespace polyphase::dsp
