#pragma once

#include <cstddef>
#ifdef __SSE2__
#include <immintrin.h>
#endif

/// For kernels_*.cpp only: the machine's own vector, in a namespace per instruction set.
///
/// A vector wider than the machine's is split through memory and many times slower; so a kernel
/// runs over the eight lanes of a frame in steps of `width`.
namespace polyphase::dsp::POLYPHASE_INSTRUCTION_SET {

#ifdef __AVX__
inline constexpr std::size_t width = 8;
#else
inline constexpr std::size_t width = 4;
#endif
using Vector = float __attribute__((vector_size(4 * width)));
using Vector4 = float __attribute__((vector_size(16)));  ///< half a frame: voltages or currents

#ifdef __AVX512F__
using Vector16 = float __attribute__((vector_size(64)));  ///< two frames, or a complex one

[[gnu::always_inline]] inline Vector lower(const Vector16& v) {
  return __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
}
[[gnu::always_inline]] inline Vector upper(const Vector16& v) {
  return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
}
[[gnu::always_inline]] inline Vector16 swapped(const Vector16& v) {
  return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}
#endif

template <class V = Vector>
[[gnu::always_inline]] inline V load(const float* from) {
  V v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

template <class V>
[[gnu::always_inline]] inline void store(float* to, const V& v) {
  __builtin_memcpy(to, &v, sizeof v);
}

[[gnu::always_inline]] inline Vector smaller(Vector a, Vector b) {
#if defined(__AVX__)
  return _mm256_min_ps(a, b);
#elif defined(__SSE2__)
  return _mm_min_ps(a, b);
#else
  return a < b ? a : b;
#endif
}

[[gnu::always_inline]] inline Vector larger(Vector a, Vector b) {
#if defined(__AVX__)
  return _mm256_max_ps(a, b);
#elif defined(__SSE2__)
  return _mm_max_ps(a, b);
#else
  return a > b ? a : b;
#endif
}

}  // namespace polyphase::dsp::POLYPHASE_INSTRUCTION_SET
