#include "dsp/kernels.hpp"
#include "dsp/lane_vector.hpp"

namespace polyphase::dsp::POLYPHASE_INSTRUCTION_SET {
namespace {

constexpr std::size_t frame = 8;       // floats
constexpr std::size_t half_frame = 4;  // voltages
constexpr std::size_t double_width = width / 2;
using Doubles = double __attribute__((vector_size(8 * double_width)));

[[gnu::always_inline]] inline Doubles load_doubles(const double* from) {
  Doubles v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}
[[gnu::always_inline]] inline void store_doubles(double* to, const Doubles& v) {
  __builtin_memcpy(to, &v, sizeof v);
}

// The four lanes as doubles, written as wide as they will be read: narrower writes would stall it.
[[gnu::always_inline]] inline void add_doubles(const Vector4& v, const double* factor, double* out,
                                               double* total) {
  using Floats = float __attribute__((vector_size(4 * double_width)));
  for (std::size_t h = 0; h < half_frame; h += double_width) {
    Floats part;
    for (std::size_t l = 0; l < double_width; ++l) part[l] = v[h + l];
    const Doubles sum = __builtin_convertvector(part, Doubles);
    store_doubles(out + h, sum * load_doubles(factor + h));
    store_doubles(total + h, load_doubles(total + h) + sum);
  }
}

void square_sums(const float* x, std::size_t step, std::size_t count, const double* factor,
                 double* out, double* total) {
  for (std::size_t n = 0; n < count; ++n, x += step * frame, out += half_frame) {
    Vector4 sum{}, other{};  // so that additions need not wait for one another
    std::size_t i = 0;
    for (; i + 1 < step; i += 2) {
      const Vector4 a = load<Vector4>(x + i * frame), b = load<Vector4>(x + (i + 1) * frame);
      sum += a * a;
      other += b * b;
    }
    if (i < step) {
      const Vector4 a = load<Vector4>(x + i * frame);
      sum += a * a;
    }
    add_doubles(sum + other, factor, out, total);
  }
}

template <std::size_t sections>
void cascade_of(const Biquad* section, double* state, double* x, std::size_t count) {
  for (std::size_t h = 0; h < half_frame; h += double_width) {
    Doubles s1[sections], s2[sections];
    for (std::size_t k = 0; k < sections; ++k) {
      s1[k] = load_doubles(state + (2 * k) * half_frame + h);
      s2[k] = load_doubles(state + (2 * k + 1) * half_frame + h);
    }
    for (std::size_t n = 0; n < count; ++n) {
      Doubles v = load_doubles(x + n * half_frame + h);
      for (std::size_t k = 0; k < sections; ++k) {
        const Biquad& c = section[k];
        const Doubles y = c.b0 * v + s1[k];
        s1[k] = (c.b1 * v + s2[k]) - c.a1 * y;
        s2[k] = c.b2 * v - c.a2 * y;
        v = y;
      }
      store_doubles(x + n * half_frame + h, v);
    }
    for (std::size_t k = 0; k < sections; ++k) {
      store_doubles(state + (2 * k) * half_frame + h, s1[k]);
      store_doubles(state + (2 * k + 1) * half_frame + h, s2[k]);
    }
  }
}

// Three at a time keep their states in registers.
void cascade(const Biquad* section, std::size_t sections, double* state, double* x,
             std::size_t count) {
  for (; sections >= 3; sections -= 3, section += 3, state += 6 * half_frame)
    cascade_of<3>(section, state, x, count);
  for (; sections > 0; --sections, ++section, state += 2 * half_frame)
    cascade_of<1>(section, state, x, count);
}

void smooth_squares(const Biquad* section, double* state, const double* x, std::size_t count,
                    double* last) {
  const Biquad& c = *section;
  for (std::size_t h = 0; h < half_frame; h += double_width) {
    Doubles s1 = load_doubles(state + h), s2 = load_doubles(state + half_frame + h), y{};
    for (std::size_t n = 0; n < count; ++n) {
      const Doubles v = load_doubles(x + n * half_frame + h), square = v * v;
      y = c.b0 * square + s1;
      s1 = (c.b1 * square + s2) - c.a1 * y;
      s2 = c.b2 * square - c.a2 * y;
    }
    store_doubles(state + h, s1);
    store_doubles(state + half_frame + h, s2);
    store_doubles(last + h, y);
  }
}

}  // namespace

extern const FilterKernels filter_kernels;
const FilterKernels filter_kernels{square_sums, cascade, smooth_squares};

}  // namespace polyphase::dsp::POLYPHASE_INSTRUCTION_SET
