// x = u^2 / r^2                   r: rms of u through a low-pass of 27.3 s
// y = HP LP W x                   HP: 0.05 Hz, first order; LP: Butterworth 6, 35 or 42 Hz
// W(s) = k w1 s / (s^2 + 2 l s + w1^2) (1 + s/w2) / ((1 + s/w3)(1 + s/w4))
// Pinst = S y^2 through 300 ms
//
// A sine of fm with changes dV/V of d from peak to peak is d cos(2 pi fm t) in x, and Pinst at most
//   S d^2 |HP LP W|^2 / 2 (1 + |L(2 fm)|)     L: the low-pass of 300 ms
// which gives S from the row of 8.8 Hz.
//
// u^2 is averaged over blocks to 2 000 Hz or a little more: below some 1 300 Hz the averages and
// the bilinear transform take more than 0.5 % of the rows above 20 Hz.
#include "pq/flicker_filter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/contract.hpp"
#include "dsp/biquad.hpp"
#include "dsp/denormals.hpp"

namespace polyphase::pq {
namespace {

constexpr double internal_rate_min_hz = 2'000, value_rate_min_hz = 200;
constexpr double high_pass_hz = 0.05;
constexpr double smoothing_s = 0.3;
constexpr double rms_s = 27.3;       // 10 to 90 % of a step in a minute
constexpr double rms_of_s = 0.1;     // mean squares are smooth before the root is taken
constexpr double square_min = 1e-9;  // a voltage below this is none
constexpr double reference_hz = 8.8;

struct Weighting {
  double k, lambda, f1, f2, f3, f4;  // Hz
  double reference_change;           // dV/V for Pinst = 1 at reference_hz
};
constexpr Weighting weighting_of(Lamp lamp) {
  return lamp == Lamp::v230
             ? Weighting{1.74802, 4.05981, 9.15494, 2.27979, 1.22535, 21.9, 0.00250}
             : Weighting{1.6357, 4.167375, 9.077169, 2.939902, 1.394468, 17.31512, 0.00321};
}

dsp::Biquad low_pass(double time_s, double rate_hz) {
  return dsp::bilinear({1, 0, 0}, {1, time_s, 0}, rate_hz);
}

}  // namespace

FlickerFilter::FlickerFilter(const FlickerConfig& config) : kernels_(config.kernels->filters) {
  EXPECTS(config.sample_rate_hz >= 2 * value_rate_min_hz);
  step_ = std::max<std::size_t>(
      1, static_cast<std::size_t>(config.sample_rate_hz / internal_rate_min_hz));
  const double rate = config.sample_rate_hz / static_cast<double>(step_);
  blocks_ = static_cast<std::size_t>(rate / value_rate_min_hz);
  period_s_ = static_cast<double>(blocks_) / rate;

  constexpr double turn = 2 * std::numbers::pi;
  const Weighting w = weighting_of(config.lamp);
  const double w1 = turn * w.f1, w2 = turn * w.f2, w3 = turn * w.f3, w4 = turn * w.f4;
  const auto low = dsp::butterworth_6(config.frequency_nominal_hz == 60 ? 42 : 35, rate);
  section_ = {dsp::bilinear({0, 1, 0}, {turn * high_pass_hz, 1, 0}, rate),
              low[0],
              low[1],
              low[2],
              dsp::bilinear({0, w.k * w1, 0}, {w1 * w1, 2 * turn * w.lambda, 1}, rate),
              dsp::bilinear({1, 1 / w2, 0}, {1, 1 / w3 + 1 / w4, 1 / (w3 * w4)}, rate)};
  smoothing_ = low_pass(smoothing_s, rate);
  double gain = 1;
  for (const dsp::Biquad& s : section_) gain *= std::abs(dsp::response(s, reference_hz, rate));
  const double ripple = std::abs(dsp::response(smoothing_, 2 * reference_hz, rate));
  const double swing = w.reference_change * gain;
  scale_ = 2 / (swing * swing * (1 + ripple));

  seeding_ = std::ceil(seeding_s / period_s_);
  smooth_ = 1 - std::exp(-period_s_ / rms_of_s);
  slow_ = 1 - std::exp(-period_s_ / rms_s);
}

void FlickerFilter::restart() noexcept {
  values_ = 0;
  mean_square_ = {};
}

FlickerFilter::Sensation FlickerFilter::next(const dsp::LaneFrame* frames) noexcept {
  const dsp::DenormalsAreZero quick;
  alignas(32) std::array<double, 4 * blocks_max> x;
  alignas(32) Lanes total{};
  kernels_->square_sums(frames->data(), step_, blocks_, gain_.data(), x.data(), total.data());
  const bool seeding = values_ < seeding_;
  follow_rms(total);
  Sensation sensation;
  if (seeding) {
    sensation.fill(std::numeric_limits<double>::quiet_NaN());
    return sensation;
  }
  kernels_->cascade(section_.data(), sections, state_.data(), x.data(), blocks_);
  kernels_->smooth_squares(&smoothing_, smoothing_state_.data(), x.data(), blocks_,
                           sensation.data());
  for (double& value : sensation) value *= scale_;
  return sensation;
}

// The rms over all that came until that is 27.3 s; the slow low-pass from then on.
void FlickerFilter::follow_rms(const Lanes& total) {
  values_ += 1;
  const double recent = values_ <= seeding_ ? 1 / values_ : smooth_;
  const double share = values_ <= seeding_ ? 1 : std::max(slow_, 1 / values_);
  for (std::size_t l = 0; l < 4; ++l) {
    const double mean_square = total[l] / static_cast<double>(frames());
    mean_square_[l] += recent * (mean_square - mean_square_[l]);
    rms_[l] += share * (std::sqrt(std::max(mean_square_[l], 0.0)) - rms_[l]);
    const double square = rms_[l] * rms_[l];
    gain_[l] = square > square_min ? 1 / (square * static_cast<double>(step_)) : 0;
  }
  if (values_ != seeding_) return;
  // The filters as if a steady voltage had always been there: the high-pass holds its square, 1.
  state_ = {};
  smoothing_state_ = {};
  for (std::size_t l = 0; l < 4; ++l) state_[l] = gain_[l] > 0 ? -section_[0].b0 : 0;
}

}  // namespace polyphase::pq
