#include "dsp/kernels.hpp"
#include "dsp/lane_vector.hpp"

namespace polyphase::dsp::POLYPHASE_INSTRUCTION_SET {
namespace {

constexpr std::size_t frame = 8;  // floats
constexpr std::size_t complex_frame = 16;
constexpr std::size_t batch = 8;

// The weights of a few outputs first, then their products: both in one loop takes twice as long.
void resample(const Tap* outputs, std::size_t count, std::size_t taps, float* scratch, float* out) {
  for (std::size_t first = 0; first < count; first += batch) {
    const std::size_t end = count - first < batch ? count : first + batch;
    float* weights = scratch;
    for (std::size_t n = first; n < end; ++n, weights += taps) {
      const float* low = outputs[n].low;
      for (std::size_t t = 0; t < taps; t += 4) {
        const Vector4 a = load<Vector4>(low + t), b = load<Vector4>(low + taps + t);
        store(weights + t, a + (b - a) * outputs[n].fraction);
      }
    }
    weights = scratch;
    for (std::size_t n = first; n < end; ++n, weights += taps)
      for (std::size_t h = 0; h < frame; h += width) {
        const float* x = outputs[n].frames + h;
        Vector a{}, b{};
        for (std::size_t t = 0; t < taps; t += 4) {
          a += weights[t] * load(x + t * frame);
          b += weights[t + 1] * load(x + (t + 1) * frame);
          a += weights[t + 2] * load(x + (t + 2) * frame);
          b += weights[t + 3] * load(x + (t + 3) * frame);
        }
        store(out + n * frame + h, a + b);
      }
  }
}

struct Complex {
  Vector re, im;
};

[[gnu::always_inline]] inline Complex load_complex(const float* from) {
  return {load(from), load(from + frame)};
}
[[gnu::always_inline]] inline void store_complex(float* to, const Complex& z) {
  store(to, z.re);
  store(to + frame, z.im);
}
[[gnu::always_inline]] inline Complex operator+(const Complex& a, const Complex& b) {
  return {a.re + b.re, a.im + b.im};
}
[[gnu::always_inline]] inline Complex operator-(const Complex& a, const Complex& b) {
  return {a.re - b.re, a.im - b.im};
}
[[gnu::always_inline]] inline Complex operator*(float k, const Complex& a) {
  return {k * a.re, k * a.im};
}
[[gnu::always_inline]] inline Complex turned_back(const Complex& a) {
  return {a.im, -a.re};
}  // a times -j
[[gnu::always_inline]] inline Complex times(const Complex& a, const float* twiddle) {
  return {a.re * twiddle[0] - a.im * twiddle[1], a.re * twiddle[1] + a.im * twiddle[0]};
}

constexpr float sin_60 = 0.866025403784438647f;
constexpr float cos_72 = 0.309016994374947424f, cos_144 = -0.809016994374947424f;
constexpr float sin_72 = 0.951056516295153572f, sin_144 = 0.587785252292473129f;

template <std::size_t radix>
[[gnu::always_inline]] inline void butterfly(const Complex (&t)[radix], Complex (&y)[radix]) {
  if constexpr (radix == 2) {
    y[0] = t[0] + t[1];
    y[1] = t[0] - t[1];
  } else if constexpr (radix == 3) {
    const Complex sum = t[1] + t[2], turned = turned_back(sin_60 * (t[1] - t[2])),
                  middle = t[0] - 0.5f * sum;
    y[0] = t[0] + sum;
    y[1] = middle + turned;
    y[2] = middle - turned;
  } else if constexpr (radix == 4) {
    const Complex a = t[0] + t[2], b = t[0] - t[2], c = t[1] + t[3], d = turned_back(t[1] - t[3]);
    y[0] = a + c;
    y[1] = b + d;
    y[2] = a - c;
    y[3] = b - d;
  } else {
    const Complex a = t[1] + t[4], b = t[2] + t[3], c = t[1] - t[4], d = t[2] - t[3];
    const Complex e = t[0] + (cos_72 * a + cos_144 * b), f = t[0] + (cos_144 * a + cos_72 * b);
    const Complex g = turned_back(sin_72 * c + sin_144 * d),
                  h = turned_back(sin_144 * c - sin_72 * d);
    y[0] = t[0] + (a + b);
    y[1] = e + g;
    y[2] = f + h;
    y[3] = f - h;
    y[4] = e - g;
  }
}

template <std::size_t radix, bool turned>
void join(const float* from, float* to, std::size_t before, std::size_t after, const float* w) {
  for (std::size_t j = 0; j < after; ++j)
    for (std::size_t h = 0; h < frame; h += width) {
      const float* x = from + complex_frame * j + h;
      float* out = to + complex_frame * j + h;
      Complex t[radix], y[radix];
      for (std::size_t r = 0; r < radix; ++r) {
        t[r] = load_complex(x + complex_frame * r * after);
        if (turned && r > 0) t[r] = times(t[r], w + 2 * r);
      }
      butterfly<radix>(t, y);
      for (std::size_t q = 0; q < radix; ++q)
        store_complex(out + complex_frame * after * before * q, y[q]);
    }
}

template <std::size_t radix>
void stage(const float* from, float* to, std::size_t before, std::size_t after,
           const float* twiddles) {
  join<radix, false>(from, to, before, after, twiddles);  // where they are all 1
  for (std::size_t k = 1; k < before; ++k)
    join<radix, true>(from + complex_frame * radix * after * k, to + complex_frame * after * k,
                      before, after, twiddles + 2 * k * radix);
}

void fft_stage(const float* from, float* to, std::size_t radix, std::size_t before,
               std::size_t after, const float* twiddles) {
  if (radix == 2)
    stage<2>(from, to, before, after, twiddles);
  else if (radix == 3)
    stage<3>(from, to, before, after, twiddles);
  else if (radix == 4)
    stage<4>(from, to, before, after, twiddles);
  else
    stage<5>(from, to, before, after, twiddles);
}

// Z_k = E_k + j O_k of the even and odd values: X_k = E_k + e^(-j 2 pi k / N) O_k.
void fft_split(const float* transformed, std::size_t half, const float* twiddles, std::size_t bins,
               float* out) {
  for (std::size_t k = 0; k < bins; ++k)
    for (std::size_t h = 0; h < frame; h += width) {
      const Complex z = load_complex(transformed + complex_frame * k + h);
      const Complex m = load_complex(transformed + complex_frame * (k == 0 ? 0 : half - k) + h);
      const Complex even = 0.5f * Complex{z.re + m.re, z.im - m.im};
      const Complex odd = 0.5f * Complex{z.im + m.im, m.re - z.re};
      store_complex(out + complex_frame * k + h, even + times(odd, twiddles + 2 * k));
    }
}

}  // namespace

extern const SpectrumKernels spectrum_kernels;
const SpectrumKernels spectrum_kernels{resample, fft_stage, fft_split};

}  // namespace polyphase::dsp::POLYPHASE_INSTRUCTION_SET
