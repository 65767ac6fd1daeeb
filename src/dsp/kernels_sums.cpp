#include "dsp/kernels.hpp"
#include "dsp/lane_vector.hpp"

namespace polyphase::dsp::POLYPHASE_INSTRUCTION_SET {
namespace {

constexpr std::size_t frame = 8;  // floats

bool scale(const float* x, std::size_t frames, const float* factor, const float* limit,
           float* out) {
  using Mask = decltype(Vector{} < Vector{});
  int any = 0;
  for (std::size_t h = 0; h < frame; h += width) {
    const Vector f = load(factor + h), most = load(limit + h);
    Mask usual = most == most;
    for (std::size_t n = 0; n < frames; ++n) {
      const Vector v = load(x + n * frame + h);
      usual &= (v < most) & (v > -most);  // false for NaN too; an infinite limit catches infinities
      store(out + n * frame + h, v * f);
    }
    for (std::size_t l = 0; l < width; ++l) any |= ~usual[l];
  }
  return any != 0;
}

// Lanes 0..2 of a half frame turned by one or two phases; lane 3 is not used.
[[gnu::always_inline]] inline Vector4 next_phase(Vector4 v) {
  return __builtin_shufflevector(v, v, 1, 2, 0, 3);
}
[[gnu::always_inline]] inline Vector4 phase_before(Vector4 v) {
  return __builtin_shufflevector(v, v, 2, 0, 1, 3);
}

template <bool delta>
void derived(const float* x, const float* weight, std::size_t frames, BlockSums& out) {
  Vector4 line_square{}, product{}, residual_square{};
  for (std::size_t n = 0; n < frames; ++n) {
    const float w = weight[n];
    const Vector4 v = load<Vector4>(x + n * frame), i = load<Vector4>(x + n * frame + 4);
    const Vector4 line = delta ? v : v - next_phase(v);
    const Vector4 neutral = delta ? (v - phase_before(v)) * (1.0f / 3.0f) : v;
    const Vector4 residual = i + next_phase(i) + phase_before(i);
    line_square += w * (line * line);
    product += w * (neutral * i);
    residual_square += w * (residual * residual);
  }
  store(out.line_square, line_square);
  store(out.product, product);
  store(out.residual_square, residual_square);
}

void interval(const float* x, const float* weight, std::size_t frames, const float* turn_cosine,
              const float* turn_sine, bool delta, BlockSums* blocks) {
  for (std::size_t first = 0; first < frames; first += block_frames, ++blocks) {
    const std::size_t here = frames - first < block_frames ? frames - first : block_frames;
    const float* at = x + first * frame;
    for (std::size_t h = 0; h < frame; h += width) {
      Vector value{}, square{}, cosine{}, sine{};
      for (std::size_t n = 0; n < here; ++n) {
        const Vector v = load(at + n * frame + h), wv = weight[first + n] * v;
        value += wv;
        square += wv * v;
        cosine += wv * turn_cosine[n];
        sine += wv * turn_sine[n];
      }
      store(blocks->value + h, value);
      store(blocks->square + h, square);
      store(blocks->cosine + h, cosine);
      store(blocks->sine + h, sine);
    }
    if (delta)
      derived<true>(at, weight + first, here, *blocks);
    else
      derived<false>(at, weight + first, here, *blocks);
  }
}

void squares(const float* x, const float* weight, std::size_t frames, double* square) {
  for (std::size_t first = 0; first < frames; first += block_frames) {
    const std::size_t end = frames - first < block_frames ? frames : first + block_frames;
    for (std::size_t h = 0; h < frame; h += width) {
      Vector sum{}, other{};  // so that additions need not wait for one another
      std::size_t n = first;
      for (; n + 1 < end; n += 2) {
        const Vector a = load(x + n * frame + h), b = load(x + (n + 1) * frame + h);
        sum += weight[n] * a * a;
        other += weight[n + 1] * b * b;
      }
      if (n < end) {
        const Vector a = load(x + n * frame + h);
        sum += weight[n] * a * a;
      }
      sum += other;
      for (std::size_t l = 0; l < width; ++l) square[h + l] += static_cast<double>(sum[l]);
    }
  }
}

void extremes(const float* x, std::size_t frames, float* minimum, float* maximum) {
  for (std::size_t h = 0; h < frame; h += width) {
    Vector low = load(x + h), high = low;
    for (std::size_t n = 1; n < frames; ++n) {
      const Vector v = load(x + n * frame + h);
      low = smaller(v, low);
      high = larger(v, high);
    }
    store(minimum + h, low);
    store(maximum + h, high);
  }
}

// Two chains of sums each, so that additions need not wait for one another.
void correlate(const float* centre, const float* even, const float* odd, std::size_t half,
               float* re, float* im) {
  for (std::size_t h = 0; h < frame; h += width) {
    const float* c = centre + h;
    Vector re_a = even[0] * load(c), re_b{}, im_a{}, im_b{};
    for (std::size_t i = 1; i < half; i += 2) {
      const Vector ahead_a = load(c + i * frame), behind_a = load(c - i * frame);
      const Vector ahead_b = load(c + (i + 1) * frame), behind_b = load(c - (i + 1) * frame);
      re_a += even[i] * (ahead_a + behind_a);
      im_a += odd[i] * (ahead_a - behind_a);
      re_b += even[i + 1] * (ahead_b + behind_b);
      im_b += odd[i + 1] * (ahead_b - behind_b);
    }
    store(re + h, re_a + re_b);
    store(im + h, im_a + im_b);
  }
}

void filter(const float* x, const float* weight, std::size_t taps, std::size_t step,
            std::size_t count, float* out) {
  for (std::size_t n = 0; n < count; ++n, x += step * frame, out += frame)
    for (std::size_t h = 0; h < frame; h += width) {
      Vector sum{};
      for (std::size_t t = 0; t < taps; ++t) sum += weight[t] * load(x + t * frame + h);
      store(out + h, sum);
    }
}

}  // namespace

extern const SumKernels sum_kernels;
const SumKernels sum_kernels{scale, interval, squares, extremes, correlate, filter};

}  // namespace polyphase::dsp::POLYPHASE_INSTRUCTION_SET
