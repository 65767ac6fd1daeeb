// Stockham, decimation in time: a stage that joins `radix` transforms of length `before` takes
//   y[(k + q before) after + j] = sum_r  w^(r (k + q before)) x[(r after' ... )]
// with w = e^(-j 2 pi / (before radix)); written below with explicit indices.
#include "dsp/fft.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "base/contract.hpp"

namespace polyphase::dsp {
namespace {

constexpr std::size_t radix_max = 5;

// out = a * (re + j im)
inline void multiply(const LaneComplex& a, float re, float im, LaneComplex& out) {
  for (std::size_t l = 0; l < lanes; ++l) {
    const float x = a.re[l] * re - a.im[l] * im;
    const float y = a.re[l] * im + a.im[l] * re;
    out.re[l] = x;
    out.im[l] = y;
  }
}

inline void butterfly_2(const LaneComplex* t, LaneComplex* const* y) {
  for (std::size_t l = 0; l < lanes; ++l) {
    y[0]->re[l] = t[0].re[l] + t[1].re[l];
    y[0]->im[l] = t[0].im[l] + t[1].im[l];
    y[1]->re[l] = t[0].re[l] - t[1].re[l];
    y[1]->im[l] = t[0].im[l] - t[1].im[l];
  }
}

inline void butterfly_4(const LaneComplex* t, LaneComplex* const* y) {
  for (std::size_t l = 0; l < lanes; ++l) {
    const float sr = t[0].re[l] + t[2].re[l], si = t[0].im[l] + t[2].im[l];
    const float dr = t[0].re[l] - t[2].re[l], di = t[0].im[l] - t[2].im[l];
    const float ur = t[1].re[l] + t[3].re[l], ui = t[1].im[l] + t[3].im[l];
    const float vr = t[1].re[l] - t[3].re[l], vi = t[1].im[l] - t[3].im[l];
    y[0]->re[l] = sr + ur;
    y[0]->im[l] = si + ui;
    y[1]->re[l] = dr + vi;
    y[1]->im[l] = di - vr;
    y[2]->re[l] = sr - ur;
    y[2]->im[l] = si - ui;
    y[3]->re[l] = dr - vi;
    y[3]->im[l] = di + vr;
  }
}

constexpr float sin_60 = 0.866025403784438647f;

inline void butterfly_3(const LaneComplex* t, LaneComplex* const* y) {
  for (std::size_t l = 0; l < lanes; ++l) {
    const float sr = t[1].re[l] + t[2].re[l], si = t[1].im[l] + t[2].im[l];
    const float dr = sin_60 * (t[1].re[l] - t[2].re[l]), di = sin_60 * (t[1].im[l] - t[2].im[l]);
    const float mr = t[0].re[l] - 0.5f * sr, mi = t[0].im[l] - 0.5f * si;
    y[0]->re[l] = t[0].re[l] + sr;
    y[0]->im[l] = t[0].im[l] + si;
    y[1]->re[l] = mr + di;
    y[1]->im[l] = mi - dr;
    y[2]->re[l] = mr - di;
    y[2]->im[l] = mi + dr;
  }
}

constexpr float cos_72 = 0.309016994374947424f, cos_144 = -0.809016994374947424f;
constexpr float sin_72 = 0.951056516295153572f, sin_144 = 0.587785252292473129f;

inline void butterfly_5(const LaneComplex* t, LaneComplex* const* y) {
  for (std::size_t l = 0; l < lanes; ++l) {
    const float ar = t[1].re[l] + t[4].re[l], ai = t[1].im[l] + t[4].im[l];
    const float br = t[2].re[l] + t[3].re[l], bi = t[2].im[l] + t[3].im[l];
    const float cr = t[1].re[l] - t[4].re[l], ci = t[1].im[l] - t[4].im[l];
    const float dr = t[2].re[l] - t[3].re[l], di = t[2].im[l] - t[3].im[l];
    const float er = t[0].re[l] + cos_72 * ar + cos_144 * br, ei = t[0].im[l] + cos_72 * ai + cos_144 * bi;
    const float fr = t[0].re[l] + cos_144 * ar + cos_72 * br, fi = t[0].im[l] + cos_144 * ai + cos_72 * bi;
    const float gr = sin_72 * cr + sin_144 * dr, gi = sin_72 * ci + sin_144 * di;
    const float hr = sin_144 * cr - sin_72 * dr, hi = sin_144 * ci - sin_72 * di;
    y[0]->re[l] = t[0].re[l] + ar + br;
    y[0]->im[l] = t[0].im[l] + ai + bi;
    y[1]->re[l] = er + gi;
    y[1]->im[l] = ei - gr;
    y[2]->re[l] = fr + hi;
    y[2]->im[l] = fi - hr;
    y[3]->re[l] = fr - hi;
    y[3]->im[l] = fi + hr;
    y[4]->re[l] = er - gi;
    y[4]->im[l] = ei + gr;
  }
}

}  // namespace

RealFft::RealFft(std::size_t length) : half_(length / 2) {
  EXPECTS(length % 2 == 0 && length > 0);
  std::size_t rest = half_, before = 1;
  for (const std::size_t radix : {4u, 2u, 3u, 5u})
    while (rest % radix == 0) {
      rest /= radix;
      stages_.push_back({radix, before, rest, twiddles_.size()});
      for (std::size_t k = 0; k < before; ++k)
        for (std::size_t r = 0; r < radix; ++r) {
          const double angle = -2 * std::numbers::pi * static_cast<double>(k * r) / static_cast<double>(before * radix);
          twiddles_.push_back({static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))});
        }
      before *= radix;
    }
  EXPECTS(rest == 1);
  for (std::size_t k = 0; k <= half_; ++k) {
    const double angle = -std::numbers::pi * static_cast<double>(k) / static_cast<double>(half_);
    split_twiddles_.push_back({static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))});
  }
  a_.resize(half_);
  b_.resize(half_);
}

// Input of the stage: index (k, r, j) -> ((k * radix) + r) ... kept as k-major blocks of `before`
// transforms: from[(r * after + j) + radix * after * k]; output to[j + after * (k + before * q)].
void RealFft::run(const Stage& stage, const LaneComplex* from, LaneComplex* to) const noexcept {
  const auto [radix, before, after, first] = stage;
  std::array<LaneComplex, radix_max> t;
  std::array<LaneComplex*, radix_max> y;
  for (std::size_t k = 0; k < before; ++k) {
    const Twiddle* w = &twiddles_[first + k * radix];
    for (std::size_t j = 0; j < after; ++j) {
      const LaneComplex* x = from + radix * after * k + j;
      t[0] = x[0];
      for (std::size_t r = 1; r < radix; ++r) multiply(x[r * after], w[r].re, w[r].im, t[r]);
      for (std::size_t q = 0; q < radix; ++q) y[q] = to + j + after * (k + before * q);
      switch (radix) {
        case 2: butterfly_2(t.data(), y.data()); break;
        case 3: butterfly_3(t.data(), y.data()); break;
        case 4: butterfly_4(t.data(), y.data()); break;
        default: butterfly_5(t.data(), y.data()); break;
      }
    }
  }
}

void RealFft::transform(std::span<const LaneFrame> x, std::span<LaneComplex> spectrum) noexcept {
  EXPECTS(x.size() == 2 * half_ && spectrum.size() <= half_);
  for (std::size_t n = 0; n < half_; ++n) {
    a_[n].re = x[2 * n];
    a_[n].im = x[2 * n + 1];
  }
  LaneComplex* from = a_.data();
  LaneComplex* to = b_.data();
  for (const Stage& stage : stages_) {
    run(stage, from, to);
    std::swap(from, to);
  }
  // Z_k = E_k + j O_k of the even and odd samples: X_k = E_k + e^(-j 2 pi k / N) O_k.
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const LaneComplex& z = from[k];
    const LaneComplex& m = from[k == 0 ? 0 : half_ - k];
    const Twiddle w = split_twiddles_[k];
    for (std::size_t l = 0; l < lanes; ++l) {
      const float even_re = 0.5f * (z.re[l] + m.re[l]), even_im = 0.5f * (z.im[l] - m.im[l]);
      const float odd_re = 0.5f * (z.im[l] + m.im[l]), odd_im = 0.5f * (m.re[l] - z.re[l]);
      spectrum[k].re[l] = even_re + w.re * odd_re - w.im * odd_im;
      spectrum[k].im[l] = even_im + w.re * odd_im + w.im * odd_re;
    }
  }
}

}  // namespace polyphase::dsp
