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
    for (std::size_t n = first; n < end; ++n, weights += taps)
      for (std::size_t t = 0; t < taps; t += width) {
        const Vector a = load(outputs[n].low + t), b = load(outputs[n].low + taps + t);
        store(weights + t, a + (b - a) * outputs[n].fraction);
      }
    weights = scratch;
    for (std::size_t n = first; n < end; ++n, weights += taps)
      for (std::size_t h = 0; h < frame; h += width) {
        const float* x = outputs[n].frames + h;
        Vector even{}, odd{};
        for (std::size_t t = 0; t < taps; t += 4) {
          even += weights[t] * load(x + t * frame);
          odd += weights[t + 1] * load(x + (t + 1) * frame);
          even += weights[t + 2] * load(x + (t + 2) * frame);
          odd += weights[t + 3] * load(x + (t + 3) * frame);
        }
        store(out + n * frame + h, even + odd);
      }
  }
}

#ifdef __AVX512F__
struct Complex {  // eight real parts, eight imaginary
  Vector16 z;
};
constexpr std::size_t complex_width = 8;

[[gnu::always_inline]] inline Complex load_complex(const float* from) {
  return {load<Vector16>(from)};
}
[[gnu::always_inline]] inline void store_complex(float* to, const Complex& a) { store(to, a.z); }
[[gnu::always_inline]] inline Complex operator+(const Complex& a, const Complex& b) {
  return {a.z + b.z};
}
[[gnu::always_inline]] inline Complex operator-(const Complex& a, const Complex& b) {
  return {a.z - b.z};
}
[[gnu::always_inline]] inline Complex operator*(float k, const Complex& a) { return {k * a.z}; }
[[gnu::always_inline]] inline Complex conjugate(const Complex& a) {
  const Vector16 signs{0,     0,     0,     0,     0,     0,     0,     0,
                       -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f, -0.0f};
  return {_mm512_xor_ps(a.z, signs)};
}
[[gnu::always_inline]] inline Complex turned_back(const Complex& a) {
  return conjugate({swapped(a.z)});
}  // a times -j

struct Twiddle {
  explicit Twiddle(const float* w) : re(Vector16{} + w[0]), im(-conjugate({Vector16{} + w[1]}).z) {}
  Vector16 re, im;  // im: its negative first
};
[[gnu::always_inline]] inline Complex operator*(const Complex& a, const Twiddle& w) {
  return {a.z * w.re + swapped(a.z) * w.im};
}
#else
struct Complex {
  Vector re, im;
};
constexpr std::size_t complex_width = width;

[[gnu::always_inline]] inline Complex load_complex(const float* from) {
  return {load(from), load(from + frame)};
}
[[gnu::always_inline]] inline void store_complex(float* to, const Complex& a) {
  store(to, a.re);
  store(to + frame, a.im);
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
[[gnu::always_inline]] inline Complex conjugate(const Complex& a) { return {a.re, -a.im}; }
[[gnu::always_inline]] inline Complex turned_back(const Complex& a) {
  return {a.im, -a.re};
}  // a times -j

struct Twiddle {
  explicit Twiddle(const float* w) : re(w[0]), im(w[1]) {}
  float re, im;
};
[[gnu::always_inline]] inline Complex operator*(const Complex& a, const Twiddle& w) {
  return {a.re * w.re - a.im * w.im, a.re * w.im + a.im * w.re};
}
#endif

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

template <std::size_t radix, class... Twiddles>
[[gnu::always_inline]] inline void join(const float* from, float* to, const FftStage& s,
                                        const Twiddles&... w) {
  for (std::size_t j = 0; j < s.after; ++j)
    for (std::size_t h = 0; h < frame; h += complex_width) {
      const float* x = from + complex_frame * s.j_step * j + h;
      float* out = to + complex_frame * j + h;
      Complex t[radix], y[radix];
      for (std::size_t r = 0; r < radix; ++r) t[r] = load_complex(x + complex_frame * s.r_step * r);
      std::size_t r = 1;
      ((t[r] = t[r] * w, ++r), ...);
      butterfly<radix>(t, y);
      for (std::size_t q = 0; q < radix; ++q)
        store_complex(out + complex_frame * s.after * s.before * q, y[q]);
    }
}

template <std::size_t radix>
void join_turned(const float* from, float* to, const FftStage& s, const float* w) {
  const Twiddle first(w + 2);
  if constexpr (radix == 2)
    join<2>(from, to, s, first);
  else if constexpr (radix == 3)
    join<3>(from, to, s, first, Twiddle(w + 4));
  else if constexpr (radix == 4)
    join<4>(from, to, s, first, Twiddle(w + 4), Twiddle(w + 6));
  else
    join<5>(from, to, s, first, Twiddle(w + 4), Twiddle(w + 6), Twiddle(w + 8));
}

template <std::size_t radix>
void stage(const float* from, float* to, const FftStage& s, const float* twiddles) {
  join<radix>(from, to, s);  // where they are all 1
  for (std::size_t k = 1; k < s.before; ++k)
    join_turned<radix>(from + complex_frame * s.k_step * k, to + complex_frame * s.after * k, s,
                       twiddles + 2 * k * radix);
}

void fft_stage(const float* from, float* to, const FftStage& s, const float* twiddles) {
  if (s.radix == 2)
    stage<2>(from, to, s, twiddles);
  else if (s.radix == 3)
    stage<3>(from, to, s, twiddles);
  else if (s.radix == 4)
    stage<4>(from, to, s, twiddles);
  else
    stage<5>(from, to, s, twiddles);
}

// Z_k = E_k + j O_k of the even and odd values: X_k = E_k + e^(-j 2 pi k / N) O_k.
void fft_split(const float* transformed, std::size_t half, const float* twiddles, std::size_t bins,
               float* out) {
  for (std::size_t k = 0; k < bins; ++k)
    for (std::size_t h = 0; h < frame; h += complex_width) {
      const Complex z = load_complex(transformed + complex_frame * k + h);
      const Complex m =
          conjugate(load_complex(transformed + complex_frame * (k == 0 ? 0 : half - k) + h));
      const Complex even = 0.5f * (z + m), odd = 0.5f * turned_back(z - m);
      store_complex(out + complex_frame * k + h, even + odd * Twiddle(twiddles + 2 * k));
    }
}

void group(const float* bins, const float* factor, std::size_t count, float* rms) {
  for (std::size_t h = 0; h < frame; h += width) {
    Vector sum{};
    for (std::size_t n = 0; n < count; ++n) {
      const Vector re = load(bins + complex_frame * n + h);
      const Vector im = load(bins + complex_frame * n + frame + h);
      sum += (factor[n] * factor[n]) * (re * re + im * im);
    }
    for (std::size_t l = 0; l < width; ++l) rms[h + l] = __builtin_sqrtf(sum[l]);
  }
}

// By the arc tangent of the smaller part over the larger one: a polynomial, within 1e-7.
void arguments(const float* re, const float* im, std::size_t count, float* radians) {
  constexpr float tangent[] = {
      0.9999999863667985f,   -0.3333309395827867f,  0.19993054130922525f,
      -0.14207133858570914f, 0.10654678222386192f,  -0.07533677875009244f,
      0.04303938973328914f,  -0.01628302166430417f, 0.0029035559803674334f};
  constexpr float half_turn = 3.14159265358979324f, tiny = 1e-37f;
  for (std::size_t n = 0; n < count; n += width) {
    const Vector x = load(re + n), y = load(im + n), zero{};
    const Vector width_x = larger(x, -x), width_y = larger(y, -y);
    const Vector most = larger(width_x, width_y),
                 ratio = smaller(width_x, width_y) / larger(most, zero + tiny);
    const Vector square = ratio * ratio;
    Vector sum = zero + tangent[8];
    for (int k = 7; k >= 0; --k) sum = sum * square + tangent[k];
    Vector angle = sum * ratio;
    angle = width_y > width_x ? half_turn / 2 - angle : angle;
    angle = x < zero ? half_turn - angle : angle;
    store(radians + n, y < zero ? -angle : angle);
  }
}

}  // namespace

extern const SpectrumKernels spectrum_kernels;
const SpectrumKernels spectrum_kernels{resample, fft_stage, fft_split, group, arguments};

}  // namespace polyphase::dsp::POLYPHASE_INSTRUCTION_SET
