#include "metering/interval_sums.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/contract.hpp"

namespace polyphase::metering {
namespace {

using dsp::LaneFrame;
using dsp::lanes;

// float32 sums lose digits with length; 32 samples are short enough for 1e-8.
constexpr std::size_t block_frames = 32;

struct BlockSums {
  LaneFrame value{}, square{}, cosine{}, sine{};
  LaneFrame derived{};  ///< line squares 0..2, residual square 3, products 4..6
};

// The eight derived products of a frame; delta's voltages are line voltages already.
template <Connection connection>
void derive(const LaneFrame& x, LaneFrame& out) {
  const float a = x[0], b = x[1], c = x[2];
  const float residual = x[4] + x[5] + x[6];
  if constexpr (connection == Connection::wye) {
    out = {(a - b) * (a - b), (b - c) * (b - c), (c - a) * (c - a), residual * residual,
           a * x[4],          b * x[5],          c * x[6],          0};
  } else {
    constexpr float third = 1.0f / 3.0f;
    out = {a * a,
           b * b,
           c * c,
           residual * residual,
           (a - c) * third * x[4],
           (b - a) * third * x[5],
           (c - b) * third * x[6],
           0};
  }
}

template <Connection connection>
void add_block(const SampleRing& ring, std::int64_t first, std::size_t count, const float* weight,
               const float* cosine, const float* sine, BlockSums& sums) {
  for (std::size_t n = 0; n < count; ++n) {
    const LaneFrame& x = ring.at(first + static_cast<std::int64_t>(n));
    LaneFrame derived;
    derive<connection>(x, derived);
    const float w = weight[n], c = cosine[n], s = sine[n];
    for (std::size_t l = 0; l < lanes; ++l) {
      const float wx = w * x[l];
      sums.value[l] += wx;
      sums.square[l] += wx * x[l];
      sums.cosine[l] += wx * c;
      sums.sine[l] += wx * s;
      sums.derived[l] += w * derived[l];
    }
  }
}

void add(Sums& to, const BlockSums& block) {
  for (std::size_t l = 0; l < lanes; ++l) {
    to.value[l] += static_cast<double>(block.value[l]);
    to.square[l] += static_cast<double>(block.square[l]);
    to.fundamental[l] += std::complex<double>(static_cast<double>(block.cosine[l]), -static_cast<double>(block.sine[l]));
  }
  for (std::size_t p = 0; p < 3; ++p) {
    to.line_square[p] += static_cast<double>(block.derived[p]);
    to.product[p] += static_cast<double>(block.derived[4 + p]);
  }
  to.residual_square += static_cast<double>(block.derived[3]);
}

}  // namespace

IntervalSums::IntervalSums(dsp::EdgeWeights::Kind edge, Connection connection, std::size_t samples_max)
    : edge_(edge), connection_(connection), weight_(samples_max), cosine_(samples_max), sine_(samples_max) {}

void IntervalSums::weigh(double begin, double end, std::int64_t first, std::int64_t last) {
  const double reach = edge_.reach();
  for (std::int64_t i = first; i <= last; ++i) {
    const auto at = static_cast<double>(i);
    const bool inside = at >= begin + reach && at <= end - reach;
    weight_[static_cast<std::size_t>(i - first)] =
        inside ? 1.0f : static_cast<float>(edge_.step(at - begin) - edge_.step(at - end));
  }
}

// theta = pi (number + (i - begin) / (end - begin)), by rotation in double.
void IntervalSums::turn(double begin, double end, std::int64_t first, std::int64_t last, std::int64_t number) {
  const double step = std::numbers::pi / (end - begin);
  const double start = step * (static_cast<double>(first) - begin);
  const double sign = number % 2 == 0 ? 1.0 : -1.0;
  double c = sign * std::cos(start), s = sign * std::sin(start);
  const double dc = std::cos(step), ds = std::sin(step);
  for (std::int64_t i = first; i <= last; ++i) {
    cosine_[static_cast<std::size_t>(i - first)] = static_cast<float>(c);
    sine_[static_cast<std::size_t>(i - first)] = static_cast<float>(s);
    const double next = c * dc - s * ds;
    s = s * dc + c * ds;
    c = next;
  }
}

void IntervalSums::half_cycle(const SampleRing& ring, double begin, double end, std::int64_t number,
                              HalfCycle& out) {
  const auto first = static_cast<std::int64_t>(std::ceil(begin - edge_.reach()));
  const auto last = static_cast<std::int64_t>(std::floor(end + edge_.reach()));
  const auto count = static_cast<std::size_t>(last - first + 1);
  EXPECTS(count <= weight_.size());
  weigh(begin, end, first, last);
  turn(begin, end, first, last, number);
  out.sums = {};
  for (std::size_t n = 0; n < count; n += block_frames) {
    BlockSums block;
    const std::size_t here = std::min(block_frames, count - n);
    const auto at = first + static_cast<std::int64_t>(n);
    if (connection_ == Connection::wye)
      add_block<Connection::wye>(ring, at, here, &weight_[n], &cosine_[n], &sine_[n], block);
    else
      add_block<Connection::delta>(ring, at, here, &weight_[n], &cosine_[n], &sine_[n], block);
    add(out.sums, block);
  }
  for (std::size_t n = 0; n < count; ++n) out.sums.length_samples += static_cast<double>(weight_[n]);

  const auto inner_first = static_cast<std::int64_t>(std::ceil(begin));
  const auto inner_last = std::max(inner_first, static_cast<std::int64_t>(std::ceil(end)) - 1);
  LaneFrame low = ring.at(inner_first), high = low;
  for (std::int64_t i = inner_first; i <= inner_last; ++i) {
    const LaneFrame& x = ring.at(i);
    for (std::size_t l = 0; l < lanes; ++l) {
      low[l] = x[l] < low[l] ? x[l] : low[l];
      high[l] = x[l] > high[l] ? x[l] : high[l];
    }
  }
  unsigned flags = 0;
  for (std::int64_t i = first; i <= last; ++i) flags |= ring.flags(i);
  out.minimum = low;
  out.maximum = high;
  out.common.bits = static_cast<std::uint16_t>(flags & 0xff);
  for (std::size_t c = 0; c < lanes; ++c) {
    out.quality[c] = {};
    if ((flags >> (8 + c) & 1u) != 0) out.quality[c].add(Quality::clipped);
  }
}

IntervalSums::Squares IntervalSums::squares(const SampleRing& ring, double begin, double end,
                                            std::size_t first_channel, std::size_t second_channel) const {
  const double reach = edge_.reach();
  const auto first = static_cast<std::int64_t>(std::ceil(begin - reach));
  const auto last = static_cast<std::int64_t>(std::floor(end + reach));
  Squares sum;
  for (std::int64_t i = first; i <= last; ++i) {
    const auto at = static_cast<double>(i);
    const bool inside = at >= begin + reach && at <= end - reach;
    const double w = inside ? 1.0 : edge_.step(at - begin) - edge_.step(at - end);
    const LaneFrame& x = ring.at(i);
    const auto a = static_cast<double>(x[first_channel]), b = static_cast<double>(x[second_channel]);
    sum.first += w * a * a;
    sum.second += w * b * b;
    sum.length += w;
  }
  return sum;
}

}  // namespace polyphase::metering
