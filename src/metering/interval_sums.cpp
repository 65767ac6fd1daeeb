// theta_n = theta_0 + n delta over the samples n of a half cycle, delta = pi / (end - begin). With
// blocks of B samples, n = b B + m:
//   S(w x e^(-j theta)) = sum_b e^(-j (theta_0 + b B delta)) sum_m w x e^(-j m delta)
#include "metering/interval_sums.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "base/contract.hpp"

namespace polyphase::metering {
namespace {

using dsp::block_frames;
using dsp::BlockSums;

// By hand: the library's product of complex numbers looks out for infinities.
std::complex<double> product(std::complex<double> a, std::complex<double> b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

struct Turn {
  float cosine[block_frames], sine[block_frames];
  std::complex<double> of_a_block;
};

// Doubled again and again, which is exacter and quicker than one step after another.
Turn turn_of(double delta) {
  std::complex<double> at[block_frames];
  at[0] = 1;
  std::complex<double> ahead = std::polar(1.0, delta);
  for (std::size_t known = 1; known < block_frames; known *= 2, ahead = product(ahead, ahead))
    for (std::size_t m = 0; m < known; ++m) at[known + m] = product(at[m], ahead);
  Turn turn;
  turn.of_a_block = ahead;
  for (std::size_t m = 0; m < block_frames; ++m) {
    turn.cosine[m] = static_cast<float>(at[m].real());
    turn.sine[m] = static_cast<float>(at[m].imag());
  }
  return turn;
}

void add(Sums& to, const BlockSums& block, std::complex<double> turned) {
  const double c = turned.real(), s = turned.imag();
  for (std::size_t l = 0; l < channel_count; ++l) {
    const auto x = static_cast<double>(block.cosine[l]), y = static_cast<double>(block.sine[l]);
    to.value[l] += static_cast<double>(block.value[l]);
    to.square[l] += static_cast<double>(block.square[l]);
    to.fundamental[l] += std::complex<double>(x * c - y * s, -(x * s + y * c));
  }
  for (std::size_t p = 0; p < 3; ++p) {
    to.line_square[p] += static_cast<double>(block.line_square[p]);
    to.product[p] += static_cast<double>(block.product[p]);
  }
  to.residual_square += static_cast<double>(block.residual_square[0]);
}

}  // namespace

IntervalSums::IntervalSums(dsp::EdgeWeights::Kind edge, Connection connection,
                           std::size_t samples_max, const dsp::Kernels& kernels)
    : edge_(edge),
      connection_(connection),
      kernels_(kernels.sums),
      weight_(samples_max),
      step_(2 * edge_.reach()),
      blocks_(samples_max / block_frames + 1) {}

IntervalSums::Span IntervalSums::weigh(const dsp::EdgeWeights& edge, double begin, double end,
                                       double& length) {
  const auto reach = static_cast<std::int64_t>(edge.reach());
  const auto begin_sample = static_cast<std::int64_t>(std::floor(begin));
  const auto end_sample = static_cast<std::int64_t>(std::floor(end));
  const std::int64_t first = begin_sample - reach + 1;
  const auto count = static_cast<std::size_t>(end_sample + reach - first + 1);
  EXPECTS(end >= begin && count <= weight_.size());
  const auto all = std::span(weight_).first(count);
  const auto step = std::span(step_).first(2 * edge.reach());
  edge.step(begin - static_cast<double>(begin_sample), all.first(step.size()));
  length += static_cast<double>(count - step.size());
  for (const float c : all.first(step.size())) length += static_cast<double>(c);
  std::fill(all.begin() + static_cast<std::ptrdiff_t>(step.size()), all.end(), 1.0f);
  edge.step(end - static_cast<double>(end_sample), step);
  const auto falling = all.last(step.size());
  for (std::size_t n = 0; n < step.size(); ++n) {
    falling[n] -= step[n];
    length -= static_cast<double>(step[n]);
  }
  return {first, count};
}

void IntervalSums::half_cycle(const SampleRing& ring, double begin, double end, std::int64_t number,
                              HalfCycle& out) {
  out.sums = {};
  const auto [first, count] = weigh(edge_, begin, end, out.sums.length_samples);
  const double delta = std::numbers::pi / (end - begin);
  const Turn turn = turn_of(delta);
  kernels_->interval(ring.from(first)->data(), weight_.data(), count, turn.cosine, turn.sine,
                     connection_ == Connection::delta, blocks_.data());
  std::complex<double> turned = std::polar(1.0, delta * (static_cast<double>(first) - begin));
  if (number % 2 != 0) turned = -turned;
  for (std::size_t b = 0; b * block_frames < count; ++b) {
    add(out.sums, blocks_[b], turned);
    turned = product(turned, turn.of_a_block);
  }

  const auto inner_first = static_cast<std::int64_t>(std::ceil(begin));
  const auto inner =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(end)) - inner_first);
  kernels_->extremes(ring.from(inner_first)->data(), static_cast<std::size_t>(inner),
                     out.minimum.data(), out.maximum.data());
  const unsigned flags = ring.flags(first, first + static_cast<std::int64_t>(count));
  out.common.bits = static_cast<std::uint16_t>(flags & 0xff);
  out.bridged_samples = 0;
  if (out.common.has(Quality::bridged))
    for (std::int64_t i = inner_first; i < inner_first + inner; ++i)
      out.bridged_samples += ring.flags(i) & Quality::bridged ? 1u : 0u;
  for (std::size_t c = 0; c < channel_count; ++c) {
    out.quality[c] = {};
    if ((flags >> (8 + c) & 1u) != 0) out.quality[c].add(Quality::clipped);
  }
}

IntervalSums::Squares IntervalSums::squares(const SampleRing& ring, double begin, double end) {
  Squares sum;
  const auto [first, count] = weigh(edge_of_squares_, begin, end, sum.length);
  kernels_->squares(ring.from(first)->data(), weight_.data(), count, sum.square.data());
  return sum;
}

}  // namespace polyphase::metering
